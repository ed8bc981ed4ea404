import { createHash, randomBytes, sign, type KeyObject } from 'node:crypto';
import * as der from './der.ts';

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** What a certificate says. */
export interface CertificateContent {
  /** Common name of the holder. */
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
  /** When it ends; a day from now if absent. */
  readonly end?: Date;
}

/** Who vouches for it. */
export interface Issuer {
  /** Common name. */
  readonly name: string;
  readonly keys: KeyPair;
}

const day = 24 * 60 * 60 * 1000;
const commonName = '2.5.4.3';
const ecdsaWithSha256 = der.sequence(der.oid('1.2.840.10045.4.3.2'));
const rsaWithSha256 = der.sequence(der.oid('1.2.840.113549.1.1.11'), der.nothing());

/** An X.509 certificate as PEM (RFC 5280), good since yesterday and for a day, since clocks may be a little off. */
export function createCertificate(content: CertificateContent, issuer: Issuer): string {
  const { subject, publicKey, extensions, end = new Date(Date.now() + day) } = content;
  const { privateKey } = issuer.keys;
  const algorithm = privateKey.asymmetricKeyType === 'ec' ? ecdsaWithSha256 : rsaWithSha256;
  const signed = der.sequence(
    der.tagged(0, der.integer(Buffer.from([2]))),
    der.integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    nameOf(issuer.name),
    der.sequence(der.time(new Date(Date.now() - day)), der.time(end)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der.tagged(3, der.sequence(...extensions)),
  );
  const signature = der.bitString(sign('sha256', signed, privateKey));
  const body = der.sequence(signed, algorithm, signature).toString('base64').replaceAll(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${body.trimEnd()}\n-----END CERTIFICATE-----\n`;
}

/** A certificate that a key signs for itself, with nothing but a name in it. */
export function createSelfSigned(name: string, keys: KeyPair): string {
  const extensions = [subjectKeyIdentifier(keys.publicKey)];
  return createCertificate({ subject: name, publicKey: keys.publicKey, extensions }, { name, keys });
}

export function basicConstraints(isAuthority: boolean): Buffer {
  return extension('2.5.29.19', isAuthority ? der.sequence(der.boolean(true)) : der.sequence(), 'critical');
}

/** What the key may sign: a server's handshakes, or certificates and revocation lists. */
export function keyUsage(usage: 'digitalSignature' | 'certificates'): Buffer {
  const bits =
    usage === 'digitalSignature' ? der.bitString(Buffer.from([0x80]), 7) : der.bitString(Buffer.from([0x06]), 1);
  return extension('2.5.29.15', bits, 'critical');
}

/** The certificate is for TLS servers. */
export function serverAuthentication(): Buffer {
  return extension('2.5.29.37', der.sequence(der.oid('1.3.6.1.5.5.7.3.1')));
}

/** The certificate is for TLS clients. */
export function clientAuthentication(): Buffer {
  return extension('2.5.29.37', der.sequence(der.oid('1.3.6.1.5.5.7.3.2')));
}

export function dnsName(host: string): Buffer {
  return extension('2.5.29.17', der.sequence(der.tagged(2, Buffer.from(host), 'primitive')));
}

export function subjectKeyIdentifier(key: KeyObject): Buffer {
  return extension('2.5.29.14', der.octetString(identifierOf(key)));
}

export function authorityKeyIdentifier(key: KeyObject): Buffer {
  return extension('2.5.29.35', der.sequence(der.tagged(0, identifierOf(key), 'primitive')));
}

function extension(id: string, content: Buffer, weight: 'critical' | 'plain' = 'plain'): Buffer {
  const critical = weight === 'critical' ? [der.boolean(true)] : [];
  return der.sequence(der.oid(id), ...critical, der.octetString(content));
}

function identifierOf(key: KeyObject): Buffer {
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest();
}

function nameOf(text: string): Buffer {
  return der.sequence(der.set(der.sequence(der.oid(commonName), der.utf8(text))));
}
