import { shortened } from '../text/shown.ts';
import { nameOf, type ObjectName, type ReleaseView, type SeenEvent, type SeenObject } from '../watching/view.ts';
import type { Evidence } from './finding.ts';

/**
 * What says something: a container's waiting or terminated state or its termination before, a condition that is not as it
 * should be, an event, what follows from a status, the end of a log, helm.
 */
export type Source = 'waiting' | 'terminated' | 'condition' | 'event' | 'status' | 'log' | 'helm';

/** A container of a pod, with its part of the pod's spec and of its status. Both are foreign. */
export interface Container {
  readonly name: string;
  /** It runs before the others and has to end, unlike a sidecar, which is an init container that is restarted always. */
  readonly isInit: boolean;
  readonly spec: unknown;
  readonly status: unknown;
}

/** One thing that the cluster or helm says, in the form in which the table of causes reads everything. */
export interface Signal {
  readonly source: Source;
  /** Kubernetes' word for it: of a state, a condition or an event; empty where there is none. */
  readonly reason: string;
  /** Foreign text, bounded, without known secrets. */
  readonly text: string;
  /** As in Evidence. */
  readonly where: string;
  readonly at: Date | undefined;
  /** How often it was said; 1 where nobody counts. */
  readonly count: number;
  /** The object that it is about; undefined for one that is not seen. */
  readonly object: SeenObject | undefined;
  readonly name: ObjectName;
  /** The container that it is about. */
  readonly container?: Container;
  /** It is so in any roll-out for a while: it may tell a cause, but is nothing to show by itself. */
  readonly isUsual?: boolean;
  /** How a container ended, in signals of one that did. */
  readonly exitCode?: number;
}

/** An object of the release and all that says why it is not ready. */
export interface Troubled {
  readonly owner: ObjectName;
  /** Undefined where helm alone speaks of it. */
  readonly root: SeenObject | undefined;
  /** The pods that it made from its newest template. */
  readonly pods: readonly SeenObject[];
  readonly signals: readonly Signal[];
}

/** The longest text that patterns are tried on. Messages of events have 1 kB at most (kubernetes, pkg/apis/core/validation). */
export const longest = 4000;

/** A signal about an object that is seen. */
export function signalOf(
  object: SeenObject,
  source: Source,
  said: Partial<Omit<Signal, 'source' | 'object' | 'name' | 'text'>> & {
    readonly where: string;
    readonly text?: string;
  },
): Signal {
  const { text = '', ...rest } = said;
  return {
    reason: '',
    at: undefined,
    count: 1,
    ...rest,
    source,
    text: shortened(text, longest),
    object,
    name: nameOf(object),
  };
}

/** The events of an object as signals. @param holds whether an event is still of interest, since events outlive their cause */
export function eventSignals(
  object: SeenObject,
  view: ReleaseView,
  holds: (event: SeenEvent) => boolean = () => true,
): Signal[] {
  return view
    .eventsOf(object)
    .filter((event) => isOfThisRun(event, view) && holds(event))
    .map(({ type, reason, message, count, lastAt: at }) =>
      signalOf(object, 'event', {
        reason,
        text: message,
        where: `event ${reason}`,
        at,
        count,
        isUsual: type === 'Normal',
      }),
    );
}

/** The view promises this, too; a cause of yesterday would be worse than none. Times of events have whole seconds. */
function isOfThisRun({ lastAt }: SeenEvent, { since }: ReleaseView): boolean {
  return lastAt === undefined || lastAt.getTime() + 1000 > since.getTime();
}

const mostLines = 5;

/** A signal as people get to see it; the text is made harmless where it is shown. */
export function evidenceOf({ source, name: object, where, reason, text, at }: Signal): Evidence {
  const lines = text.split('\n').map((line) => line.trim());
  // Azure's SDKs draw lines between the parts of an answer.
  const said = lines.filter((line) => /[^-\s]/.test(line));
  // Of a log the end counts; what else has many lines says first what it is about.
  const told = source === 'log' ? said.slice(-mostLines) : said.slice(0, mostLines);
  return { object, where, said: [reason, told.join(' | ')].filter((part) => part !== '').join(': '), at };
}
