import type { DependencyRules } from '../common/chart/dependencies/add.ts';
import { openRegistry } from '../common/registry/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import { given } from '../common/task/inputs.ts';
import type { Inputs } from './inputs.gen.ts';

/** Which registries get the connection's sign-in, and when helm fetches anything: the inputs say both. */
export function dependencyRules(inputs: Inputs, context: TaskContext): DependencyRules {
  const { azureSubscription, containerRegistry } = inputs;
  const isGiven = azureSubscription !== undefined || containerRegistry !== undefined;
  return {
    build: given(inputs, 'buildDependencies'),
    registries: given(inputs, 'dependencyRegistries'),
    advice: 'give it as azureSubscription, and the registry in dependencyRegistries, or as containerRegistry',
    connection: isGiven
      ? {
          kind: containerRegistry === undefined ? 'azure' : 'docker',
          open: (registry) => openRegistry({ azureSubscription, containerRegistry, registry }, context),
        }
      : undefined,
  };
}
