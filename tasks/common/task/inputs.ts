import { unescape } from 'node:querystring';
import * as tl from 'azure-pipelines-task-lib/task.js';
import { TaskError } from './outcome.ts';
import { maskSecret, quietly } from './secrets.ts';

/**
 * A value that is still a macro, or a path that ends in one (the agent puts a folder before each relative path): the
 * agent leaves `$(name)` as it is when no such variable exists.
 */
const unknownMacro = /(?:^|[/\\])\$\([\w. -]+\)$/;

/**
 * Reads the step's inputs; `inputs.gen.ts` of each task says which, with their types and defaults from task.json. The
 * agent fills in the defaults of inputs that are not given, but not of those that are given empty.
 */
export class InputReader {
  /** The trimmed value, or undefined when it was left empty. */
  text(name: string): string | undefined {
    const value = tl.getInput(name)?.trim() ?? '';
    if (unknownMacro.test(value)) {
      throw new TaskError(
        `Input ${name} is '${value}', so no variable of that name exists here. ` +
          'Check the step name before the dot, or that the step ran in this job.',
      );
    }
    return value === '' ? undefined : value;
  }

  /**
   * A value that no log may show, not even as a debug line.
   * @throws TaskError when it has several lines, or is an expression that stands where none is evaluated.
   */
  secret(name: string): string | undefined {
    const value = quietly(() => this.text(name));
    if (value === undefined) return undefined;
    if (/^\$\[.*\]$|^\$\{\{.*\}\}$/.test(value)) {
      throw new TaskError(
        `Input ${name} is the expression '${value}' itself, which is not evaluated there: use $(name) of a variable.`,
      );
    }
    if (/[\r\n]/.test(value)) {
      throw new TaskError(`Input ${name} has several lines; give a secret of one line, which the agent can mask.`);
    }
    maskSecret(value);
    return value;
  }

  /** An address or other text; user and password of an address are masked before anything can print them. */
  address(name: string): string | undefined {
    const value = quietly(() => this.text(name));
    const { username = '', password = '' } = value !== undefined && URL.canParse(value) ? new URL(value) : {};
    // Some servers take a token in the place of the user, without a password.
    const secret = password === '' ? username : password;
    for (const form of new Set([secret, unescape(secret)])) maskSecret(form);
    return value;
  }

  /** @throws TaskError when the input is empty. */
  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new TaskError(`Input ${name} is empty; the task cannot run without it.`);
    return value;
  }

  /** @throws TaskError when the value is neither true nor false. */
  flag(name: string, byDefault: boolean): boolean {
    const value = this.text(name) ?? String(byDefault);
    if (!/^(true|false)$/i.test(value)) throw new TaskError(`Input ${name} is '${value}'; it takes true or false.`);
    return value.toLowerCase() === 'true';
  }

  /** @throws TaskError when the value is not a whole number of at least 1, or is empty and has no default. */
  wholeNumber(name: string, byDefault?: number): number {
    const value = byDefault === undefined ? this.requiredText(name) : (this.text(name) ?? String(byDefault));
    if (!/^[1-9]\d{0,8}$/.test(value)) {
      throw new TaskError(`Input ${name} is '${value}'; it takes a whole number from 1.`);
    }
    return Number(value);
  }

  /** One of the pick list's values, as task.json writes it. @throws TaskError for any other value. */
  choice<Option extends string>(name: string, options: readonly Option[], byDefault?: NoInfer<Option>): Option {
    const value = byDefault === undefined ? this.requiredText(name) : (this.text(name) ?? byDefault);
    const found = options.find((option) => option.toLowerCase() === value.toLowerCase());
    if (found === undefined) {
      throw new TaskError(`Input ${name} is '${value}'; it takes one of: ${options.join(', ')}.`);
    }
    return found;
  }
}
