import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { ApiTunnel } from '../../../tasks/common/cluster/tunnel.ts';
import { ask, established, Listener, readToEnd, readUntil, tunnelTo } from './tunnel-bench.ts';

describe('the tunnel to an API server', () => {
  let server: Listener;
  const tunnels: ApiTunnel[] = [];
  const opened = async (
    ...[options, port = server.port]: [Parameters<typeof tunnelTo>[1]?, number?]
  ): Promise<Awaited<ReturnType<typeof tunnelTo>>> => {
    const tunnel = await tunnelTo(port, options);
    tunnels.push(tunnel);
    return tunnel;
  };
  const target = (): string => `127.0.0.1:${server.port}`;
  beforeEach(async () => {
    server = await new Listener().start();
  });
  afterEach(() => {
    server.close();
    for (const tunnel of tunnels.splice(0)) tunnel.close();
  });

  it('listens on loopback only, with a secret of its own that the step knows', async () => {
    const [one, other] = [await opened(), await opened()];
    const { hostname, username, password } = new URL(one.proxyUrl);
    assert.equal(hostname, '127.0.0.1');
    assert.match(password, /^[\da-f]{64}$/);
    assert.notEqual(password, new URL(other.proxyUrl).password);
    assert.deepEqual(one.secrets, [password, `${username}:${password}`]);
  });

  it('leads both ways, also what follows the request in the same packet', async () => {
    const { proxyUrl } = await opened();
    const client = ask(proxyUrl, target(), 'early ');
    await readUntil(client, established);
    const other = await server.next();
    client.write('late.');
    assert.equal(await readUntil(other, 'late.'), 'early late.');
    other.write('answer.');
    assert.equal(await readUntil(client, 'answer.'), 'answer.');
  });

  it('lets one side end while the other goes on', async () => {
    const tunnel = await opened();
    const client = ask(tunnel.proxyUrl, target());
    await readUntil(client, established);
    const other = await server.next();
    client.end('question');
    assert.equal(await readToEnd(other), 'question');
    const whole = 'x'.repeat(3_000_000);
    other.end(whole);
    assert.equal((await readToEnd(client)).length, whole.length);
    assert.equal(tunnel.troubles, 0);
  });

  it('carries many connections at once, none mixed up with another, as slow as the slowest side', async () => {
    const { proxyUrl } = await opened();
    const names = Array.from({ length: 40 }, (_, index) => `${index}`.padStart(2, '0'));
    const clients = names.map((name) => ask(proxyUrl, target(), name));
    const size = 400_000;
    for (const _ of names) {
      const other = await server.next();
      other.once('data', (bytes: Buffer) => {
        // Echoes the name, then sends it as often as it takes.
        other.write(bytes);
        other.end(Buffer.alloc(size, bytes));
      });
      other.resume();
    }
    const answers = await Promise.all(clients.map(readToEnd));
    for (const [index, name] of names.entries()) {
      assert.ok(answers[index] === established + name + name.repeat(size / 2), `${name} is whole`);
    }
  });

  it('has a place for every object of a large release', async () => {
    const { proxyUrl } = await opened();
    for (let index = 0; index < 600; index += 1) await readUntil(ask(proxyUrl, target()), established);
  });

  it('keeps no place for those whom it refused, even if they hold on', async () => {
    const { proxyUrl } = await opened();
    const { port } = new URL(proxyUrl);
    const strangers = [];
    for (let count = 0; count < 2100; count += 1) {
      const stranger = connect({ host: '127.0.0.1', port: Number(port), allowHalfOpen: true });
      strangers.push(stranger);
      stranger.on('error', () => undefined).write(`CONNECT ${target()} HTTP/1.1\r\nhost: ${target()}\r\n\r\n`);
      assert.match(await readToEnd(stranger), /^HTTP\/1\.1 407 /);
    }
    await readUntil(ask(proxyUrl, target()), established);
    for (const stranger of strangers) stranger.destroy();
  });

  it('does not take more than it can hand on', async () => {
    const { proxyUrl } = await opened();
    const client = ask(proxyUrl, target());
    await readUntil(client, established);
    const other = await server.next();
    const [piece, most] = [Buffer.alloc(1_000_000, 'a'), 64];
    let taken = 0;
    for (let index = 0; index < most; index += 1) client.write(piece, () => (taken += 1));
    client.end();
    const [question, answer] = [ask(proxyUrl, target()), await server.next()];
    answer.pipe(answer);
    await readUntil(question, established);
    // Nothing moves any more once the other connection goes on and this one does not.
    for (let [round, before] = [0, -1]; round < 50; round = taken === before ? round + 1 : 0) {
      before = taken;
      question.write('?');
      await readUntil(question, '?');
    }
    assert.ok(taken < most, 'all was taken, though nobody reads');
    let read = 0;
    other.on('data', (bytes: Buffer) => (read += bytes.length)).resume();
    await once(other, 'end');
    assert.equal(read, most * piece.length);
  });

  it('asks for the secret', async () => {
    const { proxyUrl } = await opened();
    const { port, password } = new URL(proxyUrl);
    for (const user of ['', 'helm:@', `helm:${'0'.repeat(64)}@`, `other:${password}@`, `helm:${password}0@`]) {
      assert.match(await readToEnd(ask(`http://${user}127.0.0.1:${port}`, target())), /^HTTP\/1\.1 407 /, user);
    }
    assert.equal(server.sockets.length, 0);
  });

  it('leads to no other host, no other port and no other kind of request', async () => {
    const { proxyUrl } = await opened();
    const others = ['localhost', '127.0.0.2', '127.0.0.1.', '[::1]'].map((host) => `${host}:${server.port}`);
    for (const other of [...others, '127.0.0.1:1', '127.0.0.1', `https://${target()}`, `x@${target()}`]) {
      assert.match(await readToEnd(ask(proxyUrl, other)), /^HTTP\/1\.1 403 /, other);
    }
    const plain = connect(Number(new URL(proxyUrl).port), '127.0.0.1');
    plain.write(`GET http://${target()}/version HTTP/1.1\r\nhost: ${target()}\r\n\r\n`);
    assert.match(await readToEnd(plain), /^HTTP\/1\.1 405 /);
    assert.equal(server.sockets.length, 0);
  });

  it('reads no head without end', async () => {
    const { proxyUrl } = await opened();
    const client = connect(Number(new URL(proxyUrl).port), '127.0.0.1');
    client.write(`CONNECT ${target()} HTTP/1.1\r\nx: ${'x'.repeat(9000)}`);
    assert.match(await readToEnd(client), /^HTTP\/1\.1 431 /);
  });

  it('waits for a server that is away', async () => {
    const { port } = server;
    server.close();
    const tunnel = await opened({ totalMs: 60_000 }, port);
    const client = ask(tunnel.proxyUrl, `127.0.0.1:${port}`, 'hello');
    await refusedOnce(port);
    server = await new Listener().start(port);
    await readUntil(client, established);
    assert.equal(await readUntil(await server.next(), 'hello'), 'hello');
    assert.equal(tunnel.troubles, 0);
  });

  it('says why not when it stays away, in the words that helm shows', async () => {
    const { port } = server;
    server.close();
    const tunnel = await opened({}, port);
    const answer = await readToEnd(ask(tunnel.proxyUrl, `127.0.0.1:${port}`));
    assert.match(
      answer,
      /^HTTP\/1\.1 502 The API server cannot be reached \(connect ECONNREFUSED 127\.0\.0\.1:\d+\)\r\n/,
    );
    assert.equal(tunnel.troubles, 1);
  });

  it('counts connections that break or that the server ends, and tells helm', async () => {
    const tunnel = await opened();
    for (const [index, end] of (['resetAndDestroy', 'end'] as const).entries()) {
      const client = ask(tunnel.proxyUrl, target());
      await readUntil(client, established);
      (await server.next())[end]();
      await readToEnd(client);
      assert.equal(tunnel.troubles, index + 1);
      client.destroy();
    }
  });

  it('counts none that helm breaks or that close() ends, and leaves none behind', async () => {
    const tunnel = await opened();
    const clients = [ask(tunnel.proxyUrl, target()), ask(tunnel.proxyUrl, target())] as const;
    await Promise.all(clients.map((client) => readUntil(client, established)));
    const others = [await server.next(), await server.next()];
    const ends = others.map((other) => once(other.resume(), 'close').catch(() => undefined));
    clients[0].resetAndDestroy();
    await Promise.race(ends);
    tunnel.close();
    await Promise.all([...ends, readToEnd(clients[1])]);
    assert.equal(tunnel.troubles, 0);
    await assert.rejects(once(connect(Number(new URL(tunnel.proxyUrl).port), '127.0.0.1'), 'connect'), /ECONNREFUSED/);
  });
});

/** Waits until the port surely refuses. */
async function refusedOnce(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await assert.rejects(once(socket, 'connect'), /ECONNREFUSED/);
}
