import { chartRequest, type ChartToDeploy, chartToDeploy } from '../common/chart/source/chart-to-deploy.ts';
import type { Handoff } from '../common/handoff/index.ts';
import type { HelmCli } from '../common/helm/index.ts';
import { digestReference, parseChartReference } from '../common/registry/reference.ts';
import type { TaskContext } from '../common/task/context.ts';
import type { Inputs, Output } from './inputs.gen.ts';

/**
 * Gets the chart that the inputs name, else the one of the handoff, by its digest.
 * @param helm is asked for where it has work to do
 * @throws TaskError when it cannot be had
 */
export function chartOf(
  inputs: Inputs,
  handoff: Handoff | undefined,
  helm: () => Promise<HelmCli>,
  context: TaskContext<Output>,
): Promise<ChartToDeploy> {
  const chart = inputs.chart === undefined ? ofHandoff(handoff) : { input: 'chart', value: inputs.chart };
  return chartToDeploy(chartRequest(chart, inputs, helm), context);
}

/** The release is labelled with the handoff's run, which built another chart of the registry then. */
export function warnOfOther(
  { from, digest }: ChartToDeploy,
  handoff: Handoff | undefined,
  { log }: Pick<TaskContext, 'log'>,
): void {
  if (handoff === undefined || from !== 'registry' || digest === handoff.chart.digest) return;
  log.warning(
    `Input chart has the digest ${digest}, but the handoff of run ${handoff.run.runId} has ${handoff.chart.digest}: the release ` +
      'will name that run all the same. Leave input chart empty to deploy what the run handed over.',
  );
}

function ofHandoff(handoff: Handoff | undefined): { input: string; value: string } {
  if (handoff === undefined) throw new Error('There is neither a chart nor a handoff.');
  const { registry, repository } = parseChartReference(handoff.chart.reference);
  return { input: 'handoffFile', value: digestReference(registry, repository, handoff.chart.digest) };
}
