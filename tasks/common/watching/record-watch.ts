import type { KubernetesClient, KubernetesObject } from '../cluster/client.ts';
import { type ReleaseName, secretsPath } from '../rollout/history.ts';
import { type KindSink, KindWatch, type WatchWaits } from './kind-watch.ts';
import { secretKind } from './kinds.ts';
import type { LookLimits } from './look-up.ts';
import { readRecord, type ReleaseRecord } from './record.ts';
import { SecretValues } from './secret-values.ts';

/** What is done with a record, or about one that cannot be read. */
export interface RecordTaker {
  known(record: ReleaseRecord): void;
  blind(error: unknown): void;
  sees(): void;
}

/** Waits for helm's record of a revision: one Secret by its name, never others. */
export class RecordWatch {
  readonly #client: Pick<KubernetesClient, 'get' | 'pages' | 'watch'>;
  readonly #release: ReleaseName;
  readonly #taker: RecordTaker;
  readonly #waits: WatchWaits;
  readonly #limits: LookLimits;
  #revision = 0;
  #found = new AbortController();
  #reading: Promise<void> | undefined;

  constructor(
    client: Pick<KubernetesClient, 'get' | 'pages' | 'watch'>,
    release: ReleaseName,
    taker: RecordTaker,
    waits: WatchWaits,
    limits: LookLimits,
  ) {
    this.#client = client;
    this.#release = release;
    this.#taker = taker;
    this.#waits = waits;
    this.#limits = limits;
  }

  /** Looks for the record of this revision from now on, until it is there. */
  expect(revision: number): void {
    this.#revision = revision;
    this.#found.abort();
    this.#found = new AbortController();
    this.#reading = undefined;
    const { namespace } = this.#release;
    const plan = { kind: secretKind, namespace, fieldSelector: `metadata.name=${this.#secretName}` };
    const watch = new KindWatch(this.#client, plan, this.#sink(), this.#waits);
    void watch.run(AbortSignal.any([this.#limits.signal, this.#found.signal]));
  }

  /** The record was read, if it is there: whoever may not watch Secrets may get one. Never rejects. */
  async ensure(): Promise<void> {
    if (this.#reading === undefined && this.#revision > 0) {
      try {
        const path = `${secretsPath(this.#release.namespace)}/${this.#secretName}`;
        const secret = await this.#client.get(path, this.#limits);
        if (secret !== undefined) this.#take(secret);
      } catch (error) {
        if (!this.#limits.signal.aborted) this.#taker.blind(error);
      }
    }
    await this.#reading;
  }

  get #secretName(): string {
    return `sh.helm.release.v1.${this.#release.name}.v${this.#revision}`;
  }

  #sink(): KindSink {
    return {
      begins: () => undefined,
      page: ({ items }) => items.forEach((item) => this.#take(item)),
      whole: () => undefined,
      changed: (type, item) => {
        if (type !== 'DELETED') this.#take(item);
      },
      blind: (error) => this.#taker.blind(error),
      sees: () => this.#taker.sees(),
    };
  }

  #take(secret: KubernetesObject): void {
    if (secret.metadata.name !== this.#secretName || this.#reading !== undefined) return;
    this.#found.abort();
    this.#reading = this.#read(secret, this.#revision);
  }

  async #read(secret: KubernetesObject, revision: number): Promise<void> {
    try {
      const values = new SecretValues();
      const record = await readRecord(secret, this.#release.namespace, (found) => values.add(found));
      if (revision !== this.#revision) return;
      const areMasked = values.learn(record.objects) && record.isWhole;
      this.#taker.sees();
      this.#taker.known({ ...record, areMasked });
    } catch (error) {
      this.#taker.blind(error);
    }
  }
}
