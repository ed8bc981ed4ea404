import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { keyAndCertificate } from '../../../tasks/common/kubelogin/certificate.ts';
import { createClientCertificate } from '../../azure/index.ts';

describe('the certificate of a service connection, for kubelogin', () => {
  let certificate: string;
  let key: string;
  before(async () => {
    const made = await createClientCertificate();
    certificate = made.certificate;
    key = made.pem.slice(0, made.pem.length - certificate.length);
  });

  const inForm = (type: 'pkcs1' | 'pkcs8'): string => createPrivateKey(key).export({ type, format: 'pem' }).toString();

  it('keeps key and certificate, the key first', () => {
    assert.equal(keyAndCertificate(`${certificate}${key}`), `${key}${certificate}`);
  });

  it('turns an RSA PRIVATE KEY, which kubelogin would skip, into a PRIVATE KEY', () => {
    assert.match(inForm('pkcs1'), /^-----BEGIN RSA PRIVATE KEY-----/);
    assert.equal(keyAndCertificate(`${inForm('pkcs1')}${certificate}`), `${inForm('pkcs8')}${certificate}`);
  });

  it('takes Windows line ends and text between the blocks', () => {
    const pem = `Bag Attributes\n${key}\nsubject=CN = contoso\n${certificate}`.replaceAll('\n', '\r\n');
    assert.match(keyAndCertificate(pem), /^-----BEGIN PRIVATE KEY-----[\s\S]+-----END CERTIFICATE-----\n$/);
  });

  it('keeps the certificates of the chain', async () => {
    const { certificate: issuer } = await createClientCertificate();
    assert.equal(keyAndCertificate(`${key}${issuer}${certificate}`).match(/BEGIN CERTIFICATE/g)?.length, 2);
  });

  it('refuses a certificate of another key', async () => {
    const other = await createClientCertificate();
    assert.throws(() => keyAndCertificate(`${key}${other.certificate}`), /does not fit its private key/);
    assert.throws(() => keyAndCertificate(key), /does not fit its private key/);
  });

  it('refuses keys that kubelogin cannot use', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    assert.throws(
      () => keyAndCertificate(`${pem}${certificate}`),
      /key of type ec; kubelogin signs in with RSA keys only/,
    );
    const locked = createPrivateKey(key).export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'x',
    });
    assert.throws(() => keyAndCertificate(`${locked.toString()}${certificate}`), /cannot be read/);
    assert.throws(() => keyAndCertificate(certificate), /holds no private key/);
  });
});
