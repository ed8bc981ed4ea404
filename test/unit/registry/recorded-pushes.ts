import { readFileSync } from 'node:fs';

/** A chart, and what `helm push` 4.1.4 sent for it; 3.17.3 and 4.2.3 sent the same bytes. */
export interface RecordedPush {
  readonly name: string;
  readonly chartYaml: string;
  readonly requirementsYaml?: string;
  readonly provenance?: string;
  /** Of the chart's archive. */
  readonly layer: { readonly digest: string; readonly size: number };
  readonly config: string;
  readonly manifest: string;
}

interface Recording {
  /** The time of all archives. */
  readonly created: string;
  readonly charts: readonly RecordedPush[];
}

const file = new URL('../../fixtures/manifests/helm-push.json', import.meta.url);

export const recording = JSON.parse(readFileSync(file, 'utf8')) as Recording;
