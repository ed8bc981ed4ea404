import type { ReleaseRecords } from '../../../tasks/common/rollout/history.ts';

export interface FakeRecord {
  readonly number: number;
  status: string;
  labels?: Record<string, string>;
  createdAt?: Date;
}

/** The records of releases in one namespace, in memory, as an API server lists them. */
export class FakeCluster implements ReleaseRecords {
  readonly releases = new Map<string, FakeRecord[]>();
  readonly requests: string[] = [];
  /** Called before each list is answered. */
  beforeList: () => void = () => undefined;

  /** The records of a release, in any order. */
  of(name: string): FakeRecord[] {
    const records = this.releases.get(name) ?? [];
    this.releases.set(name, records);
    return records;
  }

  /** All of them as `1 superseded`. */
  history(name: string): string[] {
    return [...this.of(name)].sort((a, b) => a.number - b.number).map(({ number, status }) => `${number} ${status}`);
  }

  list: ReleaseRecords['list'] = async (path, { labelSelector, fieldSelector, metadataOnly }) => {
    this.beforeList();
    this.requests.push(`GET ${path} ${labelSelector} ${fieldSelector}${metadataOnly ? ' metadata' : ''}`);
    const name = /name=(.*)$/.exec(labelSelector)?.[1] ?? '';
    const items = this.of(name).map(({ number, status, labels, createdAt }) => ({
      metadata: {
        name: `sh.helm.release.v1.${name}.v${number}`,
        uid: `uid-${number}`,
        resourceVersion: `${100 + number}`,
        ...(createdAt && { creationTimestamp: createdAt.toISOString() }),
        labels: { owner: 'helm', name, status, version: String(number), ...labels },
      },
    }));
    return { items };
  };

  patch: ReleaseRecords['patch'] = async (path, patch) => {
    this.requests.push(`PATCH ${path} ${JSON.stringify(patch)}`);
    const record = this.#at(path);
    const { metadata } = patch as { metadata: { labels: Record<string, string | null> } };
    const labels = Object.entries({ ...record?.labels, ...metadata.labels });
    if (record !== undefined) record.labels = Object.fromEntries(labels.filter(isSet));
  };

  delete: ReleaseRecords['delete'] = async (path, { preconditions }) => {
    this.requests.push(`DELETE ${path} ${JSON.stringify(preconditions)}`);
    const record = this.#at(path);
    for (const records of this.releases.values())
      if (record !== undefined && records.includes(record)) records.splice(records.indexOf(record), 1);
  };

  #at(path: string): FakeRecord | undefined {
    const [, name = '', number] = /\/sh\.helm\.release\.v1\.(.*)\.v(\d+)$/.exec(path) ?? [];
    return this.of(name).find((record) => record.number === Number(number));
  }
}

function isSet(label: [string, string | null]): label is [string, string] {
  return label[1] !== null;
}
