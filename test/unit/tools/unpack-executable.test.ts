import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { zipSync } from 'fflate';
import { pack } from 'tar-stream';
import { unpackExecutable } from '../../../tasks/common/tools/unpack.ts';
import { filesIn } from './workbench.ts';

const program = Buffer.from('#!/bin/sh\necho it runs\n'.repeat(5000));

async function tarGz(files: Readonly<Record<string, Buffer>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
  archive.finalize();
  return gzipSync(await buffer(archive));
}

const zip = (files: Readonly<Record<string, Buffer>>): Buffer => Buffer.from(zipSync(files));

describe('Unpacking an executable', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'unpack-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const target = (): string => path.join(folder, 'out', '..', 'tool');
  async function unpack(packing: 'none' | 'tar.gz' | 'zip', archive: Buffer, most = 1_000_000): Promise<Buffer> {
    const file = path.join(folder, 'download');
    await writeFile(file, archive);
    await unpackExecutable(file, { packing, entry: 'linux-amd64/tool', path: '/tool.archive' }, target(), most);
    return readFile(target());
  }

  const others = { 'linux-amd64/LICENSE': Buffer.from('MIT'), '../outside': program, '/tmp/absolute': program };
  const packers = { 'tar.gz': tarGz, zip } as const;
  for (const packing of ['tar.gz', 'zip'] as const) {
    it(`takes the one file out of a ${packing} and writes nothing else`, async () => {
      const archive = await packers[packing]({ ...others, 'linux-amd64/tool': program });

      assert.deepEqual(await unpack(packing, archive), program);
      assert.deepEqual(await filesIn(folder), ['download', 'tool']);
      if (process.platform !== 'win32') assert.equal((await stat(target())).mode & 0o777, 0o755);
    });

    it(`says so when a ${packing} does not hold it`, async () => {
      const archive = await packers[packing](others);

      await assert.rejects(unpack(packing, archive), {
        name: 'TaskError',
        message: /^\/tool\.archive cannot be unpacked: it holds (no file|0 files) linux-amd64\/tool\.$/,
      });
    });

    it(`writes no more of a ${packing} than allowed`, async () => {
      const archive = await packers[packing]({ 'linux-amd64/tool': Buffer.alloc(2_000_000) });

      await assert.rejects(unpack(packing, archive), /holds an executable of more than the allowed 1000000 bytes/);
      assert.ok((await stat(target())).size <= 1_000_000);
    });

    it(`refuses a ${packing} that is cut short or no archive`, async () => {
      const archive = await packers[packing]({ 'linux-amd64/tool': program });

      await assert.rejects(unpack(packing, archive.subarray(0, archive.length / 2)), {
        name: 'TaskError',
        message: /^\/tool\.archive cannot be unpacked: it is (cut short or )?damaged/,
      });
      await assert.rejects(unpack(packing, Buffer.from('<!DOCTYPE html>'.repeat(100))), /is (cut short or )?damaged/);
    });
  }

  it('reads stored files of a zip, and refuses other methods and damaged content', async () => {
    const stored = Buffer.from(zipSync({ 'linux-amd64/tool': [program, { level: 0 }] }));
    assert.deepEqual(await unpack('zip', stored), program);

    const other = Buffer.from(stored);
    other.writeUInt16LE(12, other.indexOf(Buffer.from('PK\x01\x02')) + 10);
    await assert.rejects(unpack('zip', other), /is packed by method 12/);

    const damaged = zip({ 'linux-amd64/tool': program });
    damaged.fill(0xff, 60, 90);
    await assert.rejects(unpack('zip', damaged), /is (cut short or )?damaged/);
  });

  it('makes a bare file executable', async () => {
    assert.deepEqual(await unpack('none', program), program);
  });

  it('says so when the disk is full', async function () {
    if (process.platform !== 'linux') this.skip();
    const file = path.join(folder, 'download');
    await writeFile(file, program);
    const asset = { packing: 'none', entry: 'tool', path: '/tool' } as const;

    await assert.rejects(unpackExecutable(file, asset, '/dev/full', 1_000_000), {
      name: 'TaskError',
      message: 'Cannot write to /dev (ENOSPC): the disk is full: make room there.',
    });
  });
});
