import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startAzure, type Azure, type Cluster } from '../../azure/index.ts';
import { call, fieldsOf, type Answer } from './loopback-client.ts';

describe('requests to the played AKS', () => {
  let azure: Azure;
  let cluster: Cluster;

  before(async () => {
    azure = await startAzure();
    cluster = azure.cluster('contoso');
  });
  after(() => azure.close());

  const collection = '/api/v1/namespaces/default/configmaps';
  const create = (name: string): Promise<Answer> => {
    const headers = { Authorization: `Bearer ${cluster.admin.token}`, 'Content-Type': 'application/json' };
    const body = JSON.stringify({ metadata: { name }, data: { colour: 'blue' } });
    const url = `https://${cluster.fqdn}${collection}`;
    return call(azure, url, { method: 'POST', headers, body }, cluster.authority.certificate);
  };
  const exists = (name: string): boolean =>
    cluster.objects.find({ kind: 'ConfigMap', namespace: 'default' }, name) !== undefined;
  const isCreation = ({ method, path }: { method: string; path: string }): boolean =>
    method === 'POST' && path === collection;

  it('are recorded with who sent them', async () => {
    await create('recorded');
    const { method, path, user, status } = azure.requests.at(-1) ?? assert.fail();
    assert.deepEqual([method, path, user, status], ['POST', collection, 'masterclient', 201]);
  });

  it('fail as an API server in trouble does, from the second on', async () => {
    azure.fault({ kind: '429', retryAfter: '1', match: isCreation, skip: 1 });
    assert.equal((await create('first')).status, 201);
    const refused = await create('second');
    const { kind, reason } = fieldsOf(refused);
    assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '1']);
    assert.deepEqual([kind, reason], ['Status', 'TooManyRequests']);
    assert.equal(exists('second'), false);
    assert.equal((await create('second')).status, 201);
  });

  it('wait before they take effect, and then do or do not', async () => {
    for (const how of [undefined, 'cut'] as const) {
      const name = `held-${how}`;
      const held = azure.hold({ match: isCreation });
      const answer = create(name).catch((error: unknown) => error);
      const { path } = await held.reached;
      assert.deepEqual([path, exists(name)], [collection, false]);
      held.release(how);
      assert.equal((await answer) instanceof Error, how === 'cut');
      assert.equal(exists(name), how === undefined);
    }
  });

  it('wait after they took effect', async () => {
    const held = azure.hold({ match: isCreation, when: 'after' });
    const answer = create('effective');
    await held.reached;
    assert.equal(exists('effective'), true);
    held.release();
    assert.equal((await answer).status, 201);
  });

  it('let a test end a program at one of them', async () => {
    const program = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)']);
    const ended = once(program, 'exit');
    azure.gate({
      match: isCreation,
      nth: 2,
      async act() {
        program.kill('SIGKILL');
        await ended;
      },
    });
    await create('one');
    assert.equal(program.exitCode ?? program.signalCode, null);
    await create('two');
    assert.equal(program.signalCode, 'SIGKILL');
  });

  it('find no one while the API server is gone', async () => {
    const bringBack = azure.takeAway(cluster.fqdn);
    assert.equal((await create('lost')).status, 502, 'the proxy says that there is no one');
    assert.equal(exists('lost'), false);
    bringBack();
    assert.equal((await create('lost')).status, 201);
  });
});
