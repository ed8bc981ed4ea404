import * as tl from 'azure-pipelines-task-lib/task.js';
import { TaskError } from './errors.ts';

/** A whole value that is still a macro: the agent leaves `$(name)` as it is when no such variable exists. */
const unknownMacro = /^\$\([^()]+\)$/;

/** Reads the step's inputs; `inputs.gen.ts` of each task says which, with their types from task.json. */
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

  /** @throws TaskError when the input is empty. */
  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new TaskError(`Input ${name} is empty; the task cannot run without it.`);
    return value;
  }

  /** @throws TaskError when the value is neither true nor false. */
  flag(name: string): boolean {
    const value = this.text(name)?.toLowerCase() ?? 'false';
    if (value !== 'true' && value !== 'false') {
      throw new TaskError(`Input ${name} is '${value}'; it takes true or false.`);
    }
    return value === 'true';
  }

  /** @throws TaskError when the value is not a whole number of at least 1. */
  wholeNumber(name: string): number {
    const value = this.requiredText(name);
    if (!/^[1-9]\d{0,8}$/.test(value)) {
      throw new TaskError(`Input ${name} is '${value}'; it takes a whole number from 1.`);
    }
    return Number(value);
  }

  /** One of the pick list's values, as task.json writes it. @throws TaskError for any other value. */
  choice<Option extends string>(name: string, options: readonly Option[]): Option {
    const value = this.requiredText(name);
    const found = options.find((option) => option.toLowerCase() === value.toLowerCase());
    if (found === undefined) {
      throw new TaskError(`Input ${name} is '${value}'; it takes one of: ${options.join(', ')}.`);
    }
    return found;
  }
}
