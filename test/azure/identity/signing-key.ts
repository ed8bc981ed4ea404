import { createHash, generateKeyPairSync, randomUUID, sign, verify } from 'node:crypto';
import { createSelfSigned, type KeyPair } from '../certificates/certificate.ts';
import { claimsOf, encodePart, headerOf, type Claims } from './json-web-token.ts';

/** Signs the tokens of one issuer (RS256) and tells them from everyone else's. */
export class SigningKey {
  readonly #issuer: string;
  readonly #keyId = randomUUID();
  #made: { readonly keys: KeyPair; readonly certificate: string } | undefined;

  constructor(issuer: string) {
    this.#issuer = issuer;
  }

  /** The self-signed certificate of the key, as PEM. */
  get certificate(): string {
    return this.#pair.certificate;
  }

  /** The token with these claims; a docker-registry needs the certificate (x5c) in its header. */
  sign(claims: Claims): string {
    const header = { typ: 'JWT', alg: 'RS256', kid: this.#keyId, x5c: [this.#certificateBody] };
    const content = `${encodePart(header)}.${encodePart(claims)}`;
    return `${content}.${sign('sha256', Buffer.from(content), this.#pair.keys.privateKey).toString('base64url')}`;
  }

  /** The claims of a token that this key signed, in date or not; undefined for every other text. */
  verify(token: string): Claims | undefined {
    const [header, claims, signature] = token.split('.');
    if (headerOf(token)?.['kid'] !== this.#keyId || signature === undefined) return undefined;
    const content = Buffer.from(`${header}.${claims}`);
    const isGenuine = verify('sha256', content, this.#pair.keys.publicKey, Buffer.from(signature, 'base64url'));
    return isGenuine ? claimsOf(token) : undefined;
  }

  /** The public half as an entry of the issuer's key list. */
  get jsonWebKey(): Record<string, unknown> {
    const thumbprint = createHash('sha1').update(Buffer.from(this.#certificateBody, 'base64')).digest('base64url');
    const key = this.#pair.keys.publicKey.export({ format: 'jwk' });
    return { ...key, use: 'sig', kid: this.#keyId, x5t: thumbprint, x5c: [this.#certificateBody] };
  }

  /** An RSA key takes a tenth of a second to make, so it is made when it is needed. */
  get #pair(): { readonly keys: KeyPair; readonly certificate: string } {
    if (this.#made === undefined) {
      const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
      this.#made = { keys, certificate: createSelfSigned(this.#issuer, keys) };
    }
    return this.#made;
  }

  get #certificateBody(): string {
    return this.certificate.replaceAll(/-----[^-]+-----|\s/g, '');
  }
}
