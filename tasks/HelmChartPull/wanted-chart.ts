import { checkTakenVersion } from '../common/chart/metadata/identity.ts';
import type { Referred } from '../common/registry/index.ts';
import {
  checkDigest,
  checkOneChart,
  checkRepository,
  parseChartReference,
  versionOfTag,
} from '../common/registry/reference.ts';
import { given } from '../common/task/inputs.ts';
import { TaskError } from '../common/task/outcome.ts';
import type { Inputs } from './inputs.gen.ts';

/** One chart of a registry, put together from the inputs. */
export interface Wanted {
  /** The registry that a whole reference names; it does not decide which one is asked. */
  readonly referred: Referred | undefined;
  readonly repository: string;
  readonly version: string | undefined;
  readonly digest: string | undefined;
  /** Bytes. */
  readonly maxUnpacked: number;
}

/** @throws TaskError when an input is missing, malformed or contradicts another. */
export function wantedChart(inputs: Inputs): Wanted {
  for (const input of ['chartRef', 'chartVersion', 'chartDigest'] as const) checkOneChart(given(inputs, input));
  const whole = inputs.chartRef === undefined ? undefined : parseChartReference(inputs.chartRef);
  const repository = agreed('repository', whole?.repository, inputs.repository) ?? '';
  const version =
    inputs.chartVersion === undefined ? undefined : checkTakenVersion(inputs.chartVersion, 'input chartVersion');
  const digest = inputs.chartDigest === undefined ? undefined : checkDigest(inputs.chartDigest);
  const wanted = {
    referred: whole && { input: 'chartRef', loginServer: whole.registry },
    repository: checkRepository(repository),
    version: agreed('chartVersion', whole?.tag === undefined ? undefined : versionOfTag(whole.tag), version),
    digest: agreed('chartDigest', whole?.digest, digest),
    maxUnpacked: inputs.maxUnpackedMB * 1024 * 1024,
  };
  if (wanted.version === undefined && wanted.digest === undefined) {
    throw new TaskError(
      'Give the input chartVersion or chartDigest (or a chartRef with either); a chart is never pulled as "latest".',
    );
  }
  return wanted;
}

function agreed(input: string, ofReference: string | undefined, ofInput: string | undefined): string | undefined {
  if (ofReference !== undefined && ofInput !== undefined && ofReference !== ofInput) {
    throw new TaskError(
      `Input chartRef says '${ofReference}', input ${input} says '${ofInput}'; leave one of them out.`,
    );
  }
  return ofReference ?? ofInput;
}
