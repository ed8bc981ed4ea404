import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { startAzure, type Azure } from '../../azure/index.ts';
import { call } from './loopback-client.ts';

const probe = 'https://contoso.azurecr.io/v2/';

describe('Azure on loopback: the network', () => {
  let azure: Azure;

  beforeEach(async () => {
    azure = await startAzure();
    azure.registry('contoso.azurecr.io');
  });
  afterEach(() => azure.close());

  it('plays a host under its own name, and records the request without its secrets', async () => {
    const { status } = await call(azure, probe, { headers: { Authorization: 'Bearer a-secret' } });

    assert.equal(status, 401);
    const [request] = azure.requests;
    assert.equal(request?.host, 'contoso.azurecr.io');
    assert.equal(request?.headers['authorization'], 'Bearer');
    assert.ok(!JSON.stringify(azure.requests).includes('a-secret'));
  });

  it('knows no host outside, and records who was asked for', async () => {
    const { status: refusal } = await call(azure, 'https://example.com/');

    assert.equal(refusal, 502);
    assert.deepEqual(
      azure.requests.map(({ method, host, status }) => [method, host, status]),
      [['CONNECT', 'example.com', 502]],
    );
  });

  it('shares no trust with another instance', async () => {
    const other = await startAzure();
    try {
      const mixed = { environment: azure.environment, caFile: other.caFile };
      await assert.rejects(call(mixed, probe), /self-signed certificate|unable to/);
    } finally {
      await other.close();
    }
  });

  it('ends what hangs when it is closed, and leaves no file behind', async () => {
    azure.fault({ kind: 'hang' });
    const hanging = assert.rejects(call(azure, probe), /socket hang up|ECONNRESET/);
    await until(() => azure.requests.length === 1);

    await azure.close();

    await hanging;
    assert.ok(!existsSync(azure.caFile));
  });

  it('demands the password of a proxy that has one', async () => {
    const guarded = await startAzure({ proxyCredentials: { username: 'agent@contoso', password: 'p:ss/wörd' } });
    try {
      guarded.registry('contoso.azurecr.io');
      assert.equal((await call(guarded, probe)).status, 401);

      const stranger = { environment: { HTTPS_PROXY: guarded.proxyUrl }, caFile: guarded.caFile };
      assert.equal((await call(stranger, probe)).status, 407);
    } finally {
      await guarded.close();
    }
  });
});

describe('Azure on loopback: faults', () => {
  let azure: Azure;

  beforeEach(async () => {
    azure = await startAzure();
    azure.registry('contoso.azurecr.io', { anonymousPull: true });
  });
  afterEach(() => azure.close());

  const token = 'https://contoso.azurecr.io/oauth2/token?service=contoso.azurecr.io';

  it('answers with an error status as often as it is told, then as ever', async () => {
    const fault = azure.fault({ kind: '429', times: 2, retryAfter: '7' });

    const answers = [await call(azure, token), await call(azure, token), await call(azure, token)];

    assert.deepEqual(
      answers.map(({ status }) => status),
      [429, 429, 200],
    );
    assert.equal(answers[0]?.headers['retry-after'], '7');
    assert.equal(fault.hits, 2);
  });

  it('hits only the requests that match', async () => {
    const fault = azure.fault({ kind: 'reset', match: ({ path }) => path === '/v2/', times: Infinity });

    assert.equal((await call(azure, token)).status, 200);
    await assert.rejects(call(azure, probe), /socket hang up|ECONNRESET/);
    fault.lift();
    assert.equal((await call(azure, probe)).status, 401);
  });

  it('changes one byte of a body, or cuts it short, or puts a web page in its place', async () => {
    const { body: sound } = await call(azure, 'https://login.microsoftonline.com/common/discovery/keys');
    azure.fault({ kind: 'tamper' });
    const { body: tampered } = await call(azure, 'https://login.microsoftonline.com/common/discovery/keys');
    assert.equal(tampered.length, sound.length);
    assert.equal(tampered.filter((byte, index) => byte !== sound[index]).length, 1);

    azure.fault({ kind: 'truncate' });
    await assert.rejects(call(azure, 'https://login.microsoftonline.com/common/discovery/keys'), /aborted/);

    azure.fault({ kind: 'html' });
    const page = await call(azure, 'https://login.microsoftonline.com/common/discovery/keys');
    assert.match(page.body.toString(), /^<!DOCTYPE html>/);
  });
});

/** Waits for a condition that other work in this process brings about. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}
