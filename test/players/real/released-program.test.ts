import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { pack } from 'tar-stream';
import type { Program, ReleasedProgram } from '../../real/programs.ts';
import { obtainReleased } from '../../real/released-program.ts';

const content = Buffer.from('#!/bin/sh\necho released\n');
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

async function tarGz(): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: 'LICENSE' }, 'Apache License 2.0');
  archive.entry({ name: 'bin/tool' }, content);
  archive.finalize();
  return gzipSync(await buffer(archive));
}

describe('A released program', () => {
  const files = new Map<string, Buffer | string>();
  const folder = mkdtempSync(path.join(tmpdir(), 'released-'));
  const target = path.join(folder, 'tool');
  let server: Server;
  let address: string;
  before(async () => {
    server = createServer((request, response) => {
      const file = files.get(request.url ?? '');
      response.writeHead(file === undefined ? 404 : 200).end(file);
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const bound = server.address();
    assert.ok(bound !== null && typeof bound === 'object');
    address = `http://127.0.0.1:${bound.port}`;
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  afterEach(() => files.clear());

  const obtain = (file: string, source: Pick<ReleasedProgram, 'checksums' | 'entry'>): Promise<void> => {
    // No Go can build it, so that only a download helps.
    const build = { module: 'none@v1.0.0', go: '1.26', linkerFlags: '', minutes: 1 };
    const released: ReleasedProgram = { kind: 'release', archive: () => `${address}/${file}`, build, ...source };
    const program: Program = { name: 'tool', version: '1.0.0', source: released };
    return obtainReleased(program, released, target);
  };

  it('is taken out of its .tar.gz, checked by the line of the checksum file that names it', async () => {
    const archive = await tarGz();
    files.set('/tool.tar.gz', archive);
    files.set('/sums', `${'0'.repeat(64)}  ./other.tar.gz\n${sha256(archive)}  ./tool.tar.gz\n`);
    await obtain('tool.tar.gz', { checksums: `${address}/sums`, entry: () => 'bin/tool' });
    assert.deepEqual(readFileSync(target), content);
  });

  it('is taken out of its .zip, or is the file itself, checked by the checksum beside it', async () => {
    const zip = Buffer.from(zipSync({ 'bin/tool': content }));
    const released: readonly [string, Buffer, Pick<ReleasedProgram, 'entry'>][] = [
      ['tool.zip', zip, { entry: () => 'bin/tool' }],
      ['tool', content, {}],
    ];
    for (const [file, bytes, source] of released) {
      files.set(`/${file}`, bytes);
      files.set(`/${file}.sha256`, `${sha256(bytes)}  ${file}`);
      await obtain(file, source);
      assert.deepEqual(readFileSync(target), content);
      rmSync(target);
    }
  });

  it('is not taken when its checksum is another or unknown, or when the archive lacks it', async () => {
    const archive = await tarGz();
    files.set('/tool.tar.gz', archive);
    const refused = async (sums: string, entry: string, reason: RegExp): Promise<void> => {
      files.set('/sums', sums);
      await assert.rejects(obtain('tool.tar.gz', { checksums: `${address}/sums`, entry: () => entry }), reason);
    };
    await refused(`${'0'.repeat(64)}  tool.tar.gz`, 'bin/tool', /SHA-256 of \S+ is \w{64}, not 0{64}/);
    await refused(
      `${sha256(archive)}  a.zip\n${sha256(archive)}  b.zip`,
      'bin/tool',
      /sums has no SHA-256 of \S+tool\.tar\.gz/,
    );
    await refused(`${sha256(archive)}  tool.tar.gz`, 'tool', /There is no 'tool' in/);
  });
});
