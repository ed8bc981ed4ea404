import { digestReference, parseChartReference } from '../registry/reference.ts';
import type { TwoFieldHandoff } from './handoff.ts';
import type { Handoff } from './schema.ts';

/** The output variables that a handoff becomes; docs/handoff.md lists them. */
export type HandoffOutput =
  | 'chartName'
  | 'chartVersion'
  | 'chartRef'
  | 'chartDigest'
  | 'chartDigestRef'
  | 'appVersion'
  | 'imgVersion'
  | `image_${string}`
  | `var_${string}`;

export type HandoffOutputs = readonly (readonly [name: HandoffOutput, value: string])[];

/** Chart, images and free variables by output name; what the handoff does not have is empty. */
export function outputsOf({ chart, images, variables, imgVersion = '' }: Handoff): HandoffOutputs {
  const { registry, repository } = parseChartReference(chart.reference);
  return [
    ['chartName', chart.name],
    ['chartVersion', chart.version],
    ['chartRef', chart.reference],
    ['chartDigest', chart.digest],
    ['chartDigestRef', digestReference(registry, repository, chart.digest)],
    ['appVersion', chart.appVersion ?? ''],
    ['imgVersion', imgVersion],
    ...images.flatMap(
      ({ name, repository: path, tag, digest }) =>
        [
          [`image_${name}_repository`, path],
          [`image_${name}_tag`, tag],
          [`image_${name}_digest`, digest],
          [`image_${name}_digestRef`, `${path}@${digest}`],
        ] as const,
    ),
    ...Object.entries(variables).map(([name, value]) => [`var_${name}`, value] as const),
  ];
}

export function outputsOfTwoFields({ chartVersion, imgVersion }: TwoFieldHandoff): HandoffOutputs {
  return [
    ['chartVersion', chartVersion],
    ['imgVersion', imgVersion],
  ];
}
