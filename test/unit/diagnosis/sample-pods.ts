import { at, ended, pod, type Sample, type SampleEvent, waiting, web } from './sample-view.ts';

/** kubernetes, pkg/scheduler/framework/types.go: what the scheduler says when no node fits, in the condition and in the event. */
export function unscheduled(
  message: string,
  { spec = {}, events = [], name = 'shop-6d4-abcde' }: { spec?: object; events?: SampleEvent[]; name?: string } = {},
): Sample {
  return pod({
    name,
    spec: { nodeName: undefined, ...spec },
    status: {
      conditions: [
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message, lastTransitionTime: at(3) },
      ],
    },
    events: [{ reason: 'FailedScheduling', message }, ...events],
  });
}

/** A container that crashed: the state of its pause, its end before, and what it printed. */
export function crashed(
  exitCode: number,
  {
    reason = 'Error',
    lines = [],
    restarts = 4,
    events = [],
    message = '',
    labels = {},
    spec = {},
  }: {
    reason?: string;
    lines?: string[];
    restarts?: number;
    events?: SampleEvent[];
    message?: string;
    labels?: object;
    spec?: object;
  } = {},
): Sample {
  return pod({
    metadata: { labels },
    spec,
    status: web(waiting('CrashLoopBackOff', 'back-off 40s restarting failed container=web pod=shop'), {
      restartCount: restarts,
      lastState: ended(exitCode, reason, message),
    }),
    events,
    logs: lines.length === 0 ? {} : { web: { previous: true, lines } },
  });
}
