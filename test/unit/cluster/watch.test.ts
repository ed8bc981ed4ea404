import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { ApiRefusal, type KubernetesClient, type WatchEvent } from '../../../tasks/common/cluster/client.ts';
import { Cancelled, TaskError } from '../../../tasks/common/task/outcome.ts';
import { type Answer, broken, clientOf, pod, refusal, SmallApiServer } from './small-api-server.ts';

const pods = '/api/v1/namespaces/web/pods';
const from = { resourceVersion: '7' };

const line = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`;

/** Writes each piece when the one before has gone out, so that lines come in parts. */
const pieces =
  (...all: readonly (string | Buffer)[]): Answer =>
  async (response) => {
    for (const piece of all) await new Promise((resolve) => response.write(piece, resolve));
    response.end();
  };

const named = ({ type, object }: WatchEvent): string => `${type} ${object.metadata.name}`;

async function namesOf(events: AsyncIterable<WatchEvent>): Promise<string[]> {
  const seen: string[] = [];
  for await (const event of events) seen.push(named(event));
  return seen;
}

describe('a watch', () => {
  const server = new SmallApiServer();
  let client: KubernetesClient;
  before(async () => {
    await server.start();
    client = clientOf(server);
  });
  after(() => server.stop());

  it('tells events as they come, in whatever pieces, and asks for bookmarks', async () => {
    const text = Buffer.from(line('ADDED', pod('größe')) + line('BOOKMARK', pod('b')) + line('DELETED', pod('größe')));
    const at = text.indexOf('ö') + 1;
    server.answers(pieces(text.subarray(0, at), text.subarray(at, at + 40), text.subarray(at + 40), '\n\r\n'));
    assert.deepEqual(await namesOf(client.watch(pods, { ...from, labelSelector: 'app=shop', metadataOnly: true })), [
      'ADDED größe',
      'BOOKMARK b',
      'DELETED größe',
    ]);
    const [asked] = server.asked;
    const query = new URLSearchParams(asked?.path.split('?')[1]);
    assert.deepEqual(
      ['watch', 'allowWatchBookmarks', 'resourceVersion', 'labelSelector'].map((name) => query.get(name)),
      ['true', 'true', '7', 'app=shop'],
    );
    assert.match(asked?.headers.accept ?? '', /as=PartialObjectMetadata;/);
  });

  it('tells what went wrong at the server, and is refused when its version is too old', async () => {
    const gone = { kind: 'Status', apiVersion: 'v1', metadata: {}, code: 410, reason: 'Expired' };
    server.answers(pieces(line('ERROR', gone)));
    const { value } = await client.watch(pods, from).next();
    assert.deepEqual([value?.type, value?.object['code']], ['ERROR', 410]);
    server.answers(refusal(410, 'Expired', 'too old resource version'));
    await assert.rejects(
      client.watch(pods, from).next(),
      (error) => error instanceof ApiRefusal && error.status === 410,
    );
  });

  it('ends when its connection breaks, without half a line; the server being away is lived through', async () => {
    server.answers(broken, refusal(500, 'InternalError'), async (response) => {
      await new Promise((resolve) => response.write(`${line('ADDED', pod('shop'))}{"type":"ADD`, resolve));
      response.destroy();
    });
    assert.deepEqual(await namesOf(client.watch(pods, from)), ['ADDED shop']);
  });

  it('takes nothing from the network that nobody takes from it', async () => {
    let sent = 0;
    const large = line('MODIFIED', pod('shop', { spec: 'x'.repeat(1024 * 1024) }));
    server.answers((response) => {
      const more = (): void => {
        while (sent < 200 && !response.destroyed) {
          sent += 1;
          if (!response.write(large)) return void response.once('drain', more);
        }
      };
      more();
    });
    const events = client.watch(pods, from);
    for (let count = 0; count < 5; count += 1) await events.next();
    assert.ok(sent < 100, `${sent} objects were sent for 5 that were taken`);
    await events.return();
  });

  it('closes its connection when nobody goes on', async () => {
    const { response, closed } = held();
    server.answers(response);
    for await (const event of client.watch(pods, from)) {
      assert.equal(named(event), 'ADDED shop');
      break;
    }
    await closed;
  });

  it('ends while nothing happens when it is told to, with the reason', async () => {
    const { response, closed } = held();
    server.answers(response);
    const stop = new AbortController();
    const events = client.watch(pods, from, stop.signal);
    await events.next();
    const next = events.next();
    stop.abort(new Cancelled('enough'));
    await assert.rejects(next, Cancelled);
    await closed;
  });

  it('is no page of a proxy, no line without an end, and nothing but events', async () => {
    const odd = [
      '<html>Sign in</html>',
      '[]\n',
      '{"type":"ADDED"}\n',
      '{"type":"OTHER","object":{}}\n',
      '{"type":"ADDED","object":{"metadata":7}}\n',
    ];
    for (const text of odd) {
      server.answers(pieces(text));
      await assert.rejects(
        namesOf(client.watch(pods, from)),
        /localhost sent something else than the events of a watch/,
      );
    }
    const { response, closed } = endless();
    server.answers(response);
    await assert.rejects(
      namesOf(client.watch(pods, from)),
      (error) => error instanceof TaskError && /a line of more than 8388608 bytes in a watch/.test(error.message),
    );
    await closed;
  });
});

/** A watch that goes on in silence after its first event; `closed` when its connection is. */
function held(): { response: Answer; closed: Promise<unknown> } {
  return answered((response) => response.write(line('ADDED', pod('shop'))));
}

function endless(): { response: Answer; closed: Promise<unknown> } {
  const chunk = 'x'.repeat(64 * 1024);
  const more = (response: ServerResponse): void => {
    if (!response.destroyed) response.write(chunk, () => more(response));
  };
  return answered(more);
}

function answered(begin: (response: ServerResponse) => unknown): { response: Answer; closed: Promise<unknown> } {
  const ends = new EventEmitter();
  const closed = once(ends, 'closed');
  const response: Answer = (given) => {
    given.once('close', () => ends.emit('closed'));
    begin(given);
  };
  return { response, closed };
}
