import { isLfsPointer, lfsPointerFault } from '../../archive/lfs-pointer.ts';
import { cleanText, type Decode, flag, list, struct, text, textMap } from '../../go/fields.ts';
import { type GoYamlValue, parseGoYaml } from '../../go/yaml.ts';
import { TaskError } from '../../task/outcome.ts';
import { shown } from '../../text/shown.ts';

/** A larger Chart.yaml, requirements.yaml or lock file is refused unread. */
export const largestMetadataFile = 1024 * 1024;

/**
 * Chart.yaml as Helm reads it. Names are those of the file. Optional fields that are empty are left out, and texts are
 * cleaned as Helm cleans them, so that the same chart gives the same metadata whoever reads it.
 */
export interface ChartMetadata {
  apiVersion: 'v1' | 'v2';
  name: string;
  version: string;
  type?: 'application' | 'library';
  appVersion?: string;
  kubeVersion?: string;
  description?: string;
  home?: string;
  icon?: string;
  condition?: string;
  tags?: string;
  keywords?: string[];
  sources?: string[];
  maintainers?: ChartMaintainer[];
  annotations?: Record<string, string>;
  deprecated?: true;
  dependencies?: ChartDependency[];
}

export interface ChartMaintainer {
  name?: string;
  email?: string;
  url?: string;
}

export interface ChartDependency {
  name: string;
  version?: string;
  repository?: string;
  condition?: string;
  tags?: string[];
  enabled?: true;
  alias?: string;
  /** Texts and mappings, as they stand in the file. */
  'import-values'?: unknown[];
}

/** The fields before they are checked. */
type GivenMetadata = Omit<ChartMetadata, 'apiVersion' | 'type'> & { apiVersion: string; type: string };

/**
 * Reads a chart's metadata as every Helm does when it loads an archive: YAML 1.1 in Go's reading, numbers in text
 * fields turned to text (`appVersion: 1.10` is 1.1), field names in any case, and everything in a requirements.yaml
 * (where charts of apiVersion v1 keep their dependencies) laid over Chart.yaml, whatever the apiVersion.
 * The blobs in a registry must be made from this reading to be those of `helm push`.
 * @throws TaskError when a file is not YAML, a field has the wrong kind of value, or name or version is missing
 */
export function readHelmMetadata(chartYaml: string, requirementsYaml?: string): ChartMetadata {
  const chart = decoded(chartYaml, 'Chart.yaml', {});
  const versioned = { ...chart, apiVersion: chart.apiVersion ?? 'v1' };
  return checked(
    requirementsYaml === undefined ? versioned : decoded(requirementsYaml, 'requirements.yaml', versioned),
  );
}

function decoded(yaml: string, file: string, before: Partial<GivenMetadata>): Partial<GivenMetadata> {
  return metadata(parseGoYaml(yaml, file), file, before) ?? before;
}

const maintainer = struct<ChartMaintainer>({ name: cleanText, email: cleanText, url: cleanText });

const dependency = struct<ChartDependency>({
  name: cleanText,
  version: cleanText,
  repository: cleanText,
  condition: cleanText,
  tags: list(cleanText, ''),
  enabled: flag,
  'import-values': list<unknown>((value) => value, null),
  alias: text,
});

const metadata = struct<GivenMetadata>({
  name: cleanText,
  home: cleanText,
  sources: list(cleanText, ''),
  version: text,
  description: cleanText,
  keywords: list(cleanText, ''),
  maintainers: list(present(maintainer), {}),
  icon: cleanText,
  apiVersion: text,
  condition: cleanText,
  tags: cleanText,
  appVersion: cleanText,
  deprecated: flag,
  annotations: textMap,
  kubeVersion: cleanText,
  dependencies: list(present(named(dependency)), { name: '' }),
  type: text,
});

function named(decode: Decode<Partial<ChartDependency>>): Decode<ChartDependency> {
  return (value, at, before) => ({ name: '', ...decode(value, at, before) });
}

/** Helm refuses a chart with an empty item in its maintainers or dependencies. */
function present<T>(decode: Decode<T>): Decode<T> {
  return (value: GoYamlValue, at, before) => {
    if (value === null) throw new TaskError(`${at} is empty: remove the item or fill it.`);
    return decode(value, at, before);
  };
}

function checked({ type, apiVersion, name, version, ...rest }: Partial<GivenMetadata>): ChartMetadata {
  if (name === undefined) throw new TaskError('Chart.yaml has no "name". Helm needs apiVersion, name and version.');
  if (version === undefined)
    throw new TaskError('Chart.yaml has no "version". Helm needs apiVersion, name and version.');
  if (apiVersion !== 'v1' && apiVersion !== 'v2') {
    throw new TaskError(
      `Chart.yaml: "apiVersion" is ${shown(apiVersion ?? '')}, but it must be v2 (or v1 for old charts).`,
    );
  }
  if (type !== undefined && type !== 'application' && type !== 'library') {
    throw new TaskError(`Chart.yaml: "type" is ${shown(type)}, but it must be application or library.`);
  }
  return { ...rest, name, version, apiVersion, ...(type === undefined ? {} : { type }) };
}

/**
 * The text of one of the chart's metadata files, without a byte order mark.
 * @throws TaskError when it is not UTF-8, or a pointer of Git LFS
 */
export function metadataText(bytes: Uint8Array, file: string): string {
  if (isLfsPointer(bytes)) throw new TaskError(`${file} ${lfsPointerFault}.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new TaskError(`${file} is not UTF-8 text. Save it as UTF-8.`);
  }
}
