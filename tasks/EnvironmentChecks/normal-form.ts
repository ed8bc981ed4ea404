import { listOf, type Values } from '../common/devops/rest.ts';
import { isMapping } from '../common/go/mapping.ts';
import { type CheckKey, checkKinds } from './kinds.ts';

/**
 * A check as its fields, each a text in one form: what the service writes otherwise without another meaning is the same here
 * (defaults left out, case of ids and booleans, order and blanks of lists).
 */
export type NormalForm = Readonly<Record<string, string>>;

/** Of a check as the service tells of it, or as we would send it. */
export function normalForm(key: CheckKey, check: Values): NormalForm {
  const settings = isMapping(check['settings']) ? check['settings'] : {};
  const { timeout: usual } = checkKinds[key];
  const { timeout = usual, isDisabled } = check;
  return {
    ...fieldsOf(key, settings),
    ...(usual !== undefined && { timeout: textOf(timeout ?? usual) }),
    ...(isTrue(isDisabled) && { state: 'switched off' }),
  };
}

/** The names of the fields in which two differ. */
export function differingFields(wanted: NormalForm, found: NormalForm): string[] {
  const names = new Set([...Object.keys(wanted), ...Object.keys(found)]);
  return [...names].filter((name) => wanted[name] !== found[name]);
}

function fieldsOf(key: CheckKey, settings: Values): NormalForm {
  if (key === 'branches') return branchFields(inputsOf(settings));
  if (key === 'businessHours') return hourFields(inputsOf(settings));
  if (key === 'requiredTemplates') return { templates: sorted(listOf(settings['extendsChecks']).map(templateText)) };
  return key === 'exclusiveLock' ? {} : approvalFields(settings);
}

function approvalFields(settings: Values): NormalForm {
  const approvers = idsOf(settings['approvers']);
  const blocked = idsOf(settings['blockedApprovers']);
  // One approver is asked in no order; bodies of old have numbers.
  const isInSequence = approvers.length > 1 && ['insequence', '2'].includes(lower(settings['executionOrder']));
  const minimum = Number(settings['minRequiredApprovers'] ?? 0);
  // None means all.
  const isAll = minimum === 0 || minimum === approvers.length;
  return {
    approvers: isInSequence ? approvers.join(', ') : sorted(approvers),
    order: isInSequence ? 'inSequence' : 'anyOrder',
    minimum: isAll ? 'all' : String(minimum),
    instructions: textOf(settings['instructions'] ?? '')
      .replaceAll('\r\n', '\n')
      .trim(),
    requesterCannotApprove: String(isTrue(settings['requesterCannotBeApprover'])),
    ...(blocked.length > 0 && { blockedApprovers: sorted(blocked) }),
  };
}

function branchFields(inputs: Values): NormalForm {
  const requireProtection = isTrue(inputs['ensureProtectionOfBranch']);
  return {
    allowed: sorted(split(inputs['allowedBranches'])),
    requireProtection: String(requireProtection),
    // The service does not keep it where it has no meaning.
    ...(requireProtection && { allowUnknownProtection: String(isTrue(inputs['allowUnknownStatusBranch'])) }),
  };
}

function hourFields(inputs: Values): NormalForm {
  return {
    days: sorted(split(inputs['businessDays'])),
    timeZone: textOf(inputs['timeZone'] ?? 'UTC').trim(),
    from: timeText(inputs['startTime']),
    to: timeText(inputs['endTime']),
  };
}

function templateText(template: Values): string {
  const type = lower(template['repositoryType'] ?? 'git').replace('azuregit', 'git');
  const [repository, ref, path] = ['repositoryName', 'repositoryRef', 'templatePath'].map((name) =>
    textOf(template[name] ?? ''),
  );
  return `${path}@${repository} (${type}, ${ref})`;
}

/** The ids of a list of identities, in lower case. */
export const idsOf = (identities: unknown): string[] => listOf(identities).map(({ id }) => lower(id));

const inputsOf = (settings: Values): Values => (isMapping(settings['inputs']) ? settings['inputs'] : {});

const split = (list: unknown): string[] =>
  textOf(list ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

const sorted = (items: readonly string[]): string => [...new Set(items)].sort().join(', ');

const lower = (value: unknown): string => textOf(value).trim().toLowerCase();

const isTrue = (value: unknown): boolean => lower(value) === 'true';

/** `8:00` and `08:00:00` are `08:00`. */
function timeText(value: unknown): string {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})(?::00)?$/.exec(textOf(value).trim()) ?? [];
  return hours === undefined ? textOf(value) : `${hours.padStart(2, '0')}:${minutes}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
