import type { ReportedLog } from '../diagnosis/report.ts';
import { visible } from '../text/shown.ts';
import { nameOf, type ReleaseView, type SeenObject, titleOf } from '../watching/view.ts';
import { type FailingContainer, failingContainers } from './failing-containers.ts';

interface Reader {
  view(): ReleaseView;
  readLog(pod: SeenObject, container: string, previous: boolean): Promise<void>;
}

/** In all, while it goes; a container that crashes for ever prints the same for ever. */
const mostReads = 20;
/** Of one container of an object, whichever pod it is in. */
const mostReadsEach = 3;
const mostLines = 15;
/** Of the containers whose logs are on the page. */
const mostKept = 8;

/** Reads the logs of containers that fail, and tells what is new in them. */
export class ContainerLogs {
  readonly #reader: Reader;
  readonly #holdMs: number;
  /** When each end of a container was seen first. */
  readonly #ends = new Map<string, number>();
  readonly #read = new Set<string>();
  readonly #reads = new Map<string, number>();
  readonly #said = new Set<string>();

  /** @param holdMs how long after its end a log is read, so that what ended is told before what it printed */
  constructor(reader: Reader, holdMs: number) {
    this.#reader = reader;
    this.#holdMs = holdMs;
  }

  /** The new lines of containers that ended badly since the last look. @param now in ms */
  async look(now: number): Promise<string[]> {
    const lines: string[] = [];
    for (const failing of failingContainers(this.#reader.view())) {
      if (failing.exit === undefined || !this.#isWorthReading(failing, now)) continue;
      await this.#reader.readLog(failing.pod, failing.container, failing.isPrevious);
      lines.push(...this.#newLines(failing));
    }
    return lines;
  }

  /** Reads all that explains why containers fail or are not ready, but not of each of many equal pods. */
  async readAll(): Promise<readonly ReportedLog[]> {
    const chosen = new Map<string, FailingContainer>();
    for (const failing of failingContainers(this.#reader.view())) {
      if (chosen.size < mostKept && !chosen.has(sortOf(failing))) chosen.set(sortOf(failing), failing);
    }
    const kept = [...chosen.values()];
    await Promise.all(kept.map(({ pod, container, isPrevious }) => this.#reader.readLog(pod, container, isPrevious)));
    return kept.flatMap(({ pod, container, isPrevious }) => {
      const tail = this.#reader.view().logOf(pod, container)?.lines ?? [];
      return tail.length === 0 ? [] : [{ pod: nameOf(pod), container, previous: isPrevious, tail }];
    });
  }

  #isWorthReading(failing: FailingContainer, now: number): boolean {
    const once = `${failing.pod.metadata.uid}/${failing.container}/${failing.restarts}`;
    const reads = this.#reads.get(sortOf(failing)) ?? 0;
    if (this.#read.has(once) || reads >= mostReadsEach || this.#read.size >= mostReads) return false;
    const endedAt = this.#ends.get(once) ?? now;
    this.#ends.set(once, endedAt);
    if (now - endedAt < this.#holdMs) return false;
    this.#read.add(once);
    this.#reads.set(sortOf(failing), reads + 1);
    return true;
  }

  #newLines(failing: FailingContainer): string[] {
    const { pod, container, exit = '' } = failing;
    const tail = this.#reader.view().logOf(pod, container)?.lines.slice(-mostLines) ?? [];
    const fresh = tail.filter((line) => line.trim() !== '' && !this.#said.has(`${sortOf(failing)} ${timeless(line)}`));
    for (const line of fresh) this.#said.add(`${sortOf(failing)} ${timeless(line)}`);
    if (fresh.length === 0) return [];
    const title = `${titleOf(nameOf(pod))}, container ${visible(container)} (${exit}), printed last:`;
    return [title, ...fresh.map((line) => `  | ${line}`)];
  }
}

const sortOf = ({ owner, container, exit }: FailingContainer): string =>
  `${owner.kind}/${owner.name}/${container}/${exit === undefined ? 'runs' : 'ended'}`;

/** Times and numbers differ in lines that say the same. */
const timeless = (line: string): string => line.replace(/\d+/g, '0');
