import type { Exchange } from '../network/exchange.ts';

export interface ManifestContent {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** What stands behind a registry's front and serves `/v2/`. */
export interface Backend {
  /** Answers a request of the distribution API, or throws RegistryError. */
  serve(exchange: Exchange): Promise<void>;
  repositories(): Promise<string[]>;
  tags(repository: string): Promise<string[]>;
  /** The manifest that a tag or digest names; undefined if there is none. */
  manifest(repository: string, reference: string): Promise<ManifestContent | undefined>;
}
