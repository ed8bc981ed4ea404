import { type Group, group, type Person, person } from '../azure/devops/index.ts';
import type { ChecksBench } from './checks-bench.ts';

/** Who approves in the sample. */
export interface Approvers {
  readonly ada: Person;
  readonly bob: Person;
  readonly leads: Group;
}

/** Adds the sample's approvers and pipeline to the organisation. */
export function addApprovers({ organization: { people, pipelines } }: ChecksBench): Approvers {
  pipelines.add('orders-cd');
  return {
    ada: people.add(person('Ada Lovelace')),
    bob: people.add(person('Bob Example')),
    leads: people.add(group(String.raw`[delivery]\Release leads`)),
  };
}

/** An entry of the file with every key; each may be replaced. */
export function sampleEnvironment(name: string, changed: object = {}): object {
  return {
    name,
    description: 'Orders for customers',
    approvals: {
      approvers: ['ada.lovelace@contoso.example', String.raw`[delivery]\Release leads`],
      minimum: 1,
      instructions: 'Look at the plan first.',
      timeout: 2880,
      requesterCannotApprove: true,
    },
    preApprovals: ['bob.example@contoso.example'],
    postApprovals: { approvers: ['Ada Lovelace', 'Bob Example'], order: 'inSequence' },
    branches: { allowed: ['refs/heads/main', 'refs/tags/*'], requireProtection: true },
    businessHours: { days: ['Monday', 'Tuesday'], from: '08:00', to: '16:00' },
    exclusiveLock: true,
    requiredTemplates: [{ repository: 'delivery/helm-delivery', ref: 'refs/tags/v1', path: 'deploy.yml' }],
    pipelines: ['orders-cd'],
    ...changed,
  };
}
