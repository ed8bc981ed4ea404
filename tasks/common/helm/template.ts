import type { TaskContext } from '../task/context.ts';
import { ToolFailure } from '../task/exec.ts';
import type { Given } from '../task/inputs.ts';
import { noNetwork, toolNetwork } from '../task/network.ts';
import { TaskError } from '../task/outcome.ts';
import { printable, shortenedInside } from '../text/shown.ts';
import type { HelmCli } from './cli.ts';

export interface TemplateRequest {
  readonly release: string;
  readonly namespace: string;
  /** Path of an archive. */
  readonly chart: string;
  /** Path of the one file with all values. */
  readonly valuesFile: string;
  /** Whether values schemas may refer to the web, from where helm fetches what they refer to. */
  readonly schemaReferences: Given<boolean>;
}

const maxOutput = 32 * 1024 * 1024;

/**
 * What a chart renders to: its definitions of custom resources, its objects and its hooks, each under a comment that names its
 * template. No cluster is asked. It may hold secrets, so none of it is shown.
 * @throws TaskError with helm's reason
 */
export async function renderChart(
  helm: Pick<HelmCli, 'run' | 'version'>,
  { release, namespace, chart, valuesFile, schemaReferences }: TemplateRequest,
  context: Pick<TaskContext, 'network'>,
): Promise<string> {
  const args = ['template', release, chart, `--namespace=${namespace}`, `--values=${valuesFile}`, '--include-crds'];
  const network = schemaReferences.value ? toolNetwork(context.network) : noNetwork;
  try {
    const env = { ...network, HELM_NAMESPACE: undefined, KUBECONFIG: undefined };
    return (await helm.run(args, { show: false, maxOutput, env })).stdout;
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error;
    const said = shortenedInside(printable(error.stderr).replaceAll(/\s+/g, ' ').trim(), 1000);
    throw new TaskError(`helm ${helm.version} cannot render the chart: ${said.replace(/^Error: /, '')}`);
  }
}
