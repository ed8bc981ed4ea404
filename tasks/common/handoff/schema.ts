import { type OutputUnit, Validator } from '@cfworker/json-schema';
import schema from '../../../docs/handoff.schema.json' with { type: 'json' };
import type { RunIdentity } from '../devops/index.ts';
import { TaskError } from '../task/outcome.ts';
import { visible } from '../text/shown.ts';

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

// TypeScript reads every `type` in a JSON module as any string, which the validator's own types do not take.
const validator: Validator = Reflect.construct(Validator, [schema, '2020-12']);

/**
 * Checks a value against docs/handoff.schema.json.
 * @throws TaskError that names the first member that does not fit.
 */
export function checkSchema(value: unknown): asserts value is Handoff {
  const { valid, errors } = validator.validate(value);
  if (valid) return;
  // The errors come from the outside in: the last one says what is wrong.
  const fault = errors.at(-1);
  const said = fault === undefined ? 'it is no handoff' : faultOf(fault);
  throw new TaskError(`variables.json does not fit its schema (docs/handoff.schema.json): ${said}.`);
}

function faultOf({ instanceLocation, keyword, error }: OutputUnit): string {
  // `#/images/0/tag` becomes `images.0.tag`.
  const place = visible(instanceLocation.split('/').slice(1).join('.')) || 'the file';
  const [first = '', second = ''] = [...error.matchAll(/"([^"]*)"/g)].map((match) => visible(match[1] ?? ''));
  switch (keyword) {
    case 'required':
      return `${place} lacks '${first}'`;
    case 'type':
      return `${place} is of type ${first} instead of ${second}`;
    case 'pattern':
      return `${place} has a form that is not allowed`;
    case 'false':
      return `${place} is not known`;
    default:
      return `${place}: ${visible(error, 300).replace(/\.$/, '')}`;
  }
}
