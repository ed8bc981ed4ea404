import { type ChartToDeploy, chartToDeploy } from '../common/chart/source/chart-to-deploy.ts';
import type { Handoff } from '../common/handoff/index.ts';
import type { HelmCli } from '../common/helm/index.ts';
import { digestReference, parseChartReference } from '../common/registry/reference.ts';
import type { TaskContext } from '../common/task/context.ts';
import { given } from '../common/task/inputs.ts';
import type { Inputs, Output } from './inputs.gen.ts';

/** Gets the chart that the inputs name, else the one of the handoff, by its digest. @throws TaskError when it cannot be had */
export function chartOf(
  inputs: Inputs,
  handoff: Handoff | undefined,
  helm: HelmCli,
  context: TaskContext<Output>,
): Promise<ChartToDeploy> {
  const request = {
    chart: inputs.chart === undefined ? ofHandoff(handoff) : { input: 'chart', value: inputs.chart },
    repository: given(inputs, 'chartRepository'),
    version: given(inputs, 'chartVersion'),
    azureSubscription: given(inputs, 'azureSubscription'),
    registryConnection: given(inputs, 'registryConnection'),
    containerRegistry: given(inputs, 'containerRegistry'),
    registry: given(inputs, 'registry'),
    schemaReferences: given(inputs, 'allowSchemaReferences'),
    helm: () => Promise.resolve(helm),
  };
  return chartToDeploy(request, context);
}

function ofHandoff(handoff: Handoff | undefined): { input: string; value: string } {
  if (handoff === undefined) throw new Error('There is neither a chart nor a handoff.');
  const { registry, repository } = parseChartReference(handoff.chart.reference);
  return { input: 'handoffFile', value: digestReference(registry, repository, handoff.chart.digest) };
}
