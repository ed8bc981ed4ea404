import type { ChartMetadata } from '../chart/metadata/metadata.ts';
import { goJson, goStruct, type GoStruct } from '../go/json.ts';
import { chartAnnotations } from './chart-annotations.ts';
import type { Descriptor } from './descriptor.ts';

export const CONFIG_TYPE = 'application/vnd.cncf.helm.config.v1+json';
export const CHART_TYPE = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';
export const PROVENANCE_TYPE = 'application/vnd.cncf.helm.chart.provenance.v1.prov';

export interface ChartManifestParts {
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
