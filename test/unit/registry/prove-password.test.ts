import assert from 'node:assert/strict';
import { createHttpHeaders } from '@azure/core-rest-pipeline';
import type { HttpAnswer, HttpRequest, Sender } from '../../../tasks/common/network/index.ts';
import { Refusal } from '../../../tasks/common/registry/client/answer.ts';
import { provePassword } from '../../../tasks/common/registry/prove-password.ts';

const registry = 'registry.fabrikam.example';
const login = { username: 'somebody', password: 'pass:word' };
const basic = `Basic ${Buffer.from('somebody:pass:word').toString('base64')}`;

function answer(status: number, challenge?: string): HttpAnswer {
  const headers = createHttpHeaders(challenge === undefined ? {} : { 'www-authenticate': challenge });
  return { status, headers, bytes: Buffer.from('{}'), stream: undefined };
}

/** A registry that asks for a login by this header, and answers the login with this status. */
function played(challenge: string, status = 200): Sender & { asked: HttpRequest[] } {
  const asked: HttpRequest[] = [];
  const send = async (request: HttpRequest): Promise<HttpAnswer> => {
    asked.push(request);
    return asked.length === 1 ? answer(401, challenge) : answer(status);
  };
  return Object.assign(send, { asked });
}

const openToAll: Sender = async () => answer(200);

describe('User and password of a registry', () => {
  it('are tried where the registry itself gives tokens', async () => {
    const send = played(`Bearer realm="https://${registry}/token",service="the registry"`);
    assert.equal(await provePassword(registry, login, send), true);
    assert.deepEqual(
      send.asked.map(({ url, headers }) => [url, headers?.['authorization']]),
      [
        [`https://${registry}/v2/`, undefined],
        [`https://${registry}/token?service=the+registry`, basic],
      ],
    );
  });

  it('are tried at the registry that asks for them', async () => {
    const send = played('Basic realm="Fabrikam"');
    assert.equal(await provePassword(registry, login, send), true);
    assert.deepEqual(send.asked[1]?.url, `https://${registry}/v2/`);
    assert.equal(send.asked[1]?.headers?.['authorization'], basic);
  });

  for (const challenge of ['Basic realm="Fabrikam"', `Bearer realm="https://${registry}/token"`]) {
    it(`are refused: ${challenge}`, async () => {
      await assert.rejects(
        provePassword(registry, login, played(challenge, 401)),
        (error) => error instanceof Refusal && error.status === 401 && error.at === 'sign-in',
      );
    });
  }

  for (const challenge of [
    'Bearer realm="https://auth.fabrikam.example/token"',
    `Bearer realm="http://${registry}/token"`,
    'Bearer realm="nowhere"',
    'Negotiate',
    '',
  ]) {
    it(`go nowhere else: ${challenge}`, async () => {
      const send = played(challenge);
      assert.equal(await provePassword(registry, login, send), false);
      assert.equal(send.asked.length, 1);
    });
  }

  it('are not needed where nobody is asked for them', async () => {
    assert.equal(await provePassword(registry, login, openToAll), false);
  });
});
