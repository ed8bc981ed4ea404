import type { LoggingCommand } from './logging-command.ts';
import { requiredProperty, type CommandTable, type StepContext } from './step-context.ts';
import { parseTaskResult } from './step-result.ts';

/** Commands by which a step tells how it goes. */
export const reportCommands: CommandTable = {
  'task.complete': ({ properties }, step) => {
    const result = parseTaskResult(properties['result']);
    if (result === undefined) throw new Error(`'${properties['result'] ?? ''}' is not a valid result of a task.`);
    step.complete(result);
  },
  'task.logissue': logIssue,
  // task-lib still writes this older name.
  'task.issue': logIssue,
  'task.debug': ({ data }, { transcript }) => {
    transcript.debug(data);
  },
  'task.setprogress': ({ properties, data }, { name, job }) => {
    const percent = Number.parseInt(properties['value'] ?? '', 10) || 0;
    job.record.progress.push({ step: name, percent: Math.min(Math.max(percent, 0), 100), operation: data });
  },
  'task.logdetail': logDetail,
  'telemetry.publish': (command, { job }) => {
    const [area, feature] = [requiredProperty(command, 'area'), requiredProperty(command, 'feature')];
    JSON.parse(command.data);
    job.record.telemetry.push({ area, feature, data: command.data });
  },
};

function logIssue(command: LoggingCommand, { transcript }: StepContext): void {
  const type = command.properties['type']?.toLowerCase();
  if (type === undefined) {
    transcript.violation("Can't create an issue from a logging command without type.");
  } else if (type === 'error' || type === 'warning') {
    transcript.issue(type, command.data);
  } else {
    throw new Error(`issue type ${type} is not an expected issue type.`);
  }
}

function logDetail(command: LoggingCommand, { job }: StepContext): void {
  const id = requiredProperty(command, 'id').toLowerCase();
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(id)) throw new Error(`'${id}' is no timeline record id.`);
  const known = job.record.details.get(id);
  if (known === undefined) {
    for (const name of ['name', 'type']) requiredProperty(command, name);
  }
  const parent = command.properties['parentid']?.toLowerCase();
  if (parent !== undefined && known === undefined && !job.record.details.has(parent)) {
    throw new Error(`Parent timeline record '${parent}' has not been created.`);
  }
  job.record.details.set(id, { ...known, ...command.properties, operation: command.data });
}
