import type { ReplacedField } from '../common/chart/metadata/handwritten.ts';
import { checkChartVersion } from '../common/chart/metadata/identity.ts';
import { TaskError } from '../common/task/outcome.ts';
import { shown } from '../common/text/shown.ts';
import type { Inputs } from './inputs.gen.ts';

type VersionInputs = Pick<Inputs, 'chartVersion' | 'appVersion' | 'buildMetadata'>;

/** What of Chart.yaml the inputs replace, so that nobody needs to judge it. */
export function replacedFields({ chartVersion, appVersion }: VersionInputs): ReplacedField[] {
  return [
    ...(chartVersion === undefined ? [] : (['version'] as const)),
    ...(appVersion === undefined ? [] : (['appVersion'] as const)),
  ];
}

/**
 * The version that the chart is packaged as; undefined for the one in Chart.yaml as it stands. Build metadata comes after
 * what the version has of it already, as one more of its parts: `1.2.3+up4` becomes `1.2.3+up4.517`.
 * @param inChart the version in Chart.yaml.
 * @throws TaskError when the inputs give no SemVer 2 version that fits a tag.
 */
export function wantedVersion({ chartVersion, buildMetadata }: VersionInputs, inChart: string): string | undefined {
  const given = chartVersion && checkChartVersion(chartVersion, 'input chartVersion');
  if (buildMetadata === undefined) return given;
  // SemVer 2, item 10.
  if (!/^[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*$/.test(buildMetadata)) {
    throw new TaskError(
      `Input buildMetadata is ${shown(buildMetadata)}; it takes letters A to Z, digits and dashes, in parts with single ` +
        'dots between them, such as $(Build.BuildId) or $(Build.BuildNumber).',
    );
  }
  const version = given ?? inChart;
  const extended = `${version}${version.includes('+') ? '.' : '+'}${buildMetadata}`;
  return checkChartVersion(extended, 'version with input buildMetadata');
}
