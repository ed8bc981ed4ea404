import { isApproval, listIn, mappingOf, type Settings } from './check-form.ts';
import { type CheckKind, defaultTimeout } from './check-kinds.ts';
import type { GivenCheck } from './configurations.ts';

const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const repositoryTypes = ['git', 'github', 'githubenterprise', 'bitbucket'];
const longest = 43_200;

/** Why the service refuses a check of this form, in words of our own as its are not known; undefined: it does not. */
export function faultOf(kind: CheckKind, given: GivenCheck): string | undefined {
  const { settings = {}, timeout = defaultTimeout(kind) } = given;
  if (kind !== 'template' && !(Number.isInteger(timeout) && timeout >= 1 && timeout <= longest)) {
    return `The timeout ${timeout} is not between 1 and ${longest} minutes.`;
  }
  if (isApproval(kind)) return faultOfApproval(settings);
  if (kind === 'template') return faultOfTemplates(settings);
  return kind === 'lock' ? undefined : faultOfTask(kind, settings);
}

function faultOfApproval(settings: Settings): string | undefined {
  const approvers = listIn(settings, 'approvers').map((each) => mappingOf(each)['id']);
  if (approvers.length === 0) return 'An approval needs approvers.';
  if (!approvers.every((id) => typeof id === 'string' && id !== '')) return 'An approver has no id.';
  const { minRequiredApprovers: minimum = 0 } = settings;
  if (typeof minimum === 'number' && minimum >= 0 && minimum <= approvers.length) return undefined;
  return `minRequiredApprovers is ${String(minimum)}, of ${approvers.length} approvers.`;
}

function faultOfTemplates(settings: Settings): string | undefined {
  const templates = listIn(settings, 'extendsChecks').map(mappingOf);
  if (templates.length === 0) return 'A required template check needs extendsChecks.';
  const names = ['repositoryType', 'repositoryName', 'repositoryRef', 'templatePath'];
  const missing = names.find((name) => !templates.every((each) => isText(each[name])));
  if (missing !== undefined) return `A required template has no ${missing}.`;
  const types = templates.map((each) => String(each['repositoryType']));
  const unknown = types.find((type) => !repositoryTypes.includes(type));
  return unknown === undefined ? undefined : `The repository type ${unknown} is not known.`;
}

function faultOfTask(kind: CheckKind, settings: Settings): string | undefined {
  const { name, version } = mappingOf(settings['definitionRef']);
  if (!isText(name) || !isText(version)) return 'The definitionRef of a task check needs a name and a version.';
  return kind === 'businessHours' ? faultOfHours(mappingOf(settings['inputs'])) : undefined;
}

function faultOfHours(inputs: Settings): string | undefined {
  const [businessDays = '', timeZone = '', ...times] = ['businessDays', 'timeZone', 'startTime', 'endTime'].map(
    (name) => {
      const input = inputs[name];
      return isText(input) ? input : '';
    },
  );
  const unknown = businessDays.split(',').find((day) => !days.includes(day.trim()));
  if (unknown !== undefined) return `The business day '${unknown.trim()}' is not known.`;
  if (timeZone === '') return 'Business hours need a time zone.';
  const wrong = times.find((time) => !/^(?:[01]\d|2[0-3]):[0-5]\d$/.test(time));
  return wrong === undefined ? undefined : `The time '${wrong}' is not of the form HH:MM.`;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
