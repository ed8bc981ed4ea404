import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

export const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';

/** A blob of an image. */
export interface Blob {
  readonly digest: string;
  readonly content: Buffer;
}

/** An image as a registry takes it. */
export interface Image {
  readonly manifest: Buffer;
  /** Its config and its layers. */
  readonly blobs: readonly Blob[];
}

/** An image of one layer with one file, which holds the digest of what it was built from: the same input, the same image. */
export function imageOf(input: string): Image {
  const archive = tarOf('built-from', Buffer.from(`${input}\n`));
  const layer = blobOf(gzipSync(archive));
  const config = blobOf(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      created: '1970-01-01T00:00:00Z',
      config: { Labels: { 'contoso.example/built-by': 'stand-in for docker' } },
      rootfs: { type: 'layers', diff_ids: [sha256(archive)] },
    }),
  );
  const manifest = {
    schemaVersion: 2,
    mediaType: manifestType,
    config: described('application/vnd.docker.container.image.v1+json', config),
    layers: [described('application/vnd.docker.image.rootfs.diff.tar.gzip', layer)],
  };
  return { manifest: Buffer.from(JSON.stringify(manifest)), blobs: [config, layer] };
}

/** `sha256:…` of bytes or of a text. */
export function sha256(content: Buffer | string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** What stands for docker's own store: the input of each image by its name. */
export class ImageStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  put(name: string, input: string): void {
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(this.#file(name), input);
  }

  /** The input of an image. Throws when there is none of that name. */
  get(name: string): string {
    try {
      return readFileSync(this.#file(name), 'utf8');
    } catch {
      throw new Error(`There is no image ${name}: build or tag it first.`);
    }
  }

  #file(name: string): string {
    return path.join(this.#folder, sha256(name).slice('sha256:'.length));
  }
}

function blobOf(content: Buffer | string): Blob {
  return { digest: sha256(content), content: Buffer.from(content) };
}

function described(mediaType: string, { digest, content }: Blob): object {
  return { mediaType, size: content.length, digest };
}

/** A tar archive (ustar) with one file. */
function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write('0000644\u00000000000\u00000000000\0', 100);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0        0`, 124);
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
  return Buffer.concat([header, content, padding, Buffer.alloc(1024)]);
}
