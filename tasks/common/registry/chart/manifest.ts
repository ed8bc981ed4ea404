import { goJson, goStruct, type GoStruct } from '../../go/json.ts';
import type { ChartDependency, ChartMaintainer, ChartMetadata } from '../../chart/metadata/metadata.ts';
import type { Descriptor } from '../client/content.ts';

export const CONFIG_TYPE = 'application/vnd.cncf.helm.config.v1+json';
export const CHART_TYPE = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';
export const PROVENANCE_TYPE = 'application/vnd.cncf.helm.chart.provenance.v1.prov';

interface ChartManifestParts {
  readonly metadata: ChartMetadata;
  readonly config: Descriptor;
  readonly layer: Descriptor;
  readonly provenance?: Descriptor;
  /** Helm takes the time of the archive file, in the time zone of the machine; here it is always UTC. */
  readonly created: Date;
  /** Only for annotations that are not there otherwise; see chartAnnotations. */
  readonly extraAnnotations?: Readonly<Record<string, string>>;
}

/**
 * The manifest of a chart, byte for byte as `helm push` 4.1.4 writes it for the same archive and time (without extra
 * annotations): no mediaType and no artifactType, layers in the order of their digests, annotations by name.
 */
export function chartManifest(parts: ChartManifestParts): Buffer {
  const { metadata, config, layer, provenance, created, extraAnnotations } = parts;
  const layers = [
    { mediaType: CHART_TYPE, ...layer },
    ...(provenance ? [{ mediaType: PROVENANCE_TYPE, ...provenance }] : []),
  ].sort((a, b) => (a.digest < b.digest ? -1 : 1));
  const manifest = goStruct({
    schemaVersion: 2,
    config: descriptorStruct({ mediaType: CONFIG_TYPE, ...config }),
    layers: layers.map(descriptorStruct),
    annotations: chartAnnotations(metadata, created, extraAnnotations),
  });
  return Buffer.from(goJson(manifest));
}

function descriptorStruct({ mediaType, digest, size }: Descriptor & { mediaType: string }): GoStruct {
  return goStruct({ mediaType, digest, size }, ['size']);
}

const PREFIX = 'org.opencontainers.image.';

/** The two that a chart's own annotations cannot change. */
const FIXED = new Set([`${PREFIX}title`, `${PREFIX}version`]);

/**
 * The annotations of a chart's manifest as `helm push` makes them. What Chart.yaml lists under annotations wins over
 * what is drawn from its fields and over `created`, even when it is empty; only title and version are fixed.
 * @param extra added where neither Helm nor the chart's author wrote that annotation; never replaces one
 */
function chartAnnotations(
  metadata: ChartMetadata,
  created: Date,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const drawn = Object.entries({
    description: metadata.description,
    title: metadata.name,
    version: metadata.version,
    url: metadata.home,
    created: `${created.toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)}Z`,
    source: metadata.sources?.[0],
    authors: metadata.maintainers?.map(author).join(', '),
  }).map(([name, value = '']): [string, string] => [PREFIX + name, value]);
  const written = Object.entries(metadata.annotations ?? {}).filter(([name]) => !FIXED.has(name));
  return Object.fromEntries([...[...Object.entries(extra), ...drawn].filter(isGiven), ...written]);
}

function author({ name = '', email }: ChartMaintainer): string {
  return email ? `${name} (${email})` : name;
}

function isGiven([, value]: [string, string]): boolean {
  return /\P{White_Space}/u.test(value);
}

/**
 * The config blob of a chart in a registry: its metadata as JSON, byte for byte as `helm push` writes it. The members
 * stand in the order of Helm's own structs.
 */
export function chartConfig(metadata: ChartMetadata): Buffer {
  const { name, home, sources, version, description, keywords, maintainers, icon, apiVersion } = metadata;
  const { condition, tags, appVersion, deprecated, annotations, kubeVersion, dependencies, type } = metadata;
  const struct = goStruct({
    name,
    home,
    sources,
    version,
    description,
    keywords,
    maintainers: maintainers?.map((one) => goStruct({ name: one.name, email: one.email, url: one.url })),
    icon,
    apiVersion,
    condition,
    tags,
    appVersion,
    deprecated,
    annotations,
    kubeVersion,
    dependencies: dependencies?.map(dependencyStruct),
    type,
  });
  return Buffer.from(goJson(struct));
}

function dependencyStruct(dependency: ChartDependency): GoStruct {
  const { name, version, repository = '', condition, tags, enabled, alias } = dependency;
  const importValues = dependency['import-values'];
  const members = { name, version, repository, condition, tags, enabled, 'import-values': importValues, alias };
  return goStruct(members, ['name', 'repository']);
}
