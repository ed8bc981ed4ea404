import { Writable } from 'node:stream';
import * as tl from 'azure-pipelines-task-lib/task.js';
import { learnSecret } from '../text/shown.ts';
import { partsOf } from '../text/secret-forms.ts';

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

/**
 * Hides a value from here on: in all that this process shows, in every usual form, and in the log of the later steps. The
 * agent is told each line, since it takes no value of several; the URI and JSON forms it finds by itself, the base64 form
 * only of secret variables.
 */
export function maskSecret(value: string): void {
  if (value.trim() === '') return;
  learnSecret(value);
  const lines = partsOf(value).filter((part) => !/[\r\n]/.test(part));
  for (const text of new Set([...lines, Buffer.from(value).toString('base64')])) tl.setSecret(text);
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

/** What of a connection's authorization gives access. */
export function secretsOfConnection(id: string): Secret[] {
  const parameters: Record<string, string> = tl.getEndpointAuthorization(id, true)?.parameters ?? {};
  return Object.entries(parameters)
    .filter(([name]) => !harmlessParameters.has(name.toLowerCase()))
    .map(([name, value]) => ({ name: `${name} of the service connection ${id}`, value }));
}
