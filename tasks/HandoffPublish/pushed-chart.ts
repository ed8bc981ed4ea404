import type { HandoffChart } from '../common/handoff/index.ts';
import { chartReference, checkOneChart, parseChartReference } from '../common/registry/reference.ts';
import { given } from '../common/task/inputs.ts';
import { TaskError } from '../common/task/outcome.ts';
import { shown } from '../common/text/shown.ts';
import type { Inputs } from './inputs.gen.ts';

/** The chart that the inputs name, and where it is. */
export interface PushedChart {
  readonly chart: HandoffChart;
  readonly loginServer: string;
}

/** @throws TaskError when the inputs are not the outputs of one push of one chart. */
export function pushedChart(inputs: Inputs): PushedChart {
  const { chartDigestRef, chartVersion, appVersion } = inputs;
  checkOneChart(given(inputs, 'chartDigestRef'));
  checkOneChart(given(inputs, 'chartVersion'));
  const { registry, repository, digest } = parseChartReference(chartDigestRef);
  if (digest === undefined) {
    throw new TaskError(
      `Input chartDigestRef is ${shown(chartDigestRef)}, which has no digest: give the output chartDigestRef of HelmChartPush.`,
    );
  }
  const chart = {
    name: repository.split('/').at(-1) ?? '',
    version: chartVersion,
    ...(appVersion !== undefined && { appVersion }),
    reference: chartReference(registry, repository, chartVersion),
    digest,
  };
  return { chart, loginServer: registry };
}
