import { request, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Exchange } from '../network/exchange.ts';
import type { Backend, ManifestContent } from './backend.ts';
import { digestOf } from './content-store.ts';
import type { TokenService } from './token-service.ts';

const anyManifest = 'application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json';

/** The distribution API of a real docker-registry that trusts the tokens of our token service. */
export class DockerBackend implements Backend {
  readonly #url: string;
  readonly #tokenService: TokenService;

  /** `url` is the registry's own address on loopback. */
  constructor(url: string, tokenService: TokenService) {
    this.#url = url;
    this.#tokenService = tokenService;
  }

  async serve(exchange: Exchange): Promise<void> {
    const { method, url, request: incoming } = exchange;
    const target = new URL(`${url.pathname}${url.search}`, this.#url);
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const outgoing = request(target, { method, headers: incoming.headers }, resolve);
      pipeline(incoming, outgoing).catch(reject);
    });
    const length = answer.headers['content-length'];
    const body = { stream: answer, length: length === undefined ? undefined : Number(length) };
    await exchange.send(answer.statusCode ?? 502, answer.headers, body);
  }

  async repositories(): Promise<string[]> {
    const { body } = await this.#get('/v2/_catalog', '');
    return (JSON.parse(body.toString()) as { repositories: string[] }).repositories;
  }

  async tags(repository: string): Promise<string[]> {
    const { status, body } = await this.#get(`/v2/${repository}/tags/list`, repository);
    if (status === 404) return [];
    // A repository whose last tag is gone has null in their place.
    return (JSON.parse(body.toString()) as { tags: string[] | null }).tags?.sort() ?? [];
  }

  async manifest(repository: string, reference: string): Promise<ManifestContent | undefined> {
    const { status, type, body } = await this.#get(`/v2/${repository}/manifests/${reference}`, repository);
    return status === 404 ? undefined : { digest: digestOf(body), mediaType: type, bytes: body };
  }

  async #get(path: string, repository: string): Promise<{ status: number; type: string; body: Buffer }> {
    const token = this.#tokenService.inspectionToken(repository);
    const headers = { Authorization: `Bearer ${token}`, Accept: anyManifest };
    const response = await fetch(new URL(path, this.#url), { headers });
    if (!response.ok && response.status !== 404)
      throw new Error(`docker-registry answered ${response.status} to ${path}.`);
    const type = response.headers.get('content-type') ?? '';
    return { status: response.status, type, body: Buffer.from(await response.arrayBuffer()) };
  }
}
