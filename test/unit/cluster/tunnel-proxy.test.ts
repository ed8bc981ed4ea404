import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline, type Duplex } from 'node:stream';
import { CertificateAuthority } from '../../azure/certificates/certificate-authority.ts';
import type { ApiTunnel } from '../../../tasks/common/cluster/tunnel.ts';
import { ask, established, Listener, readToEnd, readUntil, tunnelTo } from './tunnel-bench.ts';

describe('the tunnel to an API server behind a proxy', () => {
  const authority = new CertificateAuthority();
  let server: Listener;
  let proxy: Server;
  let tunnel: ApiTunnel | undefined;
  let child: ChildProcess | undefined;
  let folder: string;
  let heads: IncomingMessage[] = [];
  /** What the proxy answers, one after the other; then it leads to the server. */
  let answers: string[] = [];
  const target = (): string => `127.0.0.1:${server.port}`;
  const address = (scheme: string, userinfo = ''): string =>
    `${scheme}://${userinfo}localhost:${(proxy.address() as AddressInfo).port}`;
  const serve = (request: IncomingMessage, socket: Duplex): void => {
    heads.push(request);
    socket.on('error', () => undefined);
    const answer = answers.shift();
    if (answer !== undefined) return void socket.end(`HTTP/1.1 ${answer}\r\n\r\n`);
    const onward = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
    socket.write('HTTP/1.1 200 OK\r\nx: y\r\n\r\nfirst.');
    pipeline(socket, onward, socket, () => undefined);
  };
  const listen = async (made: Server): Promise<void> => {
    proxy = made.on('connect', serve);
    proxy.listen(0, 'localhost');
    await once(proxy, 'listening');
  };
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'proxy-'));
    [heads, answers] = [[], []];
    server = await new Listener().start();
  });
  afterEach(() => {
    tunnel?.close();
    child?.kill('SIGKILL');
    proxy.close();
    server.close();
    rmSync(folder, { recursive: true });
  });

  it('leads through it, with its user and password, and loses nothing that comes with the answer', async () => {
    await listen(createServer());
    tunnel = await tunnelTo(server.port, { proxyUrl: address('http', 'agent:p%40ss:w%C3%B6rd@') });
    const client = ask(tunnel.proxyUrl, target(), 'early.');
    assert.equal(await readUntil(client, 'first.'), `${established}first.`);
    assert.equal(await readUntil(await server.next(), 'early.'), 'early.');
    const [head] = heads;
    assert.deepEqual([head?.url, head?.headers.host], [target(), target()]);
    const sent = Buffer.from((head?.headers['proxy-authorization'] ?? '').slice(6), 'base64').toString();
    assert.equal(sent, 'agent:p@ss:wörd');
    assert.ok(!JSON.stringify(head?.rawHeaders).includes(new URL(tunnel.proxyUrl).password));
  });

  it('sends no user to one that needs none', async () => {
    await listen(createServer());
    tunnel = await tunnelTo(server.port, { proxyUrl: address('http') });
    await readUntil(ask(tunnel.proxyUrl, target()), 'first.');
    assert.equal(heads[0]?.headers['proxy-authorization'], undefined);
  });

  it('asks again while it reaches nobody, and not when it refuses', async () => {
    await listen(createServer());
    answers = ['502 Bad Gateway', '503 Busy', '504 Timeout'];
    tunnel = await tunnelTo(server.port, { proxyUrl: address('http'), totalMs: 60_000 });
    await readUntil(ask(tunnel.proxyUrl, target()), 'first.');
    assert.equal(heads.length, 4);
    for (const answer of ['407 Who are you', '403 No', '301 There', '400 What']) {
      [heads, answers] = [[], [answer]];
      const said = await readToEnd(ask(tunnel.proxyUrl, target()));
      assert.match(
        said,
        new RegExp(`^HTTP/1\\.1 502 .*\\(HTTP ${answer.slice(0, 3)} of the proxy localhost:\\d+\\)\r`),
      );
      assert.equal(heads.length, 1);
    }
    assert.equal(tunnel.troubles, 4);
  });

  it('bounds what it reads of an answer', async () => {
    await listen(createServer());
    answers = [`200 OK\r\nx: ${'x'.repeat(100_000)}`];
    tunnel = await tunnelTo(server.port, { proxyUrl: address('http') });
    assert.match(await readToEnd(ask(tunnel.proxyUrl, target())), /^HTTP\/1\.1 502 /);
  });

  for (const scheme of ['http', 'https']) {
    it(`cuts off what leads through one of ${scheme}, and resets it`, async () => {
      const { certificate: cert, key } = authority.serverCredential('localhost');
      await listen(scheme === 'http' ? createServer() : createTlsServer({ cert, key }));
      const file = path.join(folder, 'lost');
      const ca = path.join(folder, 'ca.pem');
      writeFileSync(ca, authority.certificate);
      const script = path.join(import.meta.dirname, 'tunnel-process.ts');
      child = spawn(process.execPath, ['--import=tsx', script, String(server.port), file, address(scheme)], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, NODE_EXTRA_CA_CERTS: ca },
      });
      assert.ok(child.stdout);
      const [line]: unknown[] = await once(child.stdout, 'data');
      const connection = once(proxy, scheme === 'http' ? 'connection' : 'secureConnection');
      const client = ask(String(line).trim(), target());
      await readUntil(client, 'first.');
      const [socket] = (await connection) as [Duplex];
      const other = await server.next();
      client.write('before.');
      await readUntil(other, 'before.');
      const broken = once(socket, 'error');
      writeFileSync(file, '');
      client.write('after.');
      assert.equal(await readToEnd(other), '');
      const [error] = (await broken) as [NodeJS.ErrnoException];
      assert.equal(error.code, 'ECONNRESET');
    });
  }

  it('refuses one of https whose certificate nobody knows, at once', async () => {
    const { certificate: cert, key } = authority.serverCredential('localhost');
    await listen(createTlsServer({ cert, key }));
    tunnel = await tunnelTo(server.port, { proxyUrl: address('https'), totalMs: 3_600_000 });
    assert.match(await readToEnd(ask(tunnel.proxyUrl, target())), /^HTTP\/1\.1 502 .*certificate/);
    assert.equal(heads.length, 0);
  });

  it('knows no other kind', async () => {
    await listen(createServer());
    for (const proxyUrl of ['socks5://proxy:1080', 'proxy:3128', '']) {
      await assert.rejects(tunnelTo(server.port, { proxyUrl }), /only http and https proxies are supported/);
    }
  });
});
