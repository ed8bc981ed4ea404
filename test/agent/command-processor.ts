import { parseLoggingCommand, type LoggingCommand } from './logging-command.ts';
import { reportCommands } from './report-commands.ts';
import type { CommandTable, StepContext } from './step-context.ts';
import { uploadCommands } from './upload-commands.ts';
import { variableCommands } from './variable-commands.ts';

const effects: CommandTable = { ...variableCommands, ...reportCommands, ...uploadCommands };
const areas = new Set(Object.keys(effects).map((name) => name.slice(0, name.indexOf('.'))));

/** Reads the lines of a step: writes them to its log, or carries out the command in them. */
export class CommandProcessor {
  readonly commands: LoggingCommand[] = [];
  readonly #step: StepContext;

  constructor(step: StepContext) {
    this.#step = step;
  }

  /** A line that holds a command is not shown; one that looks like a command and is none is shown after a warning. */
  line(text: string): void {
    const { transcript } = this.#step;
    const command = parseLoggingCommand(text);
    if (command === 'illegal') {
      transcript.violation(`'${text}' contains logging command keyword '##vso', but it's not a legal command.`);
    }
    if (command === 'illegal' || command === 'none') {
      transcript.output(text);
      return;
    }
    this.commands.push(command);
    this.#carryOut(command);
  }

  #carryOut(command: LoggingCommand): void {
    const { transcript, restrictions } = this.#step;
    const { area, event, line } = command;
    if (!areas.has(area)) {
      transcript.violation(`Cannot find command extension for ##vso[${area}.command].`);
      return;
    }
    for (const piece of command.dropped) transcript.violations.push(`'${piece}' in '${line}' is no property.`);
    try {
      const effect = Object.hasOwn(effects, `${area}.${event}`) ? effects[`${area}.${event}`] : undefined;
      if (effect === undefined) throw new Error(`##vso[${area}.${event}] is not a recognized command.`);
      if (restrictions.allowsCommand(area, event)) effect(command, this.#step);
      else transcript.violation(`##vso[${area}.${event}] is not allowed in this step due to policy restrictions.`);
    } catch (error) {
      this.#fail(line, error);
    }
    if (event !== 'debug') transcript.debug(`Processed: ${line}`);
  }

  #fail(line: string, error: unknown): void {
    const { transcript } = this.#step;
    const reason = error instanceof Error ? error.message : String(error);
    transcript.violations.push(`Unable to process command '${line}': ${reason}`);
    transcript.issue('error', `Unable to process command '${line}' successfully.`);
    transcript.issue('error', reason);
    this.#step.complete('Failed');
  }
}
