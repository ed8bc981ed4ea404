import { RestError } from '@azure/core-rest-pipeline';
import type { AccessToken, TokenCredential } from '@azure/identity';
import { isMapping } from '../go/mapping.ts';
import {
  again,
  BrokenTransfer,
  type HttpAnswer,
  httpSender,
  metadataHost,
  type NetworkContext,
} from '../network/index.ts';
import type { TaskContext } from '../task/context.ts';
import { messageOf, TaskError } from '../task/outcome.ts';
import { visible } from '../text/shown.ts';
import { arcKey } from './identity-source.ts';
import { arcKeyFolder, type IdentitySource } from './identity-source.ts';

type IdentityContext = NetworkContext & Pick<TaskContext, 'maskSecret'>;

/** The metadata service says so while it is being updated, for about a minute at most. */
const updating = new Set([404, 410]);

/**
 * A managed identity of this machine. The SDK's own credential prefers other sources when the environment names some,
 * and drops the policies of its caller: it knows neither the agent's proxy nor our limits.
 * @param clientId of a user-assigned one
 * @param keyFolder where the Arc agent lays its keys
 */
export function managedIdentity(
  clientId: string | undefined,
  source: IdentitySource,
  context: IdentityContext,
  keyFolder: string = arcKeyFolder(),
): TokenCredential {
  if (source.kind === 'arc' && clientId !== undefined) {
    throw new TaskError(
      `The service connection names the managed identity ${visible(clientId, 100)}, but a server of Azure Arc has its ` +
        'own (system-assigned) identity only: leave the client id of the service connection empty.',
    );
  }
  const ask = asker(clientId, source, context, keyFolder);
  return {
    async getToken(scopes) {
      const resource = String(scopes).replace(/\/\.default$/, '');
      try {
        return await again(() => ask(resource), { attempts: 4, pauseMs: 1000, signal: context.signal });
      } catch (error) {
        context.signal.throwIfAborted();
        if (error instanceof BrokenTransfer || error instanceof RestError) throw refused(messageOf(error), source);
        throw error;
      }
    },
  };
}

/** Asks for a token once. It throws BrokenTransfer where asking again after a while may help. */
function asker(
  clientId: string | undefined,
  source: IdentitySource,
  context: IdentityContext,
  keyFolder: string,
): (resource: string) => Promise<AccessToken> {
  const send = httpSender(context);
  return async (resource) => {
    const { url, headers } = requestTo(source, resource, clientId);
    const request = { method: 'GET', url, headers, allowHttp: true } as const;
    let answer = await send(request);
    if (source.kind === 'arc' && answer.status === 401) {
      const key = await arcKey(answer.headers.get('www-authenticate') ?? '', keyFolder);
      context.maskSecret(key);
      answer = await send({ ...request, headers: { ...headers, authorization: `Basic ${key}` } });
    }
    if (source.kind === 'metadata' && updating.has(answer.status)) throw new BrokenTransfer(`HTTP ${answer.status}`);
    return tokenIn(answer, source);
  };
}

function requestTo(
  source: IdentitySource,
  resource: string,
  clientId: string | undefined,
): { url: string; headers: Record<string, string> } {
  const endpoint =
    source.kind === 'metadata' ? `http://${metadataHost}/metadata/identity/oauth2/token` : source.endpoint;
  const url = new URL(endpoint);
  const version = { metadata: '2018-02-01', arc: '2020-06-01', app: '2019-08-01' }[source.kind];
  url.searchParams.set('api-version', version);
  url.searchParams.set('resource', resource);
  if (clientId !== undefined) url.searchParams.set('client_id', clientId);
  return {
    url: url.href,
    headers: source.kind === 'app' ? { 'x-identity-header': source.header } : { metadata: 'true' },
  };
}

function tokenIn({ status, bytes }: HttpAnswer, source: IdentitySource): AccessToken {
  const answer = fieldsIn(bytes.toString('utf8'));
  const { access_token: token, expires_on: expires, error_description: said, message } = answer;
  if (status === 200 && typeof token === 'string' && token !== '') {
    return { token, expiresOnTimestamp: Number(expires) * 1000 || Date.now() };
  }
  const text = typeof said === 'string' ? said : message;
  const reason = typeof text === 'string' && text !== '' ? text : `HTTP ${status}`;
  // Entra ID's own reason, which has words of its own.
  if (/AADSTS\d+/.test(reason)) throw new Error(reason);
  throw refused(visible(reason, 300), source);
}

function fieldsIn(body: string): Readonly<Record<string, unknown>> {
  try {
    const answer: unknown = JSON.parse(body);
    return isMapping(answer) ? answer : {};
  } catch {
    return {};
  }
}

const places: Readonly<Record<IdentitySource['kind'], string>> = {
  metadata: 'run the job on an agent whose virtual machine or scale set has this identity assigned',
  arc: "check that the server is connected to Azure Arc ('azcmagent show')",
  app: 'assign this identity to the app or the job in which the agent runs',
};

function refused(reason: string, { kind }: IdentitySource): TaskError {
  const several = /multiple user.assigned/i.test(reason);
  return new TaskError(
    `The managed identity of the service connection could not sign in (${reason}): ` +
      (several
        ? 'this machine has several, so put the client id of the one that is meant into the service connection.'
        : `${places[kind]}.`),
  );
}
