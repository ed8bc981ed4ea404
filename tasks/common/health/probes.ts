import { field, list, number, time } from '../watching/fields.ts';
import type { SeenObject } from '../watching/view.ts';

/** What a probe has where it says nothing (kubernetes, pkg/apis/core/v1/defaults.go). In seconds and times. */
const [defaultPeriod, defaultFailures] = [10, 3];

/**
 * Until when it is normal that a container which runs is not ready: as long as its own probes allow it to fail from its
 * start. Undefined for one that does not run.
 */
export function normalUntil(pod: SeenObject, container: string): Date | undefined {
  const status = list(field(pod, 'status', 'containerStatuses')).find((one) => field(one, 'name') === container);
  const startedAt = time(field(status, 'state', 'running', 'startedAt'));
  if (startedAt === undefined) return undefined;
  const spec = list(field(pod, 'spec', 'containers')).find((one) => field(one, 'name') === container);
  const seconds = allowance(field(spec, 'startupProbe')) + allowance(field(spec, 'readinessProbe'));
  return new Date(startedAt.getTime() + seconds * 1000);
}

/** Seconds. */
function allowance(probe: unknown): number {
  if (probe === undefined || probe === null) return 0;
  const period = number(field(probe, 'periodSeconds')) || defaultPeriod;
  const failures = number(field(probe, 'failureThreshold')) || defaultFailures;
  return number(field(probe, 'initialDelaySeconds')) + period * failures;
}
