import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { createSelfSigned } from '../certificates/certificate.ts';

/** A certificate that an application signs in with. */
export interface ClientCertificate {
  /** What is registered with Entra, as PEM. */
  readonly certificate: string;
  /** Private key and certificate in one PEM text, as a service connection holds it. */
  readonly pem: string;
}

/** Makes a self-signed RSA certificate, as `az ad sp create-for-rbac --create-cert` does. */
export async function createClientCertificate(): Promise<ClientCertificate> {
  const keys = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const certificate = createSelfSigned('contoso-delivery', keys);
  const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { certificate, pem: `${key}${certificate}` };
}
