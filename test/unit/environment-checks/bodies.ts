import type { Values } from '../../../tasks/common/devops/rest.ts';
import { type CheckKey, checkKinds } from '../../../tasks/EnvironmentChecks/kinds.ts';

export const ada = 'aaaaaaaa-0000-4000-8000-00000000000a';
export const bob = 'bbbbbbbb-0000-4000-8000-00000000000b';

/** Of two checks of one kind: their settings and time-outs, as the service may tell of them. */
export type Body = Values & { readonly settings: Values | null };

const approval: Values = {
  approvers: [{ id: ada }, { id: bob }],
  blockedApprovers: [],
  executionOrder: 'anyOrder',
  instructions: 'Look at the plan first.\nThen approve.',
  minRequiredApprovers: 1,
  requesterCannotBeApprover: true,
};

const settings: Readonly<Record<CheckKey, Values | null>> = {
  approvals: { ...approval, definitionRef: checkKinds.approvals.definition },
  preApprovals: { ...approval, definitionRef: checkKinds.preApprovals.definition },
  postApprovals: { ...approval, definitionRef: checkKinds.postApprovals.definition },
  branches: {
    displayName: 'Branch control',
    definitionRef: checkKinds.branches.definition,
    retryInterval: 5,
    inputs: {
      allowedBranches: 'refs/heads/main,refs/tags/*',
      ensureProtectionOfBranch: 'true',
      allowUnknownStatusBranch: 'false',
    },
  },
  requiredTemplates: {
    extendsChecks: [
      {
        repositoryType: 'git',
        repositoryName: 'contoso/delivery',
        repositoryRef: 'refs/heads/main',
        templatePath: 'a.yml',
      },
      {
        repositoryType: 'github',
        repositoryName: 'contoso/delivery',
        repositoryRef: 'refs/heads/main',
        templatePath: 'b.yml',
      },
    ],
  },
  businessHours: {
    displayName: 'Business hours',
    definitionRef: checkKinds.businessHours.definition,
    retryInterval: 5,
    inputs: { businessDays: 'Monday, Friday', timeZone: 'UTC', startTime: '08:00', endTime: '17:00' },
  },
  exclusiveLock: null,
};

/** A check as the service tells of it. */
export function bodyOf(key: CheckKey): Body {
  const { type, timeout } = checkKinds[key];
  return {
    id: 7,
    version: 1,
    type,
    isDisabled: false,
    ...(timeout !== undefined && { timeout }),
    settings: settings[key],
  };
}

/** The same with other settings. */
export function withSettings(key: CheckKey, changed: Values): Body {
  const body = bodyOf(key);
  return { ...body, settings: { ...body.settings, ...changed } };
}

/** The same with other inputs of a task. */
export function withInputs(key: 'branches' | 'businessHours', changed: Values): Body {
  const inputs = bodyOf(key).settings?.['inputs'];
  return withSettings(key, { inputs: Object.assign({}, inputs, changed) });
}

/** The same without some of its settings. */
export function withoutSettings(key: CheckKey, ...names: readonly string[]): Body {
  const body = bodyOf(key);
  const left = Object.entries(body.settings ?? {}).filter(([name]) => !names.includes(name));
  return { ...body, settings: Object.fromEntries(left) };
}
