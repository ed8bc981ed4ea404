import schema from '../../../docs/handoff.schema.json' with { type: 'json' };
import type { RunIdentity } from '../devops/index.ts';
import { schemaCheck } from '../go/json-schema.ts';
import { TaskError } from '../task/outcome.ts';

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

/** A file of the CI commit that goes with a handoff. */
export interface HandoffFile {
  /** From the sources' folder, with `/`; the same below the artifact's folder `files`. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256 of the bytes, as `sha256:…`. */
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
  readonly files?: readonly HandoffFile[];
  readonly run: HandoffRun;
  readonly seal?: Seal;
}

const faultIn = schemaCheck(schema);

/**
 * Checks a value against docs/handoff.schema.json.
 * @throws TaskError that names the member that does not fit.
 */
export function checkSchema(value: unknown): asserts value is Handoff {
  const fault = faultIn(value);
  if (fault === undefined) return;
  const place = fault.place.join('.') || 'the file';
  throw new TaskError(`variables.json does not fit its schema (docs/handoff.schema.json): ${place} ${fault.said}.`);
}
