import { randomUUID } from 'node:crypto';
import type { Exchange } from '../network/exchange.ts';
import type { Fault, FaultHandle, Faults } from '../network/faults.ts';
import type { RecordedRequest } from '../network/request-log.ts';
import type { Backend, ManifestContent } from './backend.ts';
import { firewallDenial, RegistryError } from './registry-error.ts';
import type { RegistrySettings } from './settings.ts';
import type { TokenService } from './token-service.ts';

export interface RegistryParts {
  readonly loginServer: string;
  readonly settings: RegistrySettings;
  readonly tokenService: TokenService;
  readonly backend: Backend;
  readonly faults: Faults;
  /** Whether a request to another host fetches this registry's data. */
  readonly isDataRequest: (request: RecordedRequest) => boolean;
}

/** Plays one `*.azurecr.io` host: network rules, token endpoints, and the distribution API of its backend. */
export class Registry {
  readonly #parts: RegistryParts;

  constructor(parts: RegistryParts) {
    this.#parts = parts;
  }

  get loginServer(): string {
    return this.#parts.loginServer;
  }

  /** In force at once when changed. */
  get settings(): RegistrySettings {
    return this.#parts.settings;
  }

  async handle(exchange: Exchange): Promise<void> {
    exchange.preset({
      Server: 'openresty',
      'Docker-Distribution-Api-Version': 'registry/2.0',
      'X-Ms-Correlation-Request-Id': randomUUID(),
    });
    try {
      await this.#route(exchange);
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      await exchange.json(error.status, error.body, error.headers);
    }
  }

  /** Injects a fault into requests to this registry and to the data host on its behalf. */
  fault(fault: Fault): FaultHandle {
    const { match = () => true } = fault;
    return this.#parts.faults.inject({ ...fault, match: (request) => this.#concerns(request) && match(request) });
  }

  /** Lets this many more requests through and cuts every one after them, until the handle is lifted. */
  stopAfter(requests: number, kind: 'reset' | 'lostAnswer' = 'reset'): FaultHandle {
    let seen = 0;
    const match = (): boolean => ++seen > requests;
    return this.fault({ kind, match, times: Infinity });
  }

  /** Names of the repositories that hold something. */
  repositories(): Promise<string[]> {
    return this.#parts.backend.repositories();
  }

  /** Tags of a repository, sorted; none if there is no such repository. */
  tags(repository: string): Promise<string[]> {
    return this.#parts.backend.tags(repository);
  }

  /** The manifest that a tag or digest names; undefined if there is none. */
  manifest(repository: string, reference: string): Promise<ManifestContent | undefined> {
    return this.#parts.backend.manifest(repository, reference);
  }

  #route(exchange: Exchange): Promise<void> {
    const { settings, tokenService, backend } = this.#parts;
    if (settings.firewall) throw firewallDenial();
    if (exchange.path.startsWith('/v2/')) return backend.serve(exchange);
    switch (`${exchange.method} ${exchange.path}`) {
      case 'POST /oauth2/exchange':
        return tokenService.exchange(exchange);
      case 'GET /oauth2/token':
      case 'POST /oauth2/token':
        return tokenService.token(exchange);
      default:
        throw new RegistryError(404, 'NOT_FOUND', 'page not found');
    }
  }

  #concerns(request: RecordedRequest): boolean {
    return request.host === this.#parts.loginServer || this.#parts.isDataRequest(request);
  }
}
