import type { RunIdentity } from '../devops/index.ts';

/** The chart that a CI run pushed. */
export interface HandoffChart {
  readonly name: string;
  readonly version: string;
  readonly appVersion?: string;
  /** By version, such as `oci://contoso.azurecr.io/helm/app:1.2.3`. */
  readonly reference: string;
  /** Digest of the manifest. */
  readonly digest: string;
}

export interface HandoffImage {
  /** Name of the image in the handoff, such as `web`. */
  readonly name: string;
  /** With login server, such as `contoso.azurecr.io/web`. */
  readonly repository: string;
  readonly tag: string;
  /** Digest of the manifest, or of the index of a multi-platform image. */
  readonly digest: string;
}

/** The CI run that wrote a handoff. */
export type HandoffRun = RunIdentity;

export interface Seal {
  readonly algorithm: 'HMAC-SHA256';
  /** Hexadecimal. */
  readonly value: string;
}

/** The content of variables.json, version 1; docs/handoff.schema.json is its full description. */
export interface Handoff {
  readonly schemaVersion: 1;
  readonly chartVersion: string;
  readonly imgVersion?: string;
  readonly chart: HandoffChart;
  readonly images: readonly HandoffImage[];
  readonly variables: Readonly<Record<string, string>>;
  readonly run: HandoffRun;
  readonly seal?: Seal;
}

/** The file's two-field ancestor: `jq -n '{chartVersion: $c, imgVersion: $i}'`. */
export interface TwoFieldHandoff {
  readonly chartVersion: string;
  readonly imgVersion: string;
}

export const handoffFileName = 'variables.json';
