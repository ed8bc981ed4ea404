import type { Values } from '../common/devops/rest.ts';
import type {
  ApprovalEntry,
  ApprovalsEntry,
  BranchesEntry,
  EnvironmentEntry,
  TemplateEntry,
} from './environments-file.ts';
import { type CheckKey, checkKeys, checkKinds } from './kinds.ts';

/** What a check must be: the part of the service's body that the file decides. */
export interface WantedCheck {
  readonly settings: Values;
  /** Minutes; undefined where the kind has none. */
  readonly timeout?: number;
}

/** For each check that the file manages what it must be; `none` where there must be none. */
export type WantedChecks = ReadonlyMap<CheckKey, WantedCheck | 'none'>;

/** @param idOf gives the identity that an approver's name means */
export function wantedChecks(entry: EnvironmentEntry, idOf: (approver: string) => string): WantedChecks {
  const wanted = checkKeys.map((key) => [key, wantedCheck(key, entry, idOf)] as const);
  return new Map(wanted.flatMap(([key, check]) => (check === undefined ? [] : [[key, check] as const])));
}

function wantedCheck(
  key: CheckKey,
  entry: EnvironmentEntry,
  idOf: (approver: string) => string,
): WantedCheck | 'none' | undefined {
  const value = entry[key];
  if (value === undefined) return undefined;
  if (value === false || (Array.isArray(value) && value.length === 0)) return 'none';
  if (key === 'branches') return branches(entry.branches);
  if (key === 'businessHours') return businessHours(entry.businessHours);
  if (key === 'requiredTemplates')
    return { settings: { extendsChecks: (entry.requiredTemplates || []).map(template) } };
  if (key === 'exclusiveLock') return { settings: {}, timeout: timeoutOf(key, lockTimeout(entry.exclusiveLock)) };
  return approval(key, entry[key] ?? false, idOf);
}

function approval(
  key: 'approvals' | 'preApprovals' | 'postApprovals',
  entry: ApprovalsEntry,
  idOf: (approver: string) => string,
): WantedCheck {
  const given: ApprovalEntry = entry && 'approvers' in entry ? entry : { approvers: entry || [] };
  const { approvers, order = 'anyOrder', minimum = 0, instructions = '', timeout } = given;
  return {
    settings: {
      approvers: approvers.map((name) => ({ id: idOf(name) })),
      blockedApprovers: [],
      executionOrder: order,
      instructions,
      // Where it says the same, 0: the service has refused to change a check of one approver to 1.
      minRequiredApprovers: minimum === approvers.length ? 0 : minimum,
      requesterCannotBeApprover: given.requesterCannotApprove ?? false,
      definitionRef: checkKinds[key].definition,
    },
    timeout: timeoutOf(key, timeout),
  };
}

function branches(entry: EnvironmentEntry['branches']): WantedCheck {
  const given: BranchesEntry = entry && 'allowed' in entry ? entry : { allowed: entry || [] };
  const { allowed, requireProtection = false, allowUnknownProtection = false, timeout } = given;
  return taskCheck('branches', timeout, {
    allowedBranches: allowed.join(','),
    ensureProtectionOfBranch: String(requireProtection),
    allowUnknownStatusBranch: String(allowUnknownProtection),
  });
}

function businessHours(entry: EnvironmentEntry['businessHours']): WantedCheck {
  if (!entry || !('days' in entry)) return taskCheck('businessHours', undefined, {});
  const { days, from, to, timeZone = 'UTC', timeout } = entry;
  const inputs = { businessDays: days.join(', '), timeZone, startTime: from, endTime: to };
  return taskCheck('businessHours', timeout, inputs);
}

function taskCheck(
  key: 'branches' | 'businessHours',
  timeout: number | undefined,
  inputs: Readonly<Record<string, string>>,
): WantedCheck {
  const { label, definition } = checkKinds[key];
  return {
    settings: { displayName: label, definitionRef: definition, inputs, retryInterval: 5 },
    timeout: timeoutOf(key, timeout),
  };
}

const template = ({ type = 'git', repository, ref, path }: TemplateEntry): Values => ({
  repositoryType: type,
  repositoryName: repository,
  repositoryRef: ref,
  templatePath: path,
});

function lockTimeout(lock: EnvironmentEntry['exclusiveLock']): number | undefined {
  return typeof lock === 'object' && 'timeout' in lock ? lock.timeout : undefined;
}

const timeoutOf = (key: CheckKey, given: number | undefined): number => given ?? checkKinds[key].timeout ?? 0;
