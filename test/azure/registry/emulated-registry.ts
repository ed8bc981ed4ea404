import { putManifest, type ContentStore } from './content-store.ts';
import { Registry, type RegistryParts } from './registry.ts';

/** A chart to be found in a registry. */
export interface SeededChart {
  readonly name: string;
  readonly version: string;
  /** The packed chart. */
  readonly archive: Buffer;
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const configType = 'application/vnd.cncf.helm.config.v1+json';
const layerType = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';

/** A registry whose content tests can put in place and look through. */
export class EmulatedRegistry extends Registry {
  readonly #store: ContentStore;

  constructor(parts: RegistryParts, store: ContentStore) {
    super(parts);
    this.#store = store;
  }

  /** Uploads that were begun and neither finished nor given up. */
  get openUploads(): number {
    return this.#store.openUploads;
  }

  /** Puts a chart into `<namespace>/<name>` as helm would push it. Gives the manifest's digest. */
  async seedChart(namespace: string, { name, version, archive }: SeededChart): Promise<string> {
    const repository = `${namespace}/${name}`;
    const config = Buffer.from(JSON.stringify({ name, version, apiVersion: 'v2' }));
    const manifest = {
      schemaVersion: 2,
      config: { mediaType: configType, digest: await this.seedBlob(repository, config), size: config.length },
      layers: [{ mediaType: layerType, digest: await this.seedBlob(repository, archive), size: archive.length }],
      annotations: { 'org.opencontainers.image.title': name, 'org.opencontainers.image.version': version },
    };
    return this.seedManifest(repository, version.replace('+', '_'), manifest);
  }

  /** Puts a blob into a repository. Gives its digest. */
  seedBlob(repository: string, bytes: Buffer): Promise<string> {
    return this.#store.addBlob(this.#store.repository(repository), bytes);
  }

  /** Puts a manifest of any form into a repository, unchecked, under a tag or digest. Gives its digest. */
  seedManifest(repository: string, reference: string, manifest: object, mediaType = manifestType): string {
    const bytes = Buffer.from(JSON.stringify(manifest));
    return putManifest(this.#store.repository(repository), reference, bytes, mediaType).digest;
  }
}
