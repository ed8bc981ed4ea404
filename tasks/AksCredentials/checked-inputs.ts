import type { CredentialInputs } from '../common/aks/credential-request.ts';
import { given } from '../common/task/inputs.ts';
import { TaskError } from '../common/task/outcome.ts';
import type { Inputs } from './inputs.gen.ts';

/** The inputs that say which credential of which cluster is wanted. */
export function credentialInputs(inputs: Inputs): CredentialInputs {
  return {
    subscriptionId: given(inputs, 'subscriptionId'),
    resourceGroup: given(inputs, 'resourceGroup'),
    cluster: given(inputs, 'cluster'),
    admin: given(inputs, 'useClusterAdmin'),
    serverFqdn: given(inputs, 'serverFqdn'),
  };
}

/** As long as a job of Microsoft's agents; timers of more than 24 days would end at once. */
const longestProof = 3600;

/** How long the proof may take, in seconds. @throws TaskError when that is more than an hour. */
export function proofSecondsOf({ verifyTimeoutSeconds }: Inputs): number {
  if (verifyTimeoutSeconds <= longestProof) return verifyTimeoutSeconds;
  throw new TaskError(`Input verifyTimeoutSeconds is ${verifyTimeoutSeconds}; it takes ${longestProof} at most.`);
}
