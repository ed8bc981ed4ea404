import { randomBytes } from 'node:crypto';
import type { Cloud } from '../clouds.ts';
import type { Exchange } from '../network/exchange.ts';
import { sendFile } from '../registry/byte-range.ts';

/** Plays the storage accounts behind registries, to which these redirect the download of blobs by signed links. */
export class BlobStorage {
  readonly #files = new Map<string, { readonly url: URL; readonly path: string }>();

  /** The storage account that the registries of a cloud share. */
  hostFor({ blobSuffix }: Cloud): string {
    return `eusmanaged1${blobSuffix}`;
  }

  /** A link to the blob with this digest in a container, whose bytes lie at `path`. */
  link(host: string, container: string, digest: string, path: string): string {
    const hex = digest.replace('sha256:', '');
    const url = new URL(
      `/${container}/docker/registry/v2/blobs/sha256/${hex.slice(0, 2)}/${hex}/data`,
      `https://${host}`,
    );
    const signature = randomBytes(32).toString('base64');
    url.search = new URLSearchParams({ se: '2099-01-01T00:00:00Z', sig: signature, sp: 'r', sr: 'b' }).toString();
    this.#files.set(signature, { url, path });
    return url.href;
  }

  async handle(exchange: Exchange): Promise<void> {
    // The signature in the link is the authorization; storage takes a second one for a mistake.
    if (exchange.header('authorization') !== undefined) {
      const text =
        'Authentication information is not given in the correct format. Check the value of Authorization header.';
      return sendError(exchange, 400, 'InvalidAuthenticationInfo', text);
    }
    const file = this.#files.get(exchange.query.get('sig') ?? '');
    if (file?.url.pathname === exchange.path) return sendFile(exchange, file.path, { 'x-ms-blob-type': 'BlockBlob' });
    await sendError(exchange, 403, 'AuthenticationFailed', 'Server failed to authenticate the request.');
  }
}

function sendError(exchange: Exchange, status: number, code: string, message: string): Promise<void> {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return exchange.send(status, { 'Content-Type': 'application/xml', 'x-ms-error-code': code }, body);
}
