import { generateKeyPairSync } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import {
  authorityKeyIdentifier,
  basicConstraints,
  clientAuthentication,
  createCertificate,
  dnsName,
  keyUsage,
  serverAuthentication,
  subjectKeyIdentifier,
} from './certificate.ts';

const name = 'Azure on loopback, throw-away authority';

/** What a TLS server or client proves itself with, as PEM. */
export interface Credential {
  readonly certificate: string;
  readonly key: string;
}

/** A throw-away certificate authority whose keys never leave the process; makes a certificate per host on demand. */
export class CertificateAuthority {
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #hostKeys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #contexts = new Map<string, SecureContext>();
  /** The authority's own certificate as PEM, for clients to trust. */
  readonly certificate = createCertificate(
    {
      subject: name,
      publicKey: this.#keys.publicKey,
      extensions: [basicConstraints(true), keyUsage('certificates'), subjectKeyIdentifier(this.#keys.publicKey)],
    },
    { name, keys: this.#keys },
  );

  /** What a TLS server needs to answer as `host`. */
  secureContext(host: string): SecureContext {
    const context = this.#contexts.get(host) ?? this.#createContext(host);
    this.#contexts.set(host, context);
    return context;
  }

  /** A key of their own and its certificate for someone with this common name. */
  clientCredential(subject: string): Credential {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const extensions = [
      basicConstraints(false),
      keyUsage('digitalSignature'),
      clientAuthentication(),
      authorityKeyIdentifier(this.#keys.publicKey),
    ];
    const certificate = createCertificate({ subject, publicKey, extensions }, { name, keys: this.#keys });
    return { certificate, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  }

  /** What a TLS server of its own needs to answer as `host`. @param end of its certificate; a day from now if absent */
  serverCredential(host: string, end?: Date): Credential {
    const { publicKey, privateKey } = this.#hostKeys;
    const extensions = [
      dnsName(host),
      basicConstraints(false),
      keyUsage('digitalSignature'),
      serverAuthentication(),
      subjectKeyIdentifier(publicKey),
      authorityKeyIdentifier(this.#keys.publicKey),
    ];
    const content = { subject: host, publicKey, extensions, ...(end !== undefined && { end }) };
    const certificate = createCertificate(content, { name, keys: this.#keys });
    return { certificate, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
  }

  #createContext(host: string): SecureContext {
    const { certificate: cert, key } = this.serverCredential(host);
    return createSecureContext({ cert, key });
  }
}
