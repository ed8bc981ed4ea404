import assert from 'node:assert/strict';
import { learnSecret } from '../../../tasks/common/text/shown.ts';
import { NotMasked, readTail, whyNoLog } from '../../../tasks/common/watching/container-log.ts';
import { refused } from './fake-cluster.ts';
import { object } from './objects.ts';

const pod = { kind: 'Pod', apiVersion: 'v1', ...object('shop-a') };
const limits = { signal: new AbortController().signal, timeoutMs: 60_000 };

/** What is kept of a log, and what was asked for. */
async function tailOf(text: string, previous = false): Promise<{ lines: readonly string[]; asked: string }> {
  let asked = '';
  const client = { text: async (path: string) => ((asked = path), text) };
  return { lines: (await readTail(client, pod, 'web', previous, limits)).lines, asked };
}

describe('the end of the log of a container', () => {
  it('is asked for bounded, also of the container before', async () => {
    const { asked } = await tailOf('', true);
    const { pathname, searchParams } = new URL(asked, 'https://localhost');
    assert.equal(pathname, '/api/v1/namespaces/web/pods/shop-a/log');
    assert.deepEqual(Object.fromEntries(searchParams), {
      container: 'web',
      tailLines: '100',
      limitBytes: '131072',
      previous: 'true',
    });
  });

  it('is its lines without colours and invisible characters; none of an empty one', async () => {
    assert.deepEqual((await tailOf('')).lines, []);
    assert.deepEqual((await tailOf('\n')).lines, []);
    const { lines } = await tailOf('\u001b[1;31mERROR\u001b[0m no\u200b thing\r\n\n  at x\u0007  \n');
    assert.deepEqual(lines, ['ERROR no thing', '', '  at x']);
  });

  it('has long lines cut, and secrets masked before that', async () => {
    learnSecret('s3cr3t-that-is-cut');
    const { lines } = await tailOf(`${'x'.repeat(490)}s3cr3t-that-is-cut${'y'.repeat(50)}\n`);
    assert.deepEqual(lines, [`${'x'.repeat(490)}***${'y'.repeat(7)}…`]);
  });

  it('loses the line that a limit of bytes cut: half a secret is not known', async () => {
    learnSecret('s3cr3t-of-the-last-line');
    const start = 'first\n';
    const end = '\nhalf s3cr3t-of-the-';
    const { lines } = await tailOf(start + 'x'.repeat(131_072 - start.length - end.length) + end);
    assert.deepEqual(lines, ['first', `${'x'.repeat(500)}…`]);
  });

  it('is no longer than it was asked for', async () => {
    const { lines } = await tailOf(`${'x'.repeat(300)}\n${'y\n'.repeat(70_000)}last\n`);
    assert.equal(lines.length, 100);
    assert.ok(!lines.includes('last'));
  });

  it('is given by a kubelet, so that no API server is blamed when none comes', () => {
    const unreachable = new Error('The API server did not answer within 10 s');
    assert.match(String(whyNoLog(unreachable)), /The kubelet, or the API server, did not answer in time\./);
    for (const error of [refused(403), new NotMasked()]) assert.equal(whyNoLog(error), error);
  });
});
