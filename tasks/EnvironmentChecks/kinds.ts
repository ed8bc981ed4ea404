import type { Values } from '../common/devops/rest.ts';
import { isMapping } from '../common/go/mapping.ts';

/** Keys of an environment in the file, each of which stands for one kind of check. In the order in which they are made. */
export const checkKeys = [
  'approvals',
  'preApprovals',
  'postApprovals',
  'branches',
  'requiredTemplates',
  'businessHours',
  'exclusiveLock',
] as const;
export type CheckKey = (typeof checkKeys)[number];

/** What the service knows a kind of check by: one type has several kinds, which their definitions tell apart. */
export interface CheckKind {
  /** As the page of an environment names it. */
  readonly label: string;
  readonly type: { readonly id: string; readonly name: string };
  readonly definition?: { readonly id: string; readonly name?: string; readonly version?: string };
  /** Minutes, where the check has a time-out. */
  readonly timeout?: number;
}

const approval = { id: '8c6f20a7-a545-4486-9777-f762fafe0d4d', name: 'Approval' };
const task = { id: 'fe1de3ee-a436-41b4-bb20-f6eb4cb879a7', name: 'Task Check' };
const month = 43_200;
const day = 1440;

export const checkKinds: Readonly<Record<CheckKey, CheckKind>> = {
  approvals: {
    label: 'Approvals',
    type: approval,
    definition: { id: '26014962-64a0-49f4-885b-4b874119a5cc' },
    timeout: month,
  },
  preApprovals: {
    label: 'Pre-check approvals',
    type: approval,
    definition: { id: '0f52a19b-c67e-468f-b8eb-0ae83b532c99' },
    timeout: month,
  },
  postApprovals: {
    label: 'Post-check approvals',
    type: approval,
    definition: { id: '06441319-13fb-4756-b198-c2da116894a4' },
    timeout: month,
  },
  branches: {
    label: 'Branch control',
    type: task,
    definition: { id: '86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b', name: 'evaluatebranchProtection', version: '0.0.1' },
    timeout: day,
  },
  requiredTemplates: {
    label: 'Required template',
    type: { id: '4020e66e-b0f3-47e1-bc88-48f3cc59b5f3', name: 'ExtendsCheck' },
  },
  businessHours: {
    label: 'Business hours',
    type: task,
    definition: { id: '445fde2f-6c39-441c-807f-8a59ff2e075f', name: 'evaluateBusinessHours', version: '0.0.1' },
    timeout: day,
  },
  exclusiveLock: {
    label: 'Exclusive lock',
    type: { id: '2ef31ad6-baa0-403a-8b45-2cbc9b4e5563', name: 'ExclusiveLock' },
    timeout: month,
  },
};

/** The kind of a check as the service tells of it; undefined for one that the file has no key for. */
export function keyOf(check: Values): CheckKey | undefined {
  const type = idIn(check['type']);
  const settings = isMapping(check['settings']) ? check['settings'] : {};
  const definition = idIn(settings['definitionRef']);
  return checkKeys.find((key) => {
    const kind = checkKinds[key];
    if (kind.type.id !== type) return false;
    // An approval that names no definition is the main one.
    if (kind.type === approval && definition === undefined) return key === 'approvals';
    return kind.definition === undefined || kind.definition.id === definition;
  });
}

function idIn(value: unknown): string | undefined {
  const id = isMapping(value) ? value['id'] : undefined;
  return typeof id === 'string' && id !== '' ? id.toLowerCase() : undefined;
}
