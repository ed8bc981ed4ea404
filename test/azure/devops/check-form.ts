import { checkDefinitions, type CheckKind } from './check-kinds.ts';

export type Settings = Readonly<Record<string, unknown>>;

/** As the service tells of settings that were written: with its defaults, and without what it does not keep. */
export function normalised(kind: CheckKind, settings: Settings): Settings {
  if (kind === 'lock' || kind === 'template') return settings;
  return isApproval(kind) ? approvalForm(kind, settings) : taskForm(kind, settings);
}

/** Of what is not written only some gets a default: neither the order nor, for the main approval, the definition. What is false is not told. */
function approvalForm(kind: ApprovalKind, settings: Settings): Settings {
  const { executionOrder, instructions, minRequiredApprovers, requesterCannotBeApprover, definitionRef } = settings;
  const isTold = kind !== 'approval' || definitionRef !== undefined;
  return {
    approvers: identities(settings, 'approvers'),
    blockedApprovers: identities(settings, 'blockedApprovers'),
    ...(executionOrder !== undefined && { executionOrder: orderOf(executionOrder) }),
    instructions: instructions ?? '',
    minRequiredApprovers: minRequiredApprovers ?? 0,
    ...(requesterCannotBeApprover === true && { requesterCannotBeApprover }),
    ...(isTold && { definitionRef: { id: checkDefinitions[kind] } }),
  };
}

/** Every input is a text; in lists a space follows each comma. */
function taskForm(kind: Exclude<CheckKind, ApprovalKind | 'lock' | 'template'>, settings: Settings): Settings {
  const given = Object.entries(mappingOf(settings['inputs'])).map(([name, value]): [string, string] => {
    const text = String(value);
    return [name, lists.has(name) ? text.replaceAll(/\s*,\s*/g, ', ').trim() : text];
  });
  const inputs = Object.fromEntries(given);
  if (inputs['ensureProtectionOfBranch']?.toLowerCase() === 'false') delete inputs['allowUnknownStatusBranch'];
  const definitionRef = { ...mappingOf(settings['definitionRef']), id: checkDefinitions[kind] };
  return { ...settings, definitionRef, inputs };
}

const lists = new Set(['allowedBranches', 'businessDays']);

/** Names of identities are not kept, only their ids. */
function identities(settings: Settings, name: string): unknown[] {
  return listIn(settings, name).map((each) => ({
    displayName: null,
    id: String(mappingOf(each)['id']).toLowerCase(),
  }));
}

/** Older bodies give the order as a number. */
function orderOf(order: unknown): unknown {
  if (order === 1) return 'anyOrder';
  return order === 2 ? 'inSequence' : order;
}

export type ApprovalKind = 'approval' | 'preApproval' | 'postApproval';

export function isApproval(kind: CheckKind): kind is ApprovalKind {
  return kind === 'approval' || kind === 'preApproval' || kind === 'postApproval';
}

/** The fields of a value; none of one that is no mapping. */
export function mappingOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** The items of a list in settings; none where there is no list. */
export function listIn(settings: Settings, name: string): readonly unknown[] {
  const list = settings[name];
  return Array.isArray(list) ? list : [];
}
