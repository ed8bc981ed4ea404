import type { LoggingCommand } from './logging-command.ts';
import { requiredProperty, type CommandTable, type StepContext } from './step-context.ts';

/** Commands that change variables, secrets and PATH of later steps. */
export const variableCommands: CommandTable = {
  'task.setvariable': setVariable,
  'task.settaskvariable': setTaskVariable,
  'task.setsecret': ({ data }, { job }) => {
    if (data === '') return;
    job.masker.add(data);
    job.declaredSecrets.add(data);
  },
  'task.prependpath': ({ data }, step) => {
    if (data === '') throw new Error('Unable to process ##vso[task.prependpath]: the folder is missing.');
    if (!maySet('PATH', step)) return;
    const { prependedPaths } = step.job;
    const known = prependedPaths.indexOf(data);
    if (known >= 0) prependedPaths.splice(known, 1);
    prependedPaths.push(data);
  },
};

function setVariable(command: LoggingCommand, step: StepContext): void {
  const { variables } = step.job;
  const name = requiredProperty(command, 'variable');
  const secret = flag(command, 'issecret', step);
  const readOnly = flag(command, 'isreadonly', step);
  const preserveCase = flag(command, 'preservecase', step);
  const isOutput = flag(command, 'isoutput', step);
  if (variables.find(name)?.readOnly === true) {
    step.transcript.violation(`Overwriting readonly variable '${name}'. This behavior will be disabled in the future.`);
  }
  if (secret) refuseMultiLine(command, step);
  if (!maySet(name, step)) return;
  if (!isOutput && !step.declaredOutputs.has(name.toLowerCase())) {
    variables.set(name, command.data, { secret, readOnly, preserveCase });
    return;
  }
  step.outputs.set(name, command.data);
  variables.set(`${step.name}.${name}`, command.data, { secret, readOnly: isOutput || readOnly, preserveCase });
}

function setTaskVariable(command: LoggingCommand, step: StepContext): void {
  const name = requiredProperty(command, 'variable');
  const secret = flag(command, 'issecret', step);
  const readOnly = flag(command, 'isreadonly', step);
  if (secret) refuseMultiLine(command, step);
  step.taskVariables.set(name, command.data, { secret, readOnly });
}

function refuseMultiLine({ data }: LoggingCommand, { job }: StepContext): void {
  const allowed = job.variables.get('SYSTEM_UNSAFEALLOWMULTILINESECRET')?.toLowerCase() === 'true';
  if (/[\r\n]/.test(data) && !allowed) {
    throw new Error('Secrets cannot contain multiple lines.');
  }
}

function maySet(name: string, { restrictions, transcript }: StepContext): boolean {
  if (restrictions.allowsVariable(name)) return true;
  transcript.violation(`Setting variable '${name}' has been disabled by the task or build definition.`);
  return false;
}

/** The agent takes anything but `true` for false; a task that writes something else means something else. */
function flag({ properties }: LoggingCommand, name: string, { transcript }: StepContext): boolean {
  const text = (properties[name] ?? 'false').trim().toLowerCase();
  if (text !== 'true' && text !== 'false') transcript.violation(`Property ${name} is '${text}', not true or false.`);
  return text === 'true';
}
