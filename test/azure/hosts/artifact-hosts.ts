import { randomBytes } from 'node:crypto';
import type { Exchange } from '../network/exchange.ts';
import type { PlayedRun } from './pipeline-runs.ts';

/** Plays the hosts behind pipeline artifacts: one that wants the job's token and redirects, and the storage behind it. */
export class ArtifactHosts {
  readonly artifactHost = 'artprodeus21.artifacts.visualstudio.com';
  readonly storageHost = 'vsblobprodeus21.blob.core.windows.net';
  readonly #accessToken: string;
  /** By the last part of an artifact's path. */
  readonly #zips = new Map<string, () => Buffer>();
  /** Signatures of the links that were given out, with what they lead to. */
  readonly #signed = new Map<string, () => Buffer>();

  constructor(accessToken: string) {
    this.#accessToken = accessToken;
  }

  /** The `downloadUrl` of a pipeline artifact. */
  link(run: PlayedRun, name: string, zip: () => Buffer): string {
    const key = Buffer.from(
      `pipelineartifact://contoso/projectId/${run.projectId}/buildId/${run.id}/artifactName/${name}`,
    );
    this.#zips.set(key.toString('base64url'), zip);
    return `https://${this.artifactHost}/Acontoso/${run.projectId}/_apis/artifact/${key.toString('base64url')}/content?format=zip`;
  }

  async handleArtifact(exchange: Exchange): Promise<void> {
    const zip = this.#zips.get(exchange.path.split('/').at(-2) ?? '');
    if (exchange.authorization('Bearer') !== this.#accessToken) return exchange.send(401, {});
    if (zip === undefined) return exchange.send(404, {});
    const signature = randomBytes(32).toString('base64');
    this.#signed.set(signature, zip);
    const query = new URLSearchParams({ sv: '2019-07-07', sp: 'r', sr: 'b', sig: signature });
    await exchange.send(302, { Location: `https://${this.storageHost}/b-artifacts/content.zip?${query.toString()}` });
  }

  async handleStorage(exchange: Exchange): Promise<void> {
    // The link is the authorization; a second one is a mistake, and a token of the job that went astray.
    if (exchange.header('authorization') !== undefined) return exchange.send(400, {});
    const zip = this.#signed.get(exchange.query.get('sig') ?? '');
    if (zip === undefined) return exchange.send(403, {});
    await exchange.send(200, { 'Content-Type': 'application/zip' }, zip());
  }
}
