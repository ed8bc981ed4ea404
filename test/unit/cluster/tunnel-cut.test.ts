import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ApiTunnel } from '../../../tasks/common/cluster/tunnel.ts';
import { ask, established, Listener, readToEnd, readUntil, tunnelTo } from './tunnel-bench.ts';

describe('a tunnel whose owner lost the right to write', () => {
  let server: Listener;
  let tunnel: ApiTunnel | undefined;
  let holds = true;
  const target = (): string => `127.0.0.1:${server.port}`;
  const mayPass = (): boolean => holds;
  beforeEach(async () => {
    holds = true;
    server = await new Listener().start();
  });
  afterEach(() => {
    server.close();
    tunnel?.close();
  });

  it('forwards nothing more and breaks all connections, the idle ones too', async () => {
    tunnel = await tunnelTo(server.port, { mayPass });
    const clients = [ask(tunnel.proxyUrl, target()), ask(tunnel.proxyUrl, target())] as const;
    await Promise.all(clients.map((client) => readUntil(client, established)));
    const others = [await server.next(), await server.next()];
    clients[0].write('before.');
    const carrier = await carrierOf(others, 'before.');
    holds = false;
    clients[0].write('after.');
    assert.deepEqual(await Promise.all([...clients, ...others].map(readToEnd)), ['', '', '', '']);
    assert.ok(carrier.destroyed);
    assert.equal(tunnel.troubles, 0);
  });

  it('lets nobody in, also not with what came along with the request', async () => {
    tunnel = await tunnelTo(server.port, { mayPass });
    holds = false;
    assert.equal(await readToEnd(ask(tunnel.proxyUrl, target(), 'along')), '');
    assert.equal(server.sockets.length, 0);
  });

  it('gives up what still waits for the server', async () => {
    const { port } = server;
    server.close();
    let asked = 0;
    tunnel = await tunnelTo(port, { mayPass: () => (asked += 1) === 1, totalMs: 60_000 });
    const client = ask(tunnel.proxyUrl, `127.0.0.1:${port}`, 'along');
    server = await new Listener().start(port);
    // The first question lets the request in; what came along must not pass after it.
    assert.doesNotMatch(await readToEnd(client), /502/);
    for (const socket of server.sockets) assert.equal(await readToEnd(socket), '');
  });

  it('resets connections, so that the system sends nothing that it still holds', async () => {
    tunnel = await tunnelTo(server.port);
    const client = ask(tunnel.proxyUrl, target());
    await readUntil(client, established);
    const other = await server.next();
    tunnel.close();
    await assert.rejects(once(other.resume(), 'end'), { code: 'ECONNRESET' });
  });

  it('lets its process end also when a connection is cut while it ends', async () => {
    const script = path.join(import.meta.dirname, 'ending-process.ts');
    const child = spawn(process.execPath, ['--import=tsx', script, String(server.port)], { stdio: 'inherit' });
    try {
      const [exitCode]: unknown[] = await once(child, 'exit');
      assert.equal(exitCode, 0);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('forwards not one byte more when its process was stopped meanwhile, whatever was on its way', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'stopped-'));
    const file = path.join(folder, 'lost');
    const script = path.join(import.meta.dirname, 'tunnel-process.ts');
    const child = spawn(process.execPath, ['--import=tsx', script, String(server.port), file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [line]: unknown[] = await once(child.stdout, 'data');
      const client = ask(String(line).trim(), target());
      await readUntil(client, established);
      const other = await server.next();
      client.write(Buffer.alloc(64_000_000));
      await settled(() => queues(server.port).sending);
      child.kill('SIGSTOP');
      await settled(() => readFileSync(`/proc/${child.pid}/stat`, 'latin1').split(') ')[1]?.[0] ?? '', 'T');
      writeFileSync(file, '');
      let read = 0;
      other.on('data', (bytes: Buffer) => (read += bytes.length)).resume();
      // What the system took before is out of anybody's hands.
      await settled(() => `${queues(server.port).sending} ${queues(server.port).received}`, '0 0');
      await settled(() => String(read));
      const before = read;
      child.kill('SIGCONT');
      await once(other, 'close').catch(() => undefined);
      assert.ok(before > 0);
      assert.equal(read, before);
    } finally {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    }
  });
});

async function carrierOf(sockets: Socket[], text: string): Promise<Socket> {
  return Promise.any(sockets.map(async (socket) => (await readUntil(socket, text), socket)));
}

/** Waits until a thing has this value, or else any that does not change. */
async function settled(look: () => string, wanted?: string): Promise<void> {
  for (let [same, before] = [0, look()]; same < 10;) {
    await pause(20);
    const now = look();
    same = now === (wanted ?? before) ? same + 1 : 0;
    before = now;
  }
}

/** Bytes that the system holds for connections to this port (proc(5), tcp): not yet taken by the receiver, not yet read. */
function queues(port: number): { sending: string; received: string } {
  const rows = readFileSync('/proc/net/tcp', 'latin1')
    .split('\n')
    .slice(1)
    .map((row) => row.trim().split(/\s+/));
  const isPort = (address = ''): boolean => Number.parseInt(address.split(':')[1] ?? '', 16) === port;
  const open = rows.filter((row) => row[3] === '01');
  return {
    sending: sum(
      open.filter((row) => isPort(row[2])),
      0,
    ),
    received: sum(
      open.filter((row) => isPort(row[1])),
      1,
    ),
  };
}

const sum = (found: string[][], part: 0 | 1): string =>
  String(found.reduce((all, row) => all + Number.parseInt(row[4]?.split(':')[part] ?? '', 16), 0));
