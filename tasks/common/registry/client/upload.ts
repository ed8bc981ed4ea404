import { createHash } from 'node:crypto';
import type { HttpAnswer, HttpRequest } from '../../network/index.ts';
import { TaskError } from '../../task/outcome.ts';
import { checkDigest } from './answer.ts';
import type { Descriptor } from './content.ts';

/** A blob to be uploaded. */
export interface Blob extends Descriptor {
  /** The bytes from `start` up to, not including, `end`; good until the next ones are asked for. */
  readonly read: (start: number, end: number) => Promise<Buffer>;
}

/** A larger blob goes up in pieces: the front ends of registries limit one request, and a piece is kept in memory. */
const pieceBytes = 4 * 1024 * 1024;
const octets = { 'content-type': 'application/octet-stream' };

/** Sends a request of an upload and gives its answer, if that has the one status that lets it go on. */
type Step = (request: HttpRequest, status: number) => Promise<HttpAnswer>;

/**
 * Uploads a blob: POST opens the upload (some registries store nothing yet), PATCH adds a piece, PUT the last one.
 * @throws TaskError when the content is not what it was said to be: nothing of it is then kept by the registry
 */
export async function uploadOnce(
  { digest, size, read }: Blob,
  { loginServer, repository }: { readonly loginServer: string; readonly repository: string },
  step: Step,
): Promise<void> {
  const hash = createHash('sha256');
  const piece = async (start: number, end: number): Promise<Buffer> => {
    const bytes = await read(start, end);
    hash.update(bytes);
    return bytes;
  };
  const opened = { method: 'POST', url: `https://${loginServer}/v2/${repository}/blobs/uploads/` } as const;
  let place = placeIn(await step({ ...opened, headers: { 'content-length': '0' } }, 202), loginServer);
  let start = 0;
  for (; size - start > pieceBytes; start += pieceBytes) {
    const headers = { ...octets, 'content-range': `${start}-${start + pieceBytes - 1}` };
    const body = await piece(start, start + pieceBytes);
    place = placeIn(await step({ method: 'PATCH', url: place.href, headers, body }, 202), loginServer);
  }
  const body = await piece(start, size);
  const sent = `sha256:${hash.digest('hex')}`;
  if (sent !== digest) {
    throw new TaskError(`The file changed while it was uploaded: ${digest} became ${sent}. Run the step again.`);
  }
  place.searchParams.append('digest', digest);
  const put = await step({ method: 'PUT', url: place.href, headers: octets, body }, 201);
  checkDigest(put, loginServer, digest, digest);
}

/** Where an upload goes on: the registry may move it at every step, but not to another host, which would get our token. */
function placeIn({ headers }: HttpAnswer, loginServer: string): URL {
  const location = headers.get('location') ?? '';
  const base = `https://${loginServer}`;
  const place = URL.canParse(location, base) ? new URL(location, base) : undefined;
  if (location !== '' && place?.origin === new URL(base).origin) return place;
  throw new TaskError(`${loginServer} began an upload without saying where on its own host it goes on.`);
}
