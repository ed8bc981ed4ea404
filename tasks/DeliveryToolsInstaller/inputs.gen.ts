// Generated from task.json by `npm run generate`; never edited by hand.
import type { InputReader } from '../common/task/inputs.ts';

export interface Inputs {
  /** One tool a line: `helm`, `kubectl`, `kubelogin`, `kyverno` or `gator`, and after it the version: `helm 4.1.4`, `helm 3.x`, `kubectl latest`. Without a version: the one pinned in this task. */
  readonly tools: string;
  /** Where to take the tools from instead of their vendors: an `https://` address, with user and password in it where it wants them, or a folder of the agent. It keeps the vendors' paths. */
  readonly mirror: string | undefined;
}

export type Output = 'helmPath' | 'kubectlPath' | 'kubeloginPath' | 'kyvernoPath' | 'gatorPath';

export function readInputs(input: InputReader): Inputs {
  return {
    tools: input.requiredText('tools'),
    mirror: input.address('mirror'),
  };
}
