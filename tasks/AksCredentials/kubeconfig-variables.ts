import type { TaskContext } from '../common/task/context.ts';
import { TaskError } from '../common/task/outcome.ts';

/**
 * The variables that name the kubeconfig to later steps: kubectl, helm and nearly all others read KUBECONFIG; Terraform's
 * providers for Kubernetes and Helm read KUBE_CONFIG_PATH alone, which stays as it is where the job has one.
 * @throws TaskError when KUBECONFIG is a secret variable: the agent keeps it secret whatever is set, so that later steps
 * would not see it and work on whatever cluster the agent knows otherwise.
 */
export function kubeconfigVariables(context: Pick<TaskContext, 'variable' | 'isSecretVariable'>): string[] {
  if (context.isSecretVariable('KUBECONFIG')) {
    throw new TaskError(
      'This job has a secret variable KUBECONFIG, which the agent does not let scripts see: kubectl and helm of later ' +
        'steps would work on another cluster. Give that variable (or the one of the variable group) another name.',
    );
  }
  const terraform = 'KUBE_CONFIG_PATH';
  const current = context.variable(terraform);
  // An earlier step of this task set both to its own file.
  const isFree = current === undefined || current === context.variable('KUBECONFIG');
  return isFree && !context.isSecretVariable(terraform) ? ['KUBECONFIG', terraform] : ['KUBECONFIG'];
}
