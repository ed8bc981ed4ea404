import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { type DownloadLimits, fetchFile, fetchText } from '../../../tasks/common/tools/download.ts';
import type { ToolSource } from '../../../tasks/common/tools/folder-source.ts';
import { filesIn, impatient, sourceOf, workbench, type Workbench } from './workbench.ts';

const content = Buffer.from('the bytes of a tool'.repeat(1000));

/** Sends something, then nothing, and does not end. */
function silent(): Readable {
  const stream = new PassThrough();
  stream.write(content.subarray(0, 10));
  return stream;
}

/** Sends a byte at a time, without end. */
function dripping(): Readable {
  return new Readable({
    read() {
      setImmediate(() => this.push(Buffer.alloc(1)));
    },
  });
}

function endless(): Readable {
  return new Readable({
    read() {
      this.push(Buffer.alloc(1000, 'a'));
    },
  });
}

describe('Fetching a file', () => {
  let bench: Workbench;
  beforeEach(async () => {
    bench = await workbench();
  });
  afterEach(() => bench.close());

  const fetch = (source: ToolSource, limits: Partial<DownloadLimits> = {}, signal = bench.context.signal) =>
    fetchFile(
      { source, path: '/tool', limits: { ...impatient, ...limits }, signal },
      path.join(bench.scratch, 'tool.download'),
    );

  it('writes it and tells its SHA-256', async () => {
    const sha256 = await fetch(sourceOf({ '/tool': content }));

    assert.equal(sha256, createHash('sha256').update(content).digest('hex'));
    assert.deepEqual(await readFile(path.join(bench.scratch, 'tool.download')), content);
  });

  it('tells when there is none', async () => {
    assert.equal(await fetch(sourceOf({})), undefined);
    assert.deepEqual(await filesIn(bench.scratch), []);
  });

  it('begins anew when the transfer broke off, with nothing of the first attempt in the file', async () => {
    const source = sourceOf(
      { '/tool': (attempt) => Readable.from([attempt < 3 ? content.subarray(0, 5000) : content]) },
      { '/tool': content.length },
    );

    await fetch(source);

    assert.equal(source.asked.length, 3);
    assert.deepEqual(await readFile(path.join(bench.scratch, 'tool.download')), content);
  });

  it('gives up after three broken transfers', async () => {
    const source = sourceOf({ '/tool': () => Readable.from([content.subarray(0, 10)]) }, { '/tool': 19_000 });

    await assert.rejects(fetch(source), {
      name: 'TaskError',
      message:
        'The download of /tool from tools.contoso.com broke off 3 times, the last time because it ended after 10 of ' +
        '19000 bytes: run the step again later, or give input mirror another source.',
    });
    assert.equal(source.asked.length, 3);
  });

  it('does not wait for ever for a source that stops sending', async () => {
    await assert.rejects(fetch(sourceOf({ '/tool': silent }), { stallMs: 20, attempts: 1 }), {
      name: 'TaskError',
      message: /broke off 1 times, the last time because nothing came for 0\.02 s/,
    });
  });

  it('does not wait for ever for a source that sends drop by drop, nor three times', async () => {
    const source = sourceOf({ '/tool': dripping });
    await assert.rejects(fetch(source, { totalMs: 30 }), {
      name: 'TaskError',
      message: /took longer than 0\.03 s: run/,
    });
    assert.equal(source.asked.length, 1);
  });

  it('takes no more than it may', async () => {
    await assert.rejects(fetch(sourceOf({ '/tool': endless }), { maxFileBytes: 10_000 }), {
      name: 'TaskError',
      message: '/tool from tools.contoso.com is larger than the allowed 10000 bytes.',
    });
  });

  it('says so when the disk is full', async function () {
    if (process.platform !== 'linux') this.skip();
    const request = { source: sourceOf({ '/tool': content }), path: '/tool', limits: impatient };

    await assert.rejects(fetchFile({ ...request, signal: bench.context.signal }, '/dev/full'), {
      name: 'TaskError',
      message: 'Cannot write to /dev (ENOSPC): the disk is full: make room there.',
    });
  });

  it('stops when the run is cancelled', async () => {
    const controller = new AbortController();
    const source = sourceOf(
      {
        '/tool': () => {
          controller.abort(new Error('The run was cancelled.'));
          return Readable.from([content.subarray(0, 5)]);
        },
      },
      { '/tool': 10 },
    );

    await assert.rejects(fetch(source, {}, controller.signal), /The run was cancelled/);
    assert.equal(source.asked.length, 1);
  });

  it('reads no endless text', async () => {
    const request = { source: sourceOf({ '/tool.sha256': endless }), path: '/tool.sha256', limits: impatient };

    await assert.rejects(
      fetchText({ ...request, signal: bench.context.signal }),
      /larger than the allowed 65536 bytes/,
    );
  });
});
