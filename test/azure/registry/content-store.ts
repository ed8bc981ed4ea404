import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Upload } from './upload.ts';

export interface StoredManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** One repository: which blobs it may serve, its manifests, its tags. */
export interface Repository {
  readonly name: string;
  /** Digest to size. */
  readonly blobs: Map<string, number>;
  /** By digest. */
  readonly manifests: Map<string, StoredManifest>;
  /** Tag to digest. */
  readonly tags: Map<string, string>;
  /** By id. */
  readonly uploads: Map<string, Upload>;
}

/** What a registry holds: blobs as files in a folder, everything else in memory. */
export class ContentStore {
  readonly #folder: string;
  readonly #repositories = new Map<string, Repository>();

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** The repository of this name, empty if nothing was pushed to it yet. */
  repository(name: string): Repository {
    const known = this.#repositories.get(name);
    if (known !== undefined) return known;
    const fresh = { name, blobs: new Map(), manifests: new Map(), tags: new Map(), uploads: new Map() };
    this.#repositories.set(name, fresh);
    return fresh;
  }

  /** Names of the repositories that hold a manifest, sorted. */
  get repositories(): string[] {
    const filled = [...this.#repositories.values()].filter(({ manifests }) => manifests.size > 0);
    return filled.map(({ name }) => name).sort();
  }

  /** Uploads that were begun and neither finished nor given up. */
  get openUploads(): number {
    return [...this.#repositories.values()].reduce((count, { uploads }) => count + uploads.size, 0);
  }

  async startUpload(repository: Repository): Promise<Upload> {
    const upload = await Upload.start(this.#folder);
    repository.uploads.set(upload.id, upload);
    return upload;
  }

  /** Turns an upload into a blob of its repository. */
  async finishUpload(repository: Repository, upload: Upload): Promise<void> {
    await rename(upload.path, this.blobPath(upload.digest));
    repository.uploads.delete(upload.id);
    repository.blobs.set(upload.digest, upload.size);
  }

  async addBlob(repository: Repository, bytes: Buffer): Promise<string> {
    const digest = digestOf(bytes);
    await writeFile(this.blobPath(digest), bytes);
    repository.blobs.set(digest, bytes.length);
    return digest;
  }

  /** Where the bytes of a blob lie. */
  blobPath(digest: string): string {
    return join(this.#folder, digest.replace(':', '-'));
  }
}

/** The manifest that a tag or digest names. */
export function resolveManifest(repository: Repository, reference: string): StoredManifest | undefined {
  const digest = reference.includes(':') ? reference : repository.tags.get(reference);
  return digest === undefined ? undefined : repository.manifests.get(digest);
}

/** Stores a manifest, and points the tag to it if `reference` is one. */
export function putManifest(
  repository: Repository,
  reference: string,
  bytes: Buffer,
  mediaType: string,
): StoredManifest {
  const manifest = { digest: digestOf(bytes), mediaType, bytes };
  repository.manifests.set(manifest.digest, manifest);
  if (!reference.includes(':')) repository.tags.set(reference, manifest.digest);
  return manifest;
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
