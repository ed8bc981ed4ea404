import { randomUUID } from 'node:crypto';
import { clouds } from '../clouds.ts';
import type { Identities } from '../identity/identities.ts';
import { validFor } from '../identity/json-web-token.ts';
import type { SigningKey } from '../identity/signing-key.ts';
import type { Exchange } from '../network/exchange.ts';
import type { Builds } from './dev-azure-builds.ts';
import { answerLocations } from './dev-azure-locations.ts';
import { trouble } from './dev-azure-trouble.ts';

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
  readonly #checks: (exchange: Exchange) => Promise<boolean>;
  readonly #organizationId = randomUUID();

  /**
   * @param key belongs to Entra, which has issued these tokens for new service connections since November 2025
   * @param checks answers what is asked of checks and approvals
   */
  constructor(
    job: Job,
    identities: Identities,
    key: SigningKey,
    builds: Builds,
    checks: (exchange: Exchange) => Promise<boolean>,
  ) {
    this.#job = job;
    this.#identities = identities;
    this.#key = key;
    this.#builds = builds;
    this.#checks = checks;
  }

  async handle(exchange: Exchange): Promise<void> {
    await exchange.bytes();
    if (exchange.authorization('Bearer') !== this.#job.accessToken) return refuse(exchange);
    if (await answerLocations(exchange, this.#job.organizationUri)) return;
    if (await this.#checks(exchange)) return;
    if (await this.#builds.answer(exchange)) return;
    if (exchange.url.origin + exchange.path !== this.#job.oidcRequestUri || exchange.method !== 'POST') {
      return exchange.json(404, trouble('The controller for path was not found.', 'HttpControllerNotFoundException'));
    }
    const connectionId = exchange.query.get('serviceConnectionId') ?? '';
    const token = this.#federationToken(connectionId);
    if (token !== undefined) return exchange.json(200, { oidcToken: token });
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

/** Without this header Azure DevOps takes the caller for a browser and sends it to the sign-in page. */
function refuse(exchange: Exchange): Promise<void> {
  if (exchange.header('x-tfs-fedauthredirect')?.toLowerCase() !== 'suppress') {
    return exchange.send(302, {
      Location: `https://spsprodeus1.vssps.visualstudio.com/_signin?realm=${exchange.host}`,
    });
  }
  const text = 'TF400813: The user is not authorized to access this resource.';
  return exchange.json(401, trouble(text, 'UnauthorizedRequestException'));
}
