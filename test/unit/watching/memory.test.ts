import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Answer, SmallApiServer } from '../cluster/small-api-server.ts';
import { before as earlier, object, ours } from './objects.ts';

const program = path.join(import.meta.dirname, 'crowded-process.ts');

/** As large as pods are: what programs note about a pod alone has some kilobytes. */
const status = Object.fromEntries(
  Array.from({ length: 100 }, (_, at) => [`field-${at}`, `${'of a pod '.repeat(5)} ${at}`]),
);
const foreign = 20_000;

/** The objects of a kind in a crowded namespace, by number. */
const kinds: Readonly<Record<string, (at: number) => object | undefined>> = {
  deployments: (at) => (at < 300 ? ours(`shop-${at}`, { at: earlier }) : undefined),
  replicasets: (at) => (at < 300 ? object(`shop-${at}-1`, { owner: `shop-${at}`, at: earlier }) : undefined),
  pods: (at) => {
    if (at < foreign) return object(`other-${at}`, { owner: `other-1`, at: earlier, status });
    return at < foreign + 600 ? object(`shop-${at}-a`, { owner: `shop-${at % 300}-1`, status }) : undefined;
  },
};

/** Pods that come while it is watched: 8,000 of others, made in this run, then one of the release. */
async function sendPods(response: ServerResponse): Promise<void> {
  response.writeHead(200);
  const send = (made: object): Promise<unknown> =>
    new Promise((resolve) => response.write(`${JSON.stringify({ type: 'ADDED', object: made })}\n`, resolve));
  const at = new Date(Date.now() + 60_000).toISOString();
  for (let count = 0; count < 8000; count += 1) await send(object(`young-${count}`, { owner: 'other-2', at, status }));
  await send(object('shop-last', { owner: 'shop-1-1' }));
}

/** Lists page by page; only the watch of pods hears something. */
const crowded: Answer = (response, { path: asked }) => {
  const { pathname, searchParams } = new URL(asked, 'https://localhost');
  if (searchParams.has('watch') && pathname.endsWith('/pods')) return sendPods(response);
  if (searchParams.has('watch')) return response.writeHead(200).flushHeaders();
  const made = kinds[pathname.split('/').at(-1) ?? ''] ?? (() => undefined);
  const [start, limit] = [Number(searchParams.get('continue') ?? 0), Number(searchParams.get('limit'))];
  const items = Array.from({ length: limit }, (_, at) => made(start + at)).filter((item) => item !== undefined);
  const more = made(start + limit) === undefined ? '' : String(start + limit);
  const metadata = { resourceVersion: '7', continue: more };
  response.writeHead(200, { 'content-type': 'application/json' });
  return response.end(JSON.stringify({ kind: 'List', apiVersion: 'v1', metadata, items }));
};

describe('a release in a crowded namespace', () => {
  const server = new SmallApiServer();
  before(() => server.start());
  after(() => server.stop());

  it('is watched in little memory, with one list a kind: foreign pods go by', async () => {
    server.answers(crowded);
    // All pods together have some 250 MB when they are read.
    const memory = '--max-old-space-size=60';
    const args = [memory, '--import=tsx', program, JSON.stringify(server.cluster())];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    assert.deepEqual(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''), {
      objects: 300,
      children: 300,
      pods: 601,
      blind: [],
    });
    const lists = server.asked.map(({ path: asked }) => new URL(asked, 'https://localhost'));
    const begun = lists.filter(({ searchParams }) => !searchParams.has('watch') && !searchParams.has('continue'));
    assert.deepEqual(begun.map(({ pathname }) => pathname.split('/').at(-1) ?? '').toSorted(), [
      'daemonsets',
      'deployments',
      'events',
      'jobs',
      'pods',
      'replicasets',
      'statefulsets',
    ]);
  });
});
