import assert from 'node:assert/strict';
import { Refusal } from '../../../tasks/common/registry/client/answer.ts';
import { explainRefusal, explainRegistryError } from '../../../tasks/common/registry/errors.ts';
import { passwordSignIn } from '../../../tasks/common/registry/sign-in.ts';

const about = {
  loginServer: 'contoso.azurecr.io',
  repository: 'helm/app',
  signIn: { ...passwordSignIn('someone', 'a password'), kind: 'azure' as const },
};
const push = { ...about, action: 'push' as const };
const pull = { ...about, action: 'pull' as const };

function body(code: string, message: string): string {
  return JSON.stringify({ errors: [{ code, message }] });
}

describe('The explanation of a registry error', () => {
  for (const status of [405, 409]) {
    it(`names the lock as the reason for HTTP ${status}`, () => {
      const text = body('UNSUPPORTED', 'The operation is disallowed on this registry, repository or image.');
      const { message } = explainRefusal(status, text, false, push);
      assert.match(
        message,
        /refused the change to helm\/app \(HTTP (405|409) UNSUPPORTED: .*image\): the tag or repository/,
      );
      assert.match(message, /probably locked \(az acr repository show\)/);
    });
  }

  it('gives the roles for what was to be done, also when the sign-in is refused', () => {
    for (const [action, role] of [
      [push, 'AcrPush'],
      [pull, 'AcrPull'],
    ] as const) {
      const signIn = { ...about.signIn, refusalHint: (roles: string) => `assign ${roles}` };
      const { message } = explainRegistryError(new Refusal(401, '', 'sign-in', 'contoso.azurecr.io'), {
        ...action,
        signIn,
      });
      assert.match(message, new RegExp(`refused the sign-in \\(HTTP 401\\): assign ${role} `));
    }
  });

  it('says when it was not the registry that failed', () => {
    for (const status of [403, 503]) {
      const { message } = explainRefusal(status, 'blocked', false, pull);
      assert.match(message, new RegExp(`could not be reached \\(HTTP ${status}\\): no registry wrote this answer`));
    }
    assert.match(explainRefusal(503, body('X', 'y'), false, pull).message, /failed several times \(HTTP 503 X: y\)/);
  });

  it('names the host of the blobs', () => {
    const refused = new Refusal(403, '', 'action', 'eus.blob.core.windows.net');
    assert.match(
      explainRegistryError(refused, pull).message,
      /^contoso\.azurecr\.io keeps its blobs at eus\.blob\.core\.windows\.net, which refused this agent \(HTTP 403\)/,
    );
  });

  it('blames the network for no fault of the disk', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const { message } = explainRegistryError(full, pull);
    assert.equal(message, 'A file could not be read or written (ENOSPC: no space left on device, write).');
  });

  it('says where the name of a registry is found when there is no such host', () => {
    const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND contoso.azurecr.io'), { code: 'ENOTFOUND' });
    assert.match(
      explainRegistryError(unknown, pull).message,
      /cannot be found \(DNS: ENOTFOUND\); copy the 'Login server'/,
    );
  });
});
