import type { Readable } from 'node:stream';
import { RestError, type PipelineRequest } from '@azure/core-rest-pipeline';
import { TaskError } from '../task/outcome.ts';

/** How long a body may take that is read whole. */
const wholeMs = 120_000;

/**
 * The whole body of an answer, which is kept in memory: bytes as they come out of a compressed answer count, too.
 * @throws TaskError when it has more bytes than allowed
 * @throws RestError (ECONNRESET), which is worth another try, when it breaks off or does not end
 */
export async function readWhole(body: Readable, host: string, most: number, request: PipelineRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const late = setTimeout(() => body.destroy(new Error(`it took longer than ${wholeMs / 1000} s`)), wholeMs);
  try {
    for await (const chunk of body) {
      const bytes = Buffer.from(chunk);
      size += bytes.length;
      if (size > most) break;
      chunks.push(bytes);
    }
  } catch {
    throw new RestError(`the answer of ${host} broke off`, { code: 'ECONNRESET', request });
  } finally {
    clearTimeout(late);
    body.destroy();
  }
  if (size > most) throw new TaskError(`${host} sent an answer of more than the allowed ${most} bytes.`);
  return Buffer.concat(chunks);
}
