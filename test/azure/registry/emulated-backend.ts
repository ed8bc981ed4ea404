import type { Exchange } from '../network/exchange.ts';
import type { Backend, ManifestContent } from './backend.ts';
import { serveBlob, type LinkToBlob } from './blobs.ts';
import { ContentStore, resolveManifest, type Repository } from './content-store.ts';
import { sendPage } from './listings.ts';
import { serveManifest } from './manifests.ts';
import { RegistryError, repositoryUnknown } from './registry-error.ts';
import type { RegistrySettings } from './settings.ts';
import type { TokenService } from './token-service.ts';
import { Uploads } from './uploads.ts';

interface EmulatedParts {
  readonly store: ContentStore;
  readonly settings: RegistrySettings;
  readonly tokenService: TokenService;
  readonly linkToBlob: LinkToBlob;
}

const repositoryName = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const actionsOfMethod: Record<string, string[]> = { GET: ['pull'], HEAD: ['pull'], DELETE: ['delete'] };

/** The distribution API on a content store of our own. */
export class EmulatedBackend implements Backend {
  readonly #parts: EmulatedParts;
  readonly #uploads: Uploads;

  constructor(parts: EmulatedParts) {
    this.#parts = parts;
    this.#uploads = new Uploads(parts.store, () => parts.settings.absoluteLocations);
  }

  async serve(exchange: Exchange): Promise<void> {
    const { tokenService, store } = this.#parts;
    const path = decodeURIComponent(exchange.path);
    if (path === '/v2/') {
      tokenService.authorize(exchange, undefined);
      return exchange.json(200, {});
    }
    if (path === '/v2/_catalog') {
      tokenService.authorize(exchange, { type: 'registry', name: 'catalog', actions: ['*'] });
      return sendPage(exchange, store.repositories, 'repositories');
    }
    const match = /^\/v2\/(.+?)\/(?:(tags)\/list|(manifests|blobs|blobs\/uploads)\/([^/]*))$/.exec(path);
    if (match === null) throw new RegistryError(404, 'NOT_FOUND', 'page not found');
    const [, name = '', tags, kind, reference = ''] = match;
    const actions = actionsOfMethod[exchange.method] ?? ['pull', 'push'];
    tokenService.authorize(exchange, { type: 'repository', name, actions });
    if (!repositoryName.test(name)) throw new RegistryError(400, 'NAME_INVALID', 'invalid repository name', { name });
    await this.#serveRepository(exchange, store.repository(name), tags ?? kind ?? '', reference);
  }

  repositories(): Promise<string[]> {
    return Promise.resolve(this.#parts.store.repositories);
  }

  tags(repository: string): Promise<string[]> {
    return Promise.resolve(tagsOf(this.#parts.store.repository(repository)));
  }

  manifest(repository: string, reference: string): Promise<ManifestContent | undefined> {
    return Promise.resolve(resolveManifest(this.#parts.store.repository(repository), reference));
  }

  #serveRepository(exchange: Exchange, repository: Repository, kind: string, reference: string): Promise<void> {
    const { store, settings, linkToBlob } = this.#parts;
    switch (kind) {
      case 'tags':
        if (repository.manifests.size === 0) throw repositoryUnknown(repository.name);
        return sendPage(exchange, tagsOf(repository), 'tags', { name: repository.name });
      case 'manifests':
        return serveManifest(exchange, repository, reference);
      case 'blobs/uploads':
        return reference === ''
          ? this.#uploads.begin(exchange, repository)
          : this.#uploads.serve(exchange, repository, reference);
      default:
        return serveBlob(exchange, store, repository, reference, settings.blobRedirect ? linkToBlob : undefined);
    }
  }
}

function tagsOf({ tags }: Repository): string[] {
  return [...tags.keys()].sort();
}
