import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { ChecksBench } from '../bench/checks-bench.ts';

const lock = 'version: 1\nenvironments:\n  - name: orders\n    exclusiveLock: true\n';

describe('EnvironmentChecks, given odd files', () => {
  let bench: ChecksBench;
  before(async () => (bench = await ChecksBench.start()));
  after(() => bench.close());

  const place = (file: string): string => path.join(bench.job.folders.sources, file);

  /** Applies a file that must be refused before anything is asked. @returns the error */
  async function refused(file: string): Promise<string> {
    const { result, all } = await bench.requests(() => bench.apply('', { file }));
    assert.equal(result.result, 'Failed');
    assert.deepEqual(all, []);
    return errorsOf(result);
  }

  for (const [what, bytes, said] of [
    ['nothing', '', /odd\.yaml is empty: it must be a mapping of version and environments/],
    ['comments only', '# later\n', /odd\.yaml is empty:/],
    ['a list', '- name: orders\n', /odd\.yaml is a list: it must be a mapping/],
    [
      'a name in another encoding',
      Buffer.from('version: 1\nenvironments:\n  - name: münchen\n', 'latin1'),
      /odd\.yaml is no UTF-8 text: save it as UTF-8/,
    ],
    ['UTF-16', Buffer.from(`\u{feff}${lock}`, 'utf16le'), /odd\.yaml is no UTF-8 text/],
  ] as const)
    it(`says of a file with ${what} what is wrong`, async () => {
      writeFileSync(place('odd.yaml'), bytes);
      assert.match(await refused('odd.yaml'), said);
    });

  it('shows nothing of a file that is none of environments', async () => {
    writeFileSync(place('odd.yaml'), 'correct-horse-battery-staple\n');
    const { result } = await bench.requests(() => bench.apply('', { file: 'odd.yaml' }));
    assert.match(errorsOf(result), /odd\.yaml is a single value: it must be a mapping/);
    assert.doesNotMatch(result.log.join('\n'), /battery/);
  });

  it('takes no folder and no link for a file', async () => {
    mkdirSync(place('folder'));
    assert.match(await refused('folder'), /folder is no regular file/);
    writeFileSync(place('real.yaml'), lock);
    symlinkSync('real.yaml', place('link.yaml'));
    assert.match(await refused('link.yaml'), /link\.yaml is a link; put a copy of the file in its place/);
  });

  for (const [what, text] of [
    ['with the line ends of Windows and a byte order mark', `\u{feff}${lock.replaceAll('\n', '\r\n')}`],
    ['that is JSON', JSON.stringify({ version: 1, environments: [{ name: 'orders', exclusiveLock: true }] })],
    ['with marks of a document and comments', `# Ours\n---\n${lock} # the end\n...\n`],
  ] as const)
    it(`reads a file ${what}`, async () => {
      const step = await bench.apply(text);
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      assert.equal(bench.organization.environments.find('orders')?.configurations.all.length, 1);
    });
});

function errorsOf({ issues }: StepResult): string {
  return issues.map(({ message }) => message).join('\n');
}
