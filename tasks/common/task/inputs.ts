import { unescape } from 'node:querystring';
import * as tl from 'azure-pipelines-task-lib/task.js';
import { TaskError } from './outcome.ts';
import { maskSecret, quietly } from './secrets.ts';

/** A macro that is still there: the agent leaves `$(name)` as it is when no such variable exists. */
const unknownMacro = /\$\([^()]+\)/;

/**
 * Reads the step's inputs; `inputs.gen.ts` of each task says which, with their types and defaults from task.json. The
 * agent fills in the defaults of inputs that are not given, but not of those that are given empty.
 */
export class InputReader {
  /** The trimmed value, or undefined when it was left empty. */
  text(name: string): string | undefined {
    const value = filled(name);
    const macro = unknownMacro.exec(value ?? '')?.[0];
    if (value === undefined || macro === undefined) return value;
    // Of several lines one may hold what is better not shown.
    const seen = /[\r\n]/.test(value) ? `holds ${macro}` : `is '${value}'`;
    throw notReplaced(`${name} ${seen}`, value === macro ? 'which' : `where ${macro}`);
  }

  /**
   * A value that no log may show, not even as a debug line.
   * @throws TaskError when it has several lines, or is an expression that stands where none is evaluated.
   */
  secret(name: string): string | undefined {
    const value = quietly(() => filled(name));
    if (value === undefined) return undefined;
    // A password may well have such characters within.
    if (unknownMacro.exec(value)?.[0] === value) throw notReplaced(`${name} is '${value}'`, 'which');
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

  /**
   * A text that may hold `$(name)` of its own, as the arguments of a container do, and secrets, which no debug line shows. Not
   * trimmed: the agent did that before it put variables in, one of which may begin or end with a blank or a line end.
   */
  literal(name: string): string | undefined {
    const value = quietly(() => tl.getInput(name));
    return value === undefined || value.trim() === '' ? undefined : value;
  }

  /** An address or other text; user and password of an address are masked before anything can print them. */
  address(name: string): string | undefined {
    const value = quietly(() => filled(name));
    const macro = unknownMacro.exec(value ?? '')?.[0];
    if (macro !== undefined) throw notReplaced(`${name} holds ${macro}`, 'which');
    const { username = '', password = '' } = value !== undefined && URL.canParse(value) ? new URL(value) : {};
    // Some servers take a token in the place of the user, without a password.
    const secret = password === '' ? username : password;
    for (const form of new Set([secret, unescape(secret)])) maskSecret(form);
    return value;
  }

  /** @throws TaskError when the input is empty. */
  requiredText(name: string): string {
    const value = this.text(name);
    if (value !== undefined) return value;
    throw new TaskError(
      `Input ${name} is empty; the task cannot run without it. An output expression that finds nothing is empty, too: ` +
        'check the step name in it, and that the job or stage depends on the one that sets the output (dependsOn).',
    );
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

function filled(name: string): string | undefined {
  return tl.getInput(name)?.trim() || undefined;
}

function notReplaced(seen: string, what: string): TaskError {
  return new TaskError(
    `Input ${seen}, ${what} was not replaced: this job has no variable, variable of a group or output of that name. ` +
      'Check its spelling, that the pipeline names the variable group, and the step name before the dot. Outputs of ' +
      'other jobs and stages come by an expression, which is empty when it finds nothing (step name, dependsOn).',
  );
}

/**
 * A value with the input that gives it, or would give it. Messages of shared code name no input but such ones: a task
 * passes what it has, so nobody is told to change an input that the step does not know.
 */
export interface Given<Value> {
  readonly input: string;
  readonly value: Value;
}

/** An input of a task, by its name. */
export function given<Inputs extends object, Name extends keyof Inputs & string>(
  inputs: Inputs,
  input: Name,
): Given<Inputs[Name]> {
  return { input, value: inputs[input] };
}
