import assert from 'node:assert/strict';
import { explainAnswer, explainConnection } from '../../../tasks/common/cluster/errors.ts';
import { messageOf } from '../../../tasks/common/task/outcome.ts';

const proof = {
  access: {
    cluster: 'contoso-qa',
    userName: 'admin',
    server: 'https://api.contoso.example:443',
    certificateAuthority: 'PEM',
    user: { kind: 'local', certificate: undefined, token: 'of-the-administrator' },
  },
  exec: undefined,
  proxyUrl: 'http://user:secret@proxy.contoso.example:3128/',
  namespace: 'web',
  seconds: 60,
} as const;

const networkError = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

describe('an API server that cannot be used', () => {
  it('refused, broke off or took too long: the network is to be checked', () => {
    for (const code of ['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH']) {
      const message = messageOf(explainConnection(networkError(code), proof, false));
      assert.match(
        message,
        new RegExp(`api\\.contoso\\.example could not be reached \\(${code}\\): .*authorized IP ranges`),
      );
    }
    assert.match(messageOf(explainConnection(networkError('ABORT'), proof, true)), /did not answer within 60 s/);
  });

  it('has a certificate of somebody else: a proxy may inspect TLS', () => {
    for (const code of ['DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'CERT_HAS_EXPIRED']) {
      assert.match(messageOf(explainConnection(networkError(code), proof, false)), /if a proxy inspects TLS, exclude/);
    }
  });

  it('was never asked because of a defect, which is not taken for one of the network', () => {
    const defect = new TypeError('x is not a function');
    assert.equal(explainConnection(defect, proof, false), defect);
  });

  it('the proxy stands between, and its password is not told', () => {
    const lost = explainAnswer({ status: 503, body: undefined }, proof).message;
    assert.match(lost, /did not reach the API server api\.contoso\.example \(HTTP 503\).*NO_PROXY/);
    assert.doesNotMatch(lost, /secret/);
  });

  it('something else answers at its address', () => {
    const { message } = explainAnswer({ status: 200, body: undefined }, { ...proof, proxyUrl: undefined });
    assert.match(message, /Something other than an API server answers at api\.contoso\.example \(HTTP 200\)/);
  });

  it('does not know its own administrator any more', () => {
    const body = {
      source: 'answer',
      path: 'answer',
      values: { kind: 'Status', apiVersion: 'v1', message: 'Unauthorized' },
    };
    assert.match(explainAnswer({ status: 401, body }, proof).message, /credential \(HTTP 401\): its certificates/);
    assert.match(explainAnswer({ status: 500, body }, proof).message, /failed \(HTTP 500\): Unauthorized/);
  });
});
