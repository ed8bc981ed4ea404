import { setTimeout as pause } from 'node:timers/promises';
import { ApiRefusal, type KubernetesClient, type KubernetesObject, type ObjectPage } from '../cluster/client.ts';
import { pathOf, type SeenKind } from './kinds.ts';

/** What takes the objects of a kind as they are seen. */
export interface KindSink {
  /** A list begins, in place of one that may have broken off. */
  begins(): void;
  /** A part of the list. */
  page(page: ObjectPage): void;
  /** All parts were there: what none of them had is gone. */
  whole(): void;
  changed(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubernetesObject): void;
  /** Why the kind is not seen. @param isForGood whether the last word of it is spoken */
  blind(error: unknown, isForGood: boolean): void;
  /** It is seen (again). */
  sees(): void;
}

/** How a kind is looked at. */
export interface KindPlan {
  readonly kind: SeenKind;
  readonly namespace: string;
  readonly fieldSelector?: string;
  /** Waits for the lists of those whose objects make these. */
  readonly ownersListed?: () => Promise<unknown>;
  /** Only what happens from now on: of the list its version counts. */
  readonly onlyChanges?: boolean;
}

/** Between tries that bring nothing. It doubles, in ms. */
export interface WatchWaits {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** One list of a kind and then its watch, which goes on from the last version when it ends or breaks. */
export class KindWatch {
  readonly #client: Pick<KubernetesClient, 'pages' | 'watch'>;
  readonly #plan: KindPlan;
  readonly #sink: KindSink;
  readonly #waits: WatchWaits;
  /** The version up to which everything was seen; undefined when a list is due. */
  #version: string | undefined;
  #round = new AbortController();
  #isListed = false;
  #isOver = false;
  #tellListed: () => void = () => undefined;
  #listed: Promise<void>;

  constructor(client: Pick<KubernetesClient, 'pages' | 'watch'>, plan: KindPlan, sink: KindSink, waits: WatchWaits) {
    this.#client = client;
    this.#plan = plan;
    this.#sink = sink;
    this.#waits = waits;
    this.#listed = this.#nextListed();
  }

  /** Resolves when the list is in, or will not come; never rejects. */
  get listed(): Promise<void> {
    return this.#listed;
  }

  /** Takes the list anew, since more of it counts than was known. */
  again(): void {
    if (this.#isOver) return;
    if (this.#isListed) this.#listed = this.#nextListed();
    this.#isListed = false;
    this.#version = undefined;
    this.#round.abort();
  }

  /** Looks until the signal ends it, or until the API server refuses for good. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    let fruitless = 0;
    while (!signal.aborted) {
      this.#round = new AbortController();
      const { signal: renewed } = this.#round;
      try {
        fruitless = (await this.#once(AbortSignal.any([signal, renewed]))) ? 0 : fruitless + 1;
      } catch (error) {
        if (signal.aborted) break;
        if (renewed.aborted) continue;
        if (isTooOld(error)) this.#version = undefined;
        else this.#sink.blind(error, isForGood(error));
        if (isForGood(error)) break;
        fruitless += 1;
      }
      if (fruitless > 0) await this.#rest(fruitless, AbortSignal.any([signal, renewed]));
    }
    this.#isOver = true;
    this.#tellListed();
  }

  /** @returns whether anything came */
  async #once(signal: AbortSignal): Promise<boolean> {
    this.#version ??= await this.#list(signal);
    this.#sink.sees();
    this.#tellListed();
    const { fieldSelector } = this.#plan;
    let isFruitful = false;
    const wanted = { resourceVersion: this.#version, fieldSelector };
    for await (const { type, object } of this.#client.watch(this.#path, wanted, signal)) {
      if (type === 'ERROR') throw new WatchError(object);
      isFruitful = true;
      if (type !== 'BOOKMARK') this.#sink.changed(type, object);
      this.#version = object.metadata.resourceVersion ?? this.#version;
    }
    return isFruitful;
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { ownersListed, onlyChanges = false, fieldSelector } = this.#plan;
    const selection = { fieldSelector, ...(onlyChanges && { pageSize: 1 }) };
    let version = '';
    this.#sink.begins();
    for await (const page of this.#client.pages(this.#path, selection, { signal })) {
      // The first page is under way meanwhile, so that all lists go side by side.
      await ownersListed?.();
      signal.throwIfAborted();
      version = page.resourceVersion;
      this.#sink.page(page);
      if (onlyChanges) return version;
    }
    this.#sink.whole();
    return version;
  }

  get #path(): string {
    return pathOf(this.#plan.kind, this.#plan.namespace);
  }

  #nextListed(): Promise<void> {
    return new Promise((resolve) => {
      this.#tellListed = () => {
        this.#isListed = true;
        resolve();
      };
    });
  }

  async #rest(fruitless: number, signal: AbortSignal): Promise<void> {
    const { firstMs, longestMs } = this.#waits;
    const ms = Math.min(firstMs * 2 ** (fruitless - 1), longestMs);
    await pause(ms, undefined, { signal }).catch(() => undefined);
  }
}

/** What a watch said last. */
class WatchError extends Error {
  readonly isTooOld: boolean;

  constructor({ code, message }: KubernetesObject) {
    super(typeof message === 'string' ? message : 'the watch ended with an error');
    this.isTooOld = code === 410;
  }
}

function isTooOld(error: unknown): boolean {
  return (error instanceof WatchError && error.isTooOld) || (error instanceof ApiRefusal && error.status === 410);
}

/** The client has tried everything else again for a while, and it may still come back. */
const isForGood = (error: unknown): boolean =>
  error instanceof ApiRefusal &&
  error.status >= 400 &&
  error.status < 500 &&
  error.status !== 410 &&
  error.status !== 429;
