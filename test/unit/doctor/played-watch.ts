import { once } from 'node:events';
import type { KubernetesObject } from '../../../tasks/common/cluster/client.ts';
import { Doctor } from '../../../tasks/common/doctor/doctor.ts';
import type { DoctorPlan, DoctorWaits } from '../../../tasks/common/doctor/plan.ts';
import type { LogTail, SeenObject } from '../../../tasks/common/watching/view.ts';
import { type Seen, viewOf } from '../health/played-view.ts';

/** A release as a test shows it. */
export class PlayedWatch implements Pick<DoctorPlan, 'watch'> {
  readonly watch: DoctorPlan['watch'];
  readonly asked: string[] = [];
  /** What containers printed, by `pod/container`. */
  printed: Readonly<Record<string, LogTail>> = {};
  /** What is there besides, once it is looked up. */
  besides: readonly SeenObject[] = [];
  #seen: Seen;
  #logs: Record<string, LogTail> = {};
  readonly #changes = new EventTarget();

  constructor(seen: Seen = {}) {
    this.#seen = seen;
    this.watch = {
      start: async () => void this.asked.push('start'),
      expect: (revision) => void this.asked.push(`expect ${revision}`),
      view: () => viewOf({ ...this.#seen, logs: this.#logs }),
      onChange: (listener) => {
        this.#changes.addEventListener('change', listener);
        return () => this.#changes.removeEventListener('change', listener);
      },
      readLog: async (pod, container, previous) => {
        const key = `${pod.metadata.name}/${container}`;
        this.asked.push(`log ${key}${previous ? ' before' : ''}`);
        this.#logs = { ...this.#logs, ...(this.printed[key] && { [key]: this.printed[key] }) };
      },
      lookUp: async () => {
        this.asked.push('look up');
        const { children = [] } = this.#seen;
        this.#seen = { ...this.#seen, children: [...children, ...this.besides] };
      },
      close: () => void this.asked.push('close'),
    };
  }

  show(seen: Seen): void {
    this.#seen = seen;
    this.#changes.dispatchEvent(new Event('change'));
  }
}

/** No time passes but by looks. */
const waits: DoctorWaits = {
  tickMs: 1,
  lookMs: 0,
  freshMs: 0,
  leastMs: 0,
  readMs: 60_000,
  holdMs: 0,
  longestHoldMs: 0,
  beatMs: 3_600_000,
  burst: 100,
  lineMs: 1000,
  countMs: 0,
};

interface Bench {
  readonly plan?: Partial<Omit<DoctorPlan, 'watch'>>;
  readonly waits?: Partial<DoctorWaits>;
  /** What the API server says itself, by path. */
  readonly answers?: Readonly<Record<string, KubernetesObject>>;
}

/** A doctor that looks at what a test shows. */
export function doctorAt(played: Pick<DoctorPlan, 'watch'>, { plan, waits: own, answers = {} }: Bench = {}) {
  const said: string[] = [];
  const lines = new EventTarget();
  const say = (text: string): void => {
    said.push(text);
    lines.dispatchEvent(new Event('line'));
  };
  const log = { info: say, error: say, warning: say, debug: () => undefined, progress: () => undefined };
  const asked: string[] = [];
  const client = {
    get: async (path: string) => {
      asked.push(path);
      return answers[path];
    },
  };
  const wait = { timeoutMs: 600_000, strict: true };
  const doctor = new Doctor(
    { watch: played.watch, client, wait, endEarly: true, ...plan },
    { log },
    { ...waits, ...own },
  );
  return {
    doctor,
    said,
    asked,
    /** Until a line matches. */
    heard: async (pattern: RegExp): Promise<string> => {
      for (;;) {
        const found = said.find((line) => pattern.test(line));
        if (found !== undefined) return found;
        await once(lines, 'line');
      }
    },
  };
}
