import assert from 'node:assert/strict';
import { ApiRefusal, KubernetesClient } from '../../../tasks/common/cluster/client.ts';
import { Outage } from '../../../tasks/common/cluster/outage.ts';
import { Cancelled, TaskError } from '../../../tasks/common/task/outcome.ts';
import { networkContext } from '../network/network-context.ts';
import {
  type Answer,
  atOnce,
  broken,
  clientContext,
  clientOf,
  json,
  pod,
  refusal,
  SmallApiServer,
} from './small-api-server.ts';

const pods = '/api/v1/namespaces/web/pods';
const path = `${pods}/shop`;
const silent: Answer = () => undefined;
const page =
  (text: string, status = 200): Answer =>
  (response) =>
    response.writeHead(status).end(text);
const tooBusy = (headers: Record<string, string>) => refusal(429, 'TooManyRequests', 'too many', headers);
/** Gives up at once. */
const impatient = { outage: { firstPauseMs: 1, longestPauseMs: 1, totalMs: 0 } };

const list = (name: string, next: string) =>
  json(200, { kind: 'PodList', apiVersion: 'v1', metadata: { continue: next }, items: [{ metadata: { name } }] });

const says =
  (...words: RegExp[]) =>
  (error: unknown): true => {
    assert.ok(error instanceof TaskError, String(error));
    for (const word of words) assert.match(error.message, word);
    return true;
  };

/** The page of a list that has the same item again and again. */
const pageOf = (item: string, count: number) =>
  page(`{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[${Array(count).fill(item).join(',')}]}`);

describe('an API server in trouble', () => {
  const server = new SmallApiServer();
  before(() => server.start());
  after(() => server.stop());
  const client = (options = atOnce, context = clientContext()) => clientOf(server, context, options);

  it('is waited for while it is gone, and found again at its place', async () => {
    const context = clientContext();
    const patient = client({ outage: { firstPauseMs: 1, longestPauseMs: 5, totalMs: 60_000 } }, context);
    server.answers(json(200, pod('shop')));
    await patient.get(path);
    await server.stop();
    const got = patient.get(path);
    const isAway = new Promise<void>((resolve) => {
      const { push } = context.told;
      context.told.push = (...lines) => {
        resolve();
        return push.apply(context.told, lines);
      };
    });
    await isAway;
    await server.start();
    assert.equal((await got)?.metadata.name, 'shop');
    assert.match(context.told[0] ?? '', /^The API server localhost does not answer as it should \(ECONN/);
  });

  it('that stays away is given up with advice', async () => {
    server.answers(broken);
    await assert.rejects(
      client(impatient).get(path),
      says(/localhost could not be reached \(ECONNRESET\): check that/),
    );
    server.answers(refusal(500, 'InternalError', 'etcdserver: request timed out'));
    await assert.rejects(
      client(impatient).get(path),
      says(/localhost failed \(HTTP 500\): etcdserver: request timed out/),
    );
  });

  it('that says nothing is given up after the time of the request, or of a try', async () => {
    server.answers(silent);
    await assert.rejects(client().get(path, { timeoutMs: 20 }), says(/did not answer within 1 s: check that/));
    await assert.rejects(client({ ...impatient, silenceMs: 20 }).get(path), says(/could not be reached \(ETIMEDOUT\)/));
    server.answers(silent, json(200, pod('shop')));
    assert.equal((await client({ ...atOnce, silenceMs: 50 }).get(path))?.metadata.name, 'shop');
  });

  it('is left alone when the step or the caller is cancelled, with the reason', async () => {
    server.answers(silent);
    const stop = new AbortController();
    const step = { ...clientContext(), ...networkContext({}, stop.signal) };
    const cancelled = [client().get(path, { signal: stop.signal }), client(atOnce, step).list(pods)];
    const [first, second] = cancelled.map((each) => assert.rejects(each, Cancelled));
    stop.abort(new Cancelled('enough'));
    await Promise.all([first, second]);
  });

  it('that is too busy is asked again when it says, whatever was asked', async () => {
    const ways = [
      (one: KubernetesClient) => one.patch(path, [], 'json'),
      (one: KubernetesClient) => one.create(pods, { metadata: { generateName: 'shop-' } }),
      (one: KubernetesClient) => one.get(path),
    ];
    for (const ask of ways) {
      server.answers(tooBusy({ 'retry-after': '0' }), json(200, pod('shop')));
      await ask(client());
      assert.equal(server.asked.length, 2);
    }
    server.answers(tooBusy({ 'retry-after': '120' }));
    await assert.rejects(client().get(path), says(/failed|refused to get pods 'shop' .*\(HTTP 429\): too many/));
    assert.equal(server.asked.length, 1, 'nobody waits for longer than an outage');
  });

  it('gets no write twice that may not be done twice', async () => {
    for (const trouble of [broken, refusal(500, 'InternalError')]) {
      server.answers(trouble);
      await assert.rejects(client().patch(path, [], 'json'), TaskError);
      await assert.rejects(client().create(pods, { metadata: { generateName: 'shop-' } }), TaskError);
      assert.equal(server.asked.length, 2);
    }
  });

  it('meets its own write after a broken connection: the caller is told so', async () => {
    server.answers(broken, refusal(409, 'AlreadyExists', 'pods "shop" already exists'));
    await assert.rejects(
      client().create(pods, pod('shop')),
      (error) => error instanceof ApiRefusal && error.reason === 'AlreadyExists',
    );
    server.answers(broken, refusal(404, 'NotFound'));
    await client().delete(path);
  });

  it('or a proxy in its place answers what it likes: pages, nothing, too much', async () => {
    const odd = ['<html>Sign in</html>', '', '[]', '{}', '{"kind":"Pod"}', '{"kind":7,"apiVersion":"v1"}', 'null'];
    for (const text of odd) {
      server.answers(page(text));
      await assert.rejects(
        client().get(path),
        says(/Something other than an API server answers at localhost \(HTTP 200/),
      );
    }
    server.answers(page('<html>Not here</html>', 404));
    await assert.rejects(client().get(path), says(/Something other .*\(HTTP 404\)/));
    server.answers(page('x'.repeat(5 * 1024 * 1024)));
    await assert.rejects(client().get(path), says(/an answer of more than the allowed 4194304 bytes/));
  });

  it('has a list that is too long for the memory, or never ends', async () => {
    const items = Array.from({ length: 9 }, () => ({ metadata: { name: 'x'.repeat(1024 * 1024) } }));
    server.answers(json(200, { kind: 'PodList', apiVersion: 'v1', metadata: { continue: 'more' }, items }));
    await assert.rejects(
      client().list(pods),
      says(/The list \/api\/v1\/\S+ of localhost has more than the allowed 33554432/),
    );
    assert.equal(server.asked.length, 4);
    const endless = page('{"kind":"PodList","apiVersion":"v1","metadata":{"continue":"more"},"items":[]}');
    server.answers(endless);
    await assert.rejects(client().list(pods), says(/or pages without an end/));
    assert.ok(server.asked.length < 1000, `${server.asked.length} requests`);
  });

  it('has a page of very many parts, which would take much more memory than bytes', async () => {
    server.answers(pageOf('{"metadata":{}}', 250_000));
    assert.equal((await client().list(pods)).items.length, 250_000);
    for (const item of ['{}', '[]', '1', '{"a":{}}']) {
      server.answers(pageOf(item, 4_100_000 / (item.length > 2 ? 2 : 1)));
      await assert.rejects(client().list(pods), says(/sent an answer of more than 4000000 values/));
    }
  });

  it('forgets the version of a list, which then begins anew', async () => {
    const expired = refusal(410, 'Expired', 'the provided continue parameter is too old');
    server.answers(list('old', 'more'), expired, list('new', ''));
    assert.deepEqual(
      (await client().list(pods)).items.map(({ metadata }) => metadata.name),
      ['new'],
    );
    server.answers(list('old', 'more'), expired, list('old', 'more'), expired, list('old', 'more'), expired);
    await assert.rejects(client().list(pods), (error) => error instanceof ApiRefusal && error.status === 410);
  });
});

const within = (pause: number | undefined, usual: number): void =>
  assert.ok(pause !== undefined && pause >= usual * 0.75 && pause <= usual * 1.25, `${pause} for ${usual}`);

describe('the waits between tries', () => {
  it('double up to a limit, are no shorter than the server asks, and end', () => {
    const outage = new Outage({ firstPauseMs: 100, longestPauseMs: 400, totalMs: 10_000 });
    for (const usual of [100, 200, 400, 400]) within(outage.nextPauseMs(), usual);
    assert.equal(outage.nextPauseMs(7000), 7000);
    assert.equal(outage.nextPauseMs(10_001), undefined);
  });
});
