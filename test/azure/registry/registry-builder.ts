import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { cloudOfRegistry } from '../clouds.ts';
import type { BlobStorage } from '../hosts/blob-storage.ts';
import type { AccessTokens } from '../identity/access-tokens.ts';
import type { Identities } from '../identity/identities.ts';
import type { SigningKey } from '../identity/signing-key.ts';
import type { Faults } from '../network/faults.ts';
import { Callers } from './callers.ts';
import { ContentStore } from './content-store.ts';
import { DockerBackend } from './docker-backend.ts';
import { EmulatedBackend } from './emulated-backend.ts';
import { EmulatedRegistry } from './emulated-registry.ts';
import { Registry } from './registry.ts';
import { RegistryTokens } from './registry-tokens.ts';
import { defaultSettings, type RegistrySettings } from './settings.ts';
import { TokenService } from './token-service.ts';

interface Surroundings {
  /** Where registries keep their blobs. */
  readonly folder: string;
  readonly identities: Identities;
  readonly accessTokens: AccessTokens;
  /** Signs the tokens of all registries. */
  readonly key: SigningKey;
  readonly faults: Faults;
  readonly blobStorage: BlobStorage;
}

/** Puts registries together from their parts. */
export class RegistryBuilder {
  readonly #surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** A registry that keeps its content itself. Throws if `loginServer` belongs to no cloud. */
  emulated(loginServer: string, changes: Partial<RegistrySettings>): EmulatedRegistry {
    const { folder, faults, blobStorage } = this.#surroundings;
    const { settings, tokenService } = this.#front(loginServer, changes);
    const container = randomBytes(16).toString('hex');
    const dataHost = blobStorage.hostFor(cloudOfRegistry(loginServer));
    const linkToBlob = (digest: string, path: string): string => blobStorage.link(dataHost, container, digest, path);
    const store = new ContentStore(join(folder, loginServer));
    const backend = new EmulatedBackend({ store, settings, tokenService, linkToBlob });
    const isDataRequest = ({ host, path }: { host: string; path: string }): boolean =>
      host === dataHost && path.startsWith(`/${container}/`);
    return new EmulatedRegistry({ loginServer, settings, tokenService, backend, faults, isDataRequest }, store);
  }

  /** A registry whose content is in a real docker-registry at `url`. Throws if `loginServer` belongs to no cloud. */
  docker(loginServer: string, url: string, changes: Partial<RegistrySettings>): Registry {
    const { settings, tokenService } = this.#front(loginServer, changes);
    const backend = new DockerBackend(url, tokenService);
    const { faults } = this.#surroundings;
    return new Registry({ loginServer, settings, tokenService, backend, faults, isDataRequest: () => false });
  }

  #front(
    loginServer: string,
    changes: Partial<RegistrySettings>,
  ): { settings: RegistrySettings; tokenService: TokenService } {
    const { identities, accessTokens: entraTokens, key } = this.#surroundings;
    const settings = { ...defaultSettings(), ...changes };
    const tokens = new RegistryTokens(loginServer, settings, key);
    const callers = new Callers(loginServer, settings, identities, tokens);
    const cloud = cloudOfRegistry(loginServer);
    return { settings, tokenService: new TokenService({ loginServer, cloud, settings, callers, tokens, entraTokens }) };
  }
}
