import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type InstallOptions, installTool } from '../../../tasks/common/tools/install-tool.ts';
import { pinnedReleases, type PinnedReleases } from '../../../tasks/common/tools/releases.ts';
import { cacheFolder, filesIn, impatient, workbench, type Workbench } from './workbench.ts';

const file = '/release/v1.36.3/bin/linux/amd64/kubectl';
const content = 'kubectl 1.36.3';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const placed = [`${cacheFolder}/kubectl/1.36.3/x64-${sha256(content).slice(0, 16)}/kubectl`];

function pins(checksum: string | undefined): PinnedReleases {
  const sums = checksum === undefined ? {} : { 'linux-x64': checksum };
  return { ...pinnedReleases, kubectl: { version: '1.36.3', sha256: sums } };
}

describe('Installing a tool', () => {
  let bench: Workbench;
  let mirror: string;
  beforeEach(async function () {
    if (`${process.platform}-${process.arch}` !== 'linux-x64') this.skip();
    bench = await workbench();
    mirror = path.join(bench.scratch, 'mirror');
  });
  afterEach(() => bench.close());

  async function keep(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(mirror, name)), { recursive: true });
      await writeFile(path.join(mirror, name), text);
    }
  }

  const install = (options: Partial<InstallOptions> = {}) =>
    installTool(
      'kubectl',
      {
        version: undefined,
        mirror: { input: 'mirror', value: mirror },
        limits: impatient,
        pinned: pins(sha256(content)),
        ...options,
      },
      bench.context,
    );

  async function refused(message: RegExp, options: Partial<InstallOptions> = {}): Promise<void> {
    await assert.rejects(install(options), { name: 'TaskError', message });
    assert.deepEqual(await bench.cached(), []);
    assert.deepEqual(
      (await filesIn(bench.scratch)).filter((name) => !name.startsWith('mirror/')),
      [],
    );
  }

  it('takes the pinned version when the file has the pinned checksum', async () => {
    await keep({ [file]: content });

    const { path: installed, version } = await install();

    assert.equal(version, '1.36.3');
    assert.equal(await readFile(installed, 'utf8'), content);
    assert.deepEqual(await bench.cached(), placed);
    assert.match(bench.logged.join('\n'), new RegExp(`Its SHA-256 is ${sha256(content)}, as pinned in this task`));
  });

  it('believes the pinned checksum, not the one beside the file', async () => {
    await keep({ [file]: 'changed', [`${file}.sha256`]: sha256('changed') });

    await refused(
      new RegExp(
        `has the SHA-256 ${sha256('changed')}, but it must have ${sha256(content)}: it was changed or damaged`,
      ),
    );
  });

  it('asks for the checksum beside the file where none is pinned', async () => {
    await keep({ [file]: content, [`${file}.sha256`]: sha256(content) });

    await install({ pinned: pins(undefined) });

    assert.deepEqual(await bench.cached(), placed);
    assert.match(bench.logged.join('\n'), /as .*mirror publishes/);
  });

  const checksums: readonly [string, string, RegExp][] = [
    ['in capitals', sha256(content).toUpperCase(), /^$/],
    ['with the name of the file', `${sha256(content)}  kubectl\n`, /^$/],
    ['among those of other files', `${sha256('x')}  kubectl.exe\n${sha256(content)} *kubectl\n`, /^$/],
    ['of another file', `${sha256(content)}  kubectl.exe\n`, /holds no SHA-256 of kubectl but '/],
    ['of another content', sha256('other'), /has the SHA-256 .*, but it must have/],
    [
      'that is none',
      '<!DOCTYPE html><title>Sign in</title>',
      /holds no SHA-256 of kubectl but '<!DOCTYPE html>.*sign-in page/,
    ],
    ['that is empty', '', /holds no SHA-256 of kubectl but ''/],
  ];
  for (const [what, text, message] of checksums) {
    const isGood = message.source === '^$';
    it(`${isGood ? 'takes' : 'refuses'} a checksum ${what}`, async () => {
      await keep({ [file]: content, [`${file}.sha256`]: text });

      if (!isGood) return refused(message, { pinned: pins(undefined) });
      await install({ pinned: pins(undefined) });
      assert.deepEqual(await bench.cached(), placed);
    });
  }

  it('installs nothing without a checksum', async () => {
    await keep({ [file]: content });

    await refused(
      /has no \/release\/v1\.36\.3\/bin\/linux\/amd64\/kubectl\.sha256, and without a checksum nothing is installed/,
      {
        pinned: pins(undefined),
      },
    );
  });

  it('says so when the version does not exist', async () => {
    await keep({});
    await mkdir(mirror);

    await refused(/mirror has no kubectl 1\.36\.3 for this platform \(\/release\/v1\.36\.3.*\): check the version/);
    await refused(/has no \/release\/v1\.99\.0\/bin.*check that this version exists/, { version: '1.99.0' });
  });

  it('asks nobody for a pinned version that is in the cache', async () => {
    await keep({ [file]: content });
    const first = await install();
    await writeFile(path.join(mirror, file), 'changed since');

    assert.deepEqual(await install(), first);
    assert.deepEqual(await install({ version: '1.x' }), first);
    assert.match(bench.logged.at(-1) ?? '', new RegExp(`^Its SHA-256 is ${sha256(content)}, as pinned in this task`));
    assert.match(bench.logged.at(-2) ?? '', /^kubectl 1\.36\.3 is in the tool cache\.$/);
  });

  it('asks for no more than the checksum of another version that is in the cache', async () => {
    await keep({ [file]: content, [`${file}.sha256`]: sha256(content) });
    const first = await install({ pinned: pins(undefined) });
    await rm(path.join(mirror, file));

    assert.deepEqual(await install({ pinned: pins(undefined) }), first);
    await rm(path.join(mirror, `${file}.sha256`));
    await assert.rejects(install({ pinned: pins(undefined) }), /without a checksum nothing is installed/);
  });

  it('takes nothing from the cache that another source put there', async () => {
    await keep({ [file]: 'evil', [`${file}.sha256`]: sha256('evil') });
    const evil = await install({ pinned: pins(undefined) });
    await keep({ [file]: content, [`${file}.sha256`]: sha256(content) });

    for (const options of [{}, { pinned: pins(undefined) }]) {
      const ours = await install(options);
      assert.notEqual(ours.path, evil.path);
      assert.equal(await readFile(ours.path, 'utf8'), content);
    }
    assert.equal((await bench.cached()).length, 2);
  });

  it('downloads again what was changed in the cache', async () => {
    await keep({ [file]: content });
    const first = await install();
    await writeFile(first.path, 'evil');

    const second = await install();

    assert.equal(await readFile(second.path, 'utf8'), content);
    assert.match(
      bench.logged.join('\n'),
      /in the tool cache is not used and left alone, since kubectl in it has the SHA-256/,
    );
  });
});
