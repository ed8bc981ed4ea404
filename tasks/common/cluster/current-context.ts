import { X509Certificate } from 'node:crypto';
import { readPlainYaml } from '../go/document.ts';
import { type Fields, fieldsOf, namedEntry, optionalText, requiredText } from '../go/mapping.ts';
import { TaskError } from '../task/outcome.ts';

/** What the current context of a kubeconfig names. */
export interface CurrentContext {
  readonly contextName: string;
  readonly clusterName: string;
  readonly userName: string;
  readonly cluster: Fields;
  readonly user: Fields;
  readonly namespace: string | undefined;
}

/** A kubeconfig of Azure Resource Manager has about 10 kB. In characters. */
const largest = 1024 * 1024;

/**
 * Reads the entries of a kubeconfig's current context; whatever else stands in it is left behind.
 * @param mask is told every secret in it, of other users too, before anything else is done with it
 * @throws TaskError when it is no kubeconfig
 */
export function currentContext(text: string, mask: (secret: string) => void): CurrentContext {
  const config = fieldsOf(parsed(text), 'kubeconfig');
  secretsIn(config.values['users']).forEach(mask);
  const contextName = requiredText(config, 'current-context');
  const context = namedEntry(config, 'contexts', contextName, 'context');
  const clusterName = requiredText(context, 'cluster');
  const userName = requiredText(context, 'user');
  return {
    contextName,
    clusterName,
    userName,
    cluster: namedEntry(config, 'clusters', clusterName, 'cluster'),
    user: namedEntry(config, 'users', userName, 'user'),
    namespace: optionalText(context, 'namespace'),
  };
}

function parsed(text: string): unknown {
  if (text.length > largest) {
    throw new TaskError(`The kubeconfig is refused: it has ${text.length} characters; at most ${largest} are read.`);
  }
  return readPlainYaml(text, 'kubeconfig');
}

/** Fields whose values give access, at any depth: those of a user, and of the sign-in of older kubectls. */
const secretFields = /^(token|password|client-key-data|(access|refresh|id)-token|client-secret)$/;

/** What gives access in the users of a kubeconfig; of private keys also the text. */
function secretsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    if (typeof member !== 'string') return secretsIn(member);
    if (!secretFields.test(name)) return [];
    return name === 'client-key-data' ? [member, decoded(member)] : [member];
  });
}

/** The certificate in a field, as PEM. @throws TaskError when there is none */
export function certificateIn(fields: Fields, name: string): string {
  return checkedCertificate(decoded(requiredText(fields, name)), `${fields.path}.${name}`);
}

/** @param place where it stood, for the message @throws TaskError when it is no certificate */
export function checkedCertificate(pem: string, place: string): string {
  if (isCertificate(pem)) return pem;
  throw new TaskError(`The kubeconfig is unusable: ${place} is no certificate.`);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

/** The text in base64. */
export function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString();
}
