/** Types of checks. Those that are tasks of the server share one; their definitions tell them apart. */
export const checkTypes = {
  approval: { id: '8c6f20a7-a545-4486-9777-f762fafe0d4d', name: 'Approval' },
  task: { id: 'fe1de3ee-a436-41b4-bb20-f6eb4cb879a7', name: 'Task Check' },
  lock: { id: '2ef31ad6-baa0-403a-8b45-2cbc9b4e5563', name: 'ExclusiveLock' },
  template: { id: '4020e66e-b0f3-47e1-bc88-48f3cc59b5f3', name: 'ExtendsCheck' },
} as const;

/** What `settings.definitionRef` of approvals and of task checks names. */
export const checkDefinitions = {
  approval: '26014962-64a0-49f4-885b-4b874119a5cc',
  preApproval: '0f52a19b-c67e-468f-b8eb-0ae83b532c99',
  postApproval: '06441319-13fb-4756-b198-c2da116894a4',
  branchControl: '86b05a0c-73e6-4f7d-b3cf-e38f3b39a75b',
  businessHours: '445fde2f-6c39-441c-807f-8a59ff2e075f',
  restApi: '9c3e8943-130d-4c78-ac63-8af81df62dfb',
  azureFunction: '537fdb7a-a601-4537-aa70-92645a2b5ce4',
  azureMonitor: '99a72e7f-25e4-4576-bf38-22a42b995ed8',
} as const;

export type CheckKind = keyof typeof checkDefinitions | 'lock' | 'template';

const [day, month] = [1440, 43_200];

/** Minutes after which a check gives up; a required template does not wait. */
export function defaultTimeout(kind: CheckKind): number {
  if (kind === 'template') return 0;
  return kind === 'lock' || kind.toLowerCase().endsWith('approval') ? month : day;
}

/** The kind of a check by its ids, whatever their case; undefined where the service has none of them. */
export function kindOf(typeId: string, definitionId: string | undefined): CheckKind | undefined {
  const type = typeId.toLowerCase();
  if (type === checkTypes.lock.id) return 'lock';
  if (type === checkTypes.template.id) return 'template';
  const isApproval = type === checkTypes.approval.id;
  if (!isApproval && type !== checkTypes.task.id) return undefined;
  // An approval that names no definition is the main one.
  if (isApproval && definitionId === undefined) return 'approval';
  const found = definitionKinds.find((kind) => checkDefinitions[kind] === definitionId?.toLowerCase());
  return found !== undefined && isApproval === found.toLowerCase().endsWith('approval') ? found : undefined;
}

const definitionKinds = [
  'approval',
  'preApproval',
  'postApproval',
  'branchControl',
  'businessHours',
  'restApi',
  'azureFunction',
  'azureMonitor',
] as const satisfies (keyof typeof checkDefinitions)[];
