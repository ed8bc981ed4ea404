import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { TaskError } from '../task/outcome.ts';
import type { Descriptor } from './descriptor.ts';

/** Lets exactly the wanted content through: no byte more, no other digest. */
export function checkedContent(wanted: Descriptor): Transform {
  const hash = createHash('sha256');
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      hash.update(chunk);
      if (size > wanted.size)
        done(
          new TaskError(
            `The registry sent more than the ${wanted.size} bytes of ${wanted.digest}; the manifest or the blob was tampered with.`,
          ),
        );
      else done(null, chunk);
    },
    flush(done) {
      const digest = `sha256:${hash.digest('hex')}`;
      if (size === wanted.size && digest === wanted.digest) done();
      else
        done(
          new TaskError(
            `The registry sent ${size} bytes with digest ${digest} instead of ${wanted.size} bytes with ${wanted.digest}; the blob is truncated or was tampered with.`,
          ),
        );
    },
  });
}
