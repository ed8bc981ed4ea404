import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  again,
  BrokenTransfer,
  type HttpAnswer,
  type HttpRequest,
  Patience,
  type Sender,
} from '../../network/index.ts';
import { TaskError } from '../../task/outcome.ts';
import { explainRegistryError, type RegistryAction } from '../errors.ts';
import { checkDigest, checkedAnswer, isConnectionFault, isSpoiltUpload } from './answer.ts';
import { checkedContent, digestOf, type Descriptor } from './content.ts';
import type { RegistryTokens } from './tokens.ts';
import { uploadOnce, type Blob } from './upload.ts';

const manifestTypes = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];

const mostRedirects = 5;

export interface FoundManifest {
  /** What we computed of its bytes, never what the registry says. */
  readonly digest: string;
  readonly bytes: Buffer;
}

/** How requests are sent: `send` tries again by itself, `sendOnce` for what cannot simply be repeated. */
export interface Senders {
  readonly send: Sender;
  readonly sendOnce: Sender;
  readonly signal: AbortSignal;
}

type Action = RegistryAction['action'];

/**
 * One repository of a registry, by the OCI distribution specification. Every method throws a TaskError that says what to
 * change in Azure.
 */
export class Repository {
  readonly #about: Omit<RegistryAction, 'action'>;
  readonly #tokens: RegistryTokens;
  readonly #senders: Senders;

  constructor(about: Omit<RegistryAction, 'action'>, tokens: RegistryTokens, senders: Senders) {
    this.#about = about;
    this.#tokens = tokens;
    this.#senders = senders;
  }

  /** The manifest behind a tag or digest, or undefined when the registry has none. */
  find(tagOrDigest: string, action: Action): Promise<FoundManifest | undefined> {
    return this.#explained(action, async () => {
      const headers = { accept: manifestTypes.join(', ') };
      const request = { method: 'GET', url: this.#url(`manifests/${tagOrDigest}`), headers } as const;
      const answer = await this.#ask(request, action, [200, 404]);
      if (answer.status === 404) return undefined;
      const digest = digestOf(answer.bytes);
      checkDigest(answer, this.#about.loginServer, tagOrDigest.startsWith('sha256:') ? tagOrDigest : digest, digest);
      return { digest, bytes: answer.bytes };
    });
  }

  /** Whether the registry has a blob already. A refusal tells no reason here; the requests beside and after it do. */
  has({ digest }: Descriptor): Promise<boolean> {
    return this.#explained('push', async () => {
      const request = { method: 'HEAD', url: this.#url(`blobs/${digest}`) } as const;
      const answer = await this.#ask(request, 'push', [200, 401, 403, 404, 405]);
      return answer.status === 200;
    });
  }

  /** Uploads a blob. What broke off is begun anew: pieces may have arrived twice. */
  upload(blob: Blob): Promise<void> {
    return this.#explained('push', async () => {
      await this.#again(async () => {
        try {
          await uploadOnce(blob, this.#about, (request, status) => this.#ask(request, 'push', [status], 1));
        } catch (error) {
          throw isConnectionFault(error) || isSpoiltUpload(error)
            ? new BrokenTransfer('upload', { cause: error })
            : error;
        }
      });
    });
  }

  /** Puts a manifest under a tag; from here on the push is visible. Returns its digest. */
  putManifest(bytes: Buffer, tag: string): Promise<string> {
    return this.#explained('push', async () => {
      const headers = { 'content-type': 'application/vnd.oci.image.manifest.v1+json' };
      const request = { method: 'PUT', url: this.#url(`manifests/${tag}`), headers, body: bytes } as const;
      const digest = digestOf(bytes);
      checkDigest(await this.#ask(request, 'push', [201]), this.#about.loginServer, digest, digest);
      return digest;
    });
  }

  /** Writes a blob to a new file, checking size and digest on the way. The file is not to be trusted before the end. */
  download(wanted: Descriptor, file: string): Promise<void> {
    const { signal } = this.#senders;
    const patience = new Patience();
    return this.#explained('pull', () =>
      this.#again(async () => {
        const content = await this.#open(wanted.digest, patience);
        try {
          await pipeline(content, checkedContent(wanted), createWriteStream(file, { mode: 0o600 }), { signal });
        } catch (error) {
          throw isConnectionFault(error) ? new BrokenTransfer('download', { cause: error }) : error;
        }
      }),
    );
  }

  /** A blob's content, which a registry may keep on another host: that one gets no token. */
  async #open(digest: string, patience: Patience): Promise<Readable> {
    const { loginServer } = this.#about;
    let url = this.#url(`blobs/${digest}`);
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      const { host } = new URL(url);
      const request = { method: 'GET', url, stream: true, patience } as const;
      const answer =
        host === loginServer
          ? await this.#ask(request, 'pull', [200, 301, 302, 303, 307, 308])
          : checkedAnswer(await this.#senders.send(request), host, [200, 301, 302, 303, 307, 308]);
      if (answer.stream !== undefined) return answer.stream;
      const location = answer.headers.get('location') ?? '';
      if (!URL.canParse(location, url) || new URL(location, url).protocol !== 'https:') break;
      url = new URL(location, url).href;
    }
    throw new TaskError(`${loginServer} redirects the download of ${digest} to no address that can be followed.`);
  }

  /** @param tries 1 for what must not simply be repeated */
  async #ask(request: HttpRequest, action: Action, accepted: readonly number[], tries?: 1): Promise<HttpAnswer> {
    const { loginServer, repository } = this.#about;
    const scope = `repository:${repository}:${action === 'push' ? 'pull,push' : 'pull'}`;
    const send = tries === undefined ? this.#senders.send : this.#senders.sendOnce;
    return checkedAnswer(await this.#tokens.send(request, scope, send), loginServer, accepted);
  }

  #url(path: string): string {
    return `https://${this.#about.loginServer}/v2/${this.#about.repository}/${path}`;
  }

  /** @throws what broke the last attempt */
  #again<Result>(work: () => Promise<Result>): Promise<Result> {
    return again(work, { attempts: 4, pauseMs: 800, signal: this.#senders.signal }).catch((error: unknown) => {
      throw error instanceof BrokenTransfer ? error.cause : error;
    });
  }

  async #explained<Result>(action: Action, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      this.#senders.signal.throwIfAborted();
      throw explainRegistryError(error, { ...this.#about, action });
    }
  }
}
