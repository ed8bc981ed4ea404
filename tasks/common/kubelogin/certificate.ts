import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { messageOf, TaskError } from '../task/outcome.ts';

/**
 * The private key and the certificates of a service connection in the one form that kubelogin reads: it skips every
 * block but `PRIVATE KEY` (PKCS#8) and `CERTIFICATE`, and signs with RSA keys only.
 * @param pem key and certificates in any form of PEM without a password.
 * @throws TaskError when a part is missing or unusable.
 */
export function keyAndCertificate(pem: string): string {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const key = privateKey(pem);
  if (key.asymmetricKeyType !== 'rsa') {
    throw new TaskError(
      `The service connection's certificate has a key of type ${key.asymmetricKeyType}; kubelogin signs in with RSA keys only.`,
    );
  }
  if (!certificates.some((certificate) => belongsTo(certificate, key))) {
    throw new TaskError(
      "The service connection's certificate does not fit its private key: paste both into it, the key first.",
    );
  }
  return [key.export({ type: 'pkcs8', format: 'pem' }).toString().trim(), ...certificates, ''].join('\n');
}

function privateKey(pem: string): KeyObject {
  const block = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]+?-----END \1-----/.exec(pem)?.[0];
  if (block === undefined) throw new TaskError("The service connection's certificate holds no private key.");
  try {
    return createPrivateKey(block);
  } catch (error) {
    throw new TaskError(`The private key of the service connection's certificate cannot be read: ${messageOf(error)}.`);
  }
}

function belongsTo(certificate: string, key: KeyObject): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(key);
  } catch {
    return false;
  }
}
