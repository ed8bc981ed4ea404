import type { Engine } from '../common/policy/engine.ts';
import { gator } from '../common/policy/gatekeeper/gator.ts';
import { gatekeeperPolicies } from '../common/policy/gatekeeper/policies.ts';
import { kyverno } from '../common/policy/kyverno/kyverno.ts';
import { kyvernoPolicies } from '../common/policy/kyverno/policies.ts';
import type { PolicySet } from '../common/policy/policies.ts';
import { documentsOf } from '../common/policy/policy-files.ts';
import type { TaskContext } from '../common/task/context.ts';
import { TaskError } from '../common/task/outcome.ts';
import { ensureTool } from '../common/tools/index.ts';
import type { Checked } from './checked-inputs.ts';
import type { Inputs, Output } from './inputs.gen.ts';

/** Files that stand beside policies and are none. */
const besidePolicies = [
  'kustomization.yaml',
  'kustomization.yml',
  'kyverno-test.yaml',
  'artifacthub-pkg.yml',
  'chainsaw-test.yaml',
  'suite.yaml',
];

/** The policies that the inputs name. @throws TaskError when there are none, or one of them is none */
export async function policiesOf({ engine, policies }: Inputs, context: TaskContext<Output>): Promise<PolicySet> {
  const documents = await documentsOf({ input: 'policies', value: policies }, besidePolicies, context);
  const set = engine === 'kyverno' ? kyvernoPolicies(documents) : gatekeeperPolicies(documents);
  if (set.policies.length > 0) return set;
  throw new TaskError('The files that input policies names hold no policy, so nothing would be checked.');
}

/** The program that judges by them. @throws TaskError when there is none on the agent and none can be installed */
export async function engineOf(
  { engine }: Inputs,
  { labels }: Checked,
  set: PolicySet,
  context: TaskContext<Output>,
): Promise<Engine> {
  if (engine === 'kyverno')
    return kyverno((await ensureTool('kyverno', '>=1.19.0', context)).path, set, labels, context);
  return gator((await ensureTool('gator', '>=3.23.0', context)).path, set, labels, context);
}
