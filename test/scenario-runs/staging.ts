import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Azure, Cluster, FaultKind, RecordedRequest } from '../azure/index.ts';
import { startWebhook, type Webhook, type WebhookSettings } from './webhook.ts';

/** What happens to the cluster of a scenario, beside what kubectl can do before it. */
export interface Staging {
  /** An admission webhook answers at WEBHOOK_URL, whose authority is WEBHOOK_AUTHORITY; both stand in `before/`. */
  readonly webhook?: WebhookSettings;
  /** File with the manifest of a first revision that an older cluster took. */
  readonly record?: string;
  /** What the API server answers instead of what it would. */
  readonly fault?: Requests & { readonly kind: FaultKind; readonly says?: string };
  /** What an administrator does, as command lines of kubectl, when the first such request arrives, before it is answered. */
  readonly meanwhile?: Requests & { readonly lines: readonly string[] };
}

/** Patterns of requests in the scenario's namespace. */
interface Requests {
  readonly method: string;
  readonly path: string;
}

/** Where a scenario is played. */
export interface Stage {
  /** Of the scenario; absolute. */
  readonly folder: string;
  readonly namespace: string;
  /** Runs a command line of kubectl as administrator. */
  readonly kubectl: (line: string, stdin?: string) => Promise<unknown>;
  readonly azure: Azure;
  readonly cluster: Cluster;
}

/** What happens to the cluster of one run; to be closed. */
export class StagedCluster {
  readonly #staging: Staging;
  readonly #stage: Stage;
  readonly #webhook: Webhook | undefined;

  private constructor(staging: Staging, stage: Stage, webhook: Webhook | undefined) {
    this.#staging = staging;
    this.#stage = stage;
    this.#webhook = webhook;
  }

  static async open(staging: Staging, stage: Stage): Promise<StagedCluster> {
    const { webhook } = staging;
    return new StagedCluster(staging, stage, webhook && (await startWebhook(webhook)));
  }

  /** A file of the scenario with the words that are known now. */
  worded(text: string): string {
    const { url = '', authority = '' } = this.#webhook ?? {};
    return text
      .replaceAll('NAMESPACE', this.#stage.namespace)
      .replaceAll('WEBHOOK_URL', url)
      .replaceAll('WEBHOOK_AUTHORITY', authority);
  }

  /** Writes what helm would have left there. */
  async record(): Promise<void> {
    const { folder, namespace, kubectl } = this.#stage;
    const { record } = this.#staging;
    if (record === undefined) return;
    const manifest = readFileSync(path.join(folder, record), 'utf8');
    await kubectl('create --filename=-', JSON.stringify(recordOf(manifest, namespace)));
  }

  /** From now on requests are disturbed. Gives the way to end that. */
  disturb(): () => void {
    const { azure, kubectl } = this.#stage;
    const { fault, meanwhile } = this.#staging;
    const ends: (() => void)[] = [];
    if (fault !== undefined) {
      const { kind, says } = fault;
      const said = says === undefined ? {} : { says };
      const handle = azure.fault({ kind, times: Infinity, match: this.#matching(fault), ...said });
      ends.push(() => handle.lift());
    }
    if (meanwhile !== undefined) {
      const act = async (): Promise<void> => {
        for (const line of meanwhile.lines) await kubectl(line);
      };
      ends.push(azure.gate({ match: this.#matching(meanwhile), act }));
    }
    return () => ends.forEach((end) => end());
  }

  async close(): Promise<void> {
    await this.#webhook?.close();
  }

  #matching({ method, path: address }: Requests): (request: RecordedRequest) => boolean {
    const { cluster, namespace } = this.#stage;
    const [ofMethod, ofAddress] = [new RegExp(`^(${method})$`), new RegExp(address)];
    const within = `/namespaces/${namespace}/`;
    return ({ host, method: sent, path: at }) =>
      host === cluster.fqdn && ofMethod.test(sent) && at.includes(within) && ofAddress.test(at);
  }
}

/** Helm's record of the first revision of release `shop` (helm, pkg/storage/driver: JSON, gzip, base64, in a Secret). */
function recordOf(manifest: string, namespace: string): object {
  const at = '2024-01-15T09:30:00Z';
  const release = {
    name: 'shop',
    namespace,
    version: 1,
    manifest,
    info: { first_deployed: at, last_deployed: at, status: 'deployed', description: 'Install complete' },
    chart: { metadata: { apiVersion: 'v2', name: 'shop', version: '0.9.0' }, templates: [], values: {}, files: [] },
  };
  const packed = gzipSync(JSON.stringify(release)).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'helm.sh/release.v1',
    metadata: {
      name: 'sh.helm.release.v1.shop.v1',
      labels: { owner: 'helm', name: 'shop', status: 'deployed', version: '1' },
    },
    data: { release: Buffer.from(packed).toString('base64') },
  };
}
