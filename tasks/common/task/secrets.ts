import { Writable } from 'node:stream';
import * as tl from 'azure-pipelines-task-lib/task.js';

const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });

/**
 * Reads a value that may be secret. task-lib writes every value it hands out into the debug log, where only the
 * agent's masking would hide it. `read` must not print: what it prints is lost.
 */
export function quietly<Value>(read: () => Value): Value {
  tl.setStdStream(nowhere);
  try {
    return read();
  } finally {
    tl.setStdStream(process.stdout);
  }
}

/** A secret that the agent gave to this step. */
export interface Secret {
  /** Whose it is, for messages: `the secret variable dbPassword`. */
  readonly name: string;
  readonly value: string;
}

/**
 * Authorization parameters that give nobody access. The first ones are those that the agent itself does not mask
 * (MaskingUtil); then come names and addresses.
 */
const harmlessParameters = new Set([
  'role',
  'scope',
  'tenantid',
  'issuedat',
  'expiresat',
  'audience',
  'authenticationtype',
  'authorizationtype',
  'accesstokentype',
  'accesstokenfetchingmethod',
  'usewindowssecurity',
  'unsecured',
  'oauthaccesstokenissupplied',
  'completecallbackpayload',
  'acceptuntrustedcertificates',
  'serviceprincipalid',
  'username',
  'email',
  'registry',
  'loginserver',
  'workloadidentityfederationissuer',
  'workloadidentityfederationsubject',
]);

/**
 * Every secret variable of the job, and the secrets of the connections that the step uses.
 * @param connections ids, as the `connectedService:*` inputs give them.
 */
export function secretsOfStep(connections: readonly string[]): Secret[] {
  const secrets = quietly(() => [
    ...tl
      .getVariables()
      .filter(({ secret }) => secret)
      .map(({ name, value }) => ({ name: `the secret variable ${name}`, value })),
    ...['SYSTEMVSSCONNECTION', ...connections].flatMap(secretsOfConnection),
  ]);
  // task-lib says undefined for an empty secret, whatever its types say.
  return secrets.filter(({ value }) => Boolean(value));
}

function secretsOfConnection(id: string): Secret[] {
  const parameters: Record<string, string> = tl.getEndpointAuthorization(id, true)?.parameters ?? {};
  return Object.entries(parameters)
    .filter(([name]) => !harmlessParameters.has(name.toLowerCase()))
    .map(([name, value]) => ({ name: `${name} of the service connection ${id}`, value }));
}
