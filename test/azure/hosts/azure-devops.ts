import { randomUUID } from 'node:crypto';
import { clouds } from '../clouds.ts';
import type { Identities } from '../identity/identities.ts';
import { validFor } from '../identity/json-web-token.ts';
import type { SigningKey } from '../identity/signing-key.ts';
import type { Exchange } from '../network/exchange.ts';
import type { Builds } from './dev-azure-builds.ts';
import { answerLocations } from './dev-azure-locations.ts';
import { refuseCaller, trouble } from './dev-azure-trouble.ts';

/** What a running job knows of itself and of Azure DevOps. */
export class Job {
  /** System.AccessToken of the job. */
  readonly accessToken = `job.${randomUUID()}.${randomUUID()}`;
  readonly organizationUri = 'https://dev.azure.com/contoso/';
  readonly projectId = randomUUID();
  readonly planId = randomUUID();
  readonly jobId = randomUUID();
  /** Seconds for which a federation token is valid; Azure DevOps gives ten minutes. */
  oidcTokenLife = 600;

  /** System.OidcRequestUri. */
  get oidcRequestUri(): string {
    const hub = `${this.organizationUri}${this.projectId}/_apis/distributedtask/hubs/build`;
    return `${hub}/plans/${this.planId}/jobs/${this.jobId}/oidctoken`;
  }
}

/** Plays dev.azure.com: runs and artifacts, and the token that proves a job's service connection to Entra. */
export class AzureDevOps {
  readonly #job: Job;
  readonly #identities: Identities;
  readonly #key: SigningKey;
  readonly #builds: Builds;
  readonly #checks: (exchange: Exchange, token: string) => Promise<boolean>;
  readonly #organizationId = randomUUID();

  /**
   * @param key belongs to Entra, which has issued these tokens for new service connections since November 2025
   * @param checks answers what is asked of environments, checks and approvals by whoever has this token; false: not for it
   */
  constructor(
    job: Job,
    identities: Identities,
    key: SigningKey,
    builds: Builds,
    checks: (exchange: Exchange, token: string) => Promise<boolean>,
  ) {
    this.#job = job;
    this.#identities = identities;
    this.#key = key;
    this.#builds = builds;
    this.#checks = checks;
  }

  async handle(exchange: Exchange): Promise<void> {
    await exchange.bytes();
    const token = exchange.authorization('Bearer');
    if (token === undefined) return refuseCaller(exchange);
    // Service principals come for these; all else is for the job.
    if (await this.#checks(exchange, token)) return;
    if (token !== this.#job.accessToken) return refuseCaller(exchange);
    if (await answerLocations(exchange, this.#job.organizationUri)) return;
    if (await this.#builds.answer(exchange)) return;
    if (exchange.url.origin + exchange.path !== this.#job.oidcRequestUri || exchange.method !== 'POST') {
      return exchange.json(404, trouble('The controller for path was not found.', 'HttpControllerNotFoundException'));
    }
    const connectionId = exchange.query.get('serviceConnectionId') ?? '';
    const oidcToken = this.#federationToken(connectionId);
    if (oidcToken !== undefined) return exchange.json(200, { oidcToken });
    const text = `The service connection with the ID ${connectionId} does not exist.`;
    await exchange.json(404, trouble(text, 'ServiceEndpointNotFoundException'));
  }

  #federationToken(connectionId: string): string | undefined {
    const identity = this.#identities.byServiceConnection(connectionId);
    if (identity === undefined) return undefined;
    const { authority } = clouds[identity.cloud];
    return this.#key.sign({
      jti: randomUUID(),
      iss: `https://${authority}/${identity.tenantId}/v2.0`,
      sub: `/eid1/c/pub/t/loopback/a/loopback/sc/${this.#organizationId}/${identity.serviceConnectionId}`,
      aud: 'api://AzureADTokenExchange',
      ...validFor(this.#job.oidcTokenLife),
    });
  }
}
