import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { TaskError } from '../../task/outcome.ts';

/** A piece of content by what it must be. */
export interface Descriptor {
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

export function descriptorOf(bytes: Uint8Array): Descriptor {
  return { digest: digestOf(bytes), size: bytes.length };
}

/** Lets exactly the wanted content through: no byte more, no other digest. */
export function checkedContent(wanted: Descriptor): Transform {
  const hash = createHash('sha256');
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      hash.update(chunk);
      if (size <= wanted.size) return done(null, chunk);
      done(
        new TaskError(
          `The registry sent more than the ${wanted.size} bytes of ${wanted.digest}; the manifest or the blob was tampered with.`,
        ),
      );
    },
    flush(done) {
      const digest = `sha256:${hash.digest('hex')}`;
      if (size === wanted.size && digest === wanted.digest) return done();
      done(
        new TaskError(
          `The registry sent ${size} bytes with digest ${digest} instead of ${wanted.size} bytes with ${wanted.digest}; the blob is truncated or was tampered with.`,
        ),
      );
    },
  });
}
