import { isMapping } from '../../go/mapping.ts';
import { TaskError } from '../../task/outcome.ts';
import { shown, visible } from '../../text/shown.ts';
import type { Descriptor } from '../client/content.ts';
import { isDigest } from '../reference.ts';
import { CHART_TYPE, CONFIG_TYPE, PROVENANCE_TYPE } from './manifest.ts';

/** The chart that a manifest describes. */
interface ChartManifest {
  readonly config: Descriptor;
  /** The packaged chart. */
  readonly layer: Descriptor;
  readonly provenance?: Descriptor;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Helm up to 3.6 pushed charts under the second type. */
const CHART_TYPES = [CHART_TYPE, 'application/tar+gzip'];

const IMAGE_CONFIGS = ['application/vnd.docker.container.image.v1+json', 'application/vnd.oci.image.config.v1+json'];

/**
 * Reads the manifest that a registry gave for a chart. Unknown members, layers and annotations that are no text are
 * passed over, as Helm does.
 * @param reference what was asked for, for messages
 * @throws TaskError when it is anything but the manifest of one Helm chart
 */
export function readChartManifest(bytes: Uint8Array, reference: string): ChartManifest {
  const manifest = parsedManifest(bytes, reference);
  const configType = mediaTypeOf(manifest['config']);
  if (IMAGE_CONFIGS.includes(configType)) {
    throw new TaskError(`${reference} is a container image, not a Helm chart: give the repository of the chart.`);
  }
  if (configType !== CONFIG_TYPE) {
    throw new TaskError(`${reference} is not a Helm chart: its config has the media type ${shown(configType)}.`);
  }
  const layers = Array.isArray(manifest['layers']) ? manifest['layers'] : [];
  const layer = onlyOne(layers, CHART_TYPES, `chart layer in ${reference}`);
  if (!layer) {
    const types = layers.map((each) => shown(mediaTypeOf(each))).join(', ') || 'none';
    throw new TaskError(`${reference} holds no chart: the media types of its layers are ${types}.`);
  }
  const provenance = onlyOne(layers, [PROVENANCE_TYPE], `provenance layer in ${reference}`);
  return {
    config: descriptorIn(manifest['config'], `config of ${reference}`),
    layer,
    ...(provenance ? { provenance } : {}),
    annotations: textsIn(manifest['annotations']),
  };
}

function parsedManifest(bytes: Uint8Array, reference: string): Record<string, unknown> {
  const text = Buffer.from(bytes).toString();
  const manifest = parsedJson(text);
  if (!isMapping(manifest)) throw new TaskError(`The manifest of ${reference} is not a JSON object: ${shown(text)}.`);
  if ('manifests' in manifest) {
    throw new TaskError(`${reference} is an image index, not a Helm chart: give the repository of the chart.`);
  }
  if (manifest['schemaVersion'] !== 2 || !('config' in manifest)) {
    throw new TaskError(`The manifest of ${reference} is not an OCI image manifest: ${shown(text)}.`);
  }
  return manifest;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function onlyOne(layers: unknown[], types: string[], what: string): Descriptor | undefined {
  const found = layers.filter((layer) => types.includes(mediaTypeOf(layer)));
  if (found.length > 1) throw new TaskError(`There is more than one ${what} (${found.length}).`);
  return found.length === 1 ? descriptorIn(found[0], what) : undefined;
}

function descriptorIn(value: unknown, what: string): Descriptor {
  const { digest, size } = isMapping(value) ? value : {};
  if (typeof digest !== 'string' || !isDigest(digest)) {
    throw new TaskError(`The ${what} has the digest ${written(digest)} instead of sha256: and 64 hexadecimal digits.`);
  }
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new TaskError(`The ${what} has the size ${written(size)} instead of a number of bytes.`);
  }
  return { digest, size };
}

function mediaTypeOf(descriptor: unknown): string {
  const mediaType = isMapping(descriptor) ? descriptor['mediaType'] : undefined;
  return typeof mediaType === 'string' ? mediaType : '';
}

function textsIn(value: unknown): Record<string, string> {
  const entries = Object.entries(isMapping(value) ? value : {});
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function written(value: unknown): string {
  return value === undefined ? 'missing' : visible(JSON.stringify(value));
}
