import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspectArchive } from '../../../tasks/common/chart/archive/inspect.ts';
import { readMetadataFile } from '../../../tasks/common/chart/metadata/folder.ts';
import {
  checkJobFile,
  checkJobPlace,
  openRegularFile,
  readFully,
  readRegularFile,
  writeWholeFile,
} from '../../../tasks/common/task/job-files.ts';
import { chartWith } from '../chart/hostile-archive.ts';
import { refusalOf } from '../chart/refusal.ts';

describe('a file of the job', () => {
  let root: string;
  const at = (...parts: string[]): string => path.join(root, ...parts);
  const put = (name: string, content: string | Uint8Array = ''): string => {
    mkdirSync(path.dirname(at(name)), { recursive: true });
    writeFileSync(at(name), content);
    return at(name);
  };

  before(function () {
    // Windows lets only some users make links.
    if (process.platform === 'win32') this.skip();
  });
  beforeEach(() => {
    root = realpathSync(mkdtempSync(path.join(tmpdir(), 'job-files-')));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const job = (workspace = at('job'), temporary = at('_temp')) => ({
    variable: (name: string) =>
      ({ 'Pipeline.Workspace': workspace, 'Build.SourcesDirectory': at('job', 's'), 'Agent.TempDirectory': temporary })[
        name
      ],
  });
  const checked = (place: string, workspace = at('job')) => checkJobPlace(place, job(workspace));
  const refused = async (place: string): Promise<string[]> => [
    await refusalOf(() => checkJobPlace(place, job())),
    await refusalOf(() => checkJobFile(place, job())),
  ];

  describe('is opened', () => {
    it('when it is a regular one', async () => {
      assert.equal(String(await readRegularFile(put('a', 'content'), 7)), 'content');
      assert.equal(await openRegularFile(at('missing')), undefined);
      assert.equal(await openRegularFile(at('a', 'below')), undefined);
    });

    it('not when it is a link, a folder or a pipe', async () => {
      symlinkSync(put('target'), at('link'));
      symlinkSync(at('nothing'), at('dangling'));
      execFileSync('mkfifo', [at('pipe')]);
      for (const link of ['link', 'dangling'])
        assert.match(
          await refusalOf(() => openRegularFile(at(link))),
          /is a link; put a copy of the file in its place/,
        );
      for (const odd of ['pipe', '.'])
        assert.match(await refusalOf(() => openRegularFile(at(odd))), /is no regular file/);
    });

    it('and read to the end of what is allowed, whatever one read brings', async () => {
      assert.match(await refusalOf(() => readRegularFile(put('a', 'content'), 6)), /more than the 6 bytes/);
      const content = Buffer.from('0123456789');
      // Like a file on a share, which gives three bytes at a time.
      const slow = {
        read: async (memory: Buffer, offset: number, length: number, position: number) => ({
          bytesRead: content.copy(memory, offset, position, Math.min(position + Math.min(length, 3), content.length)),
        }),
      } as unknown as FileHandle;
      assert.equal(String(await readFully(slow, 2, Buffer.alloc(5))), '23456');
      assert.equal(String(await readFully(slow, 8, Buffer.alloc(5))), '89');
    });

    it('as a chart archive, too', async () => {
      symlinkSync(put('app.tgz', chartWith()), at('link.tgz'));
      assert.match(await refusalOf(() => inspectArchive(at('link.tgz'))), /link\.tgz is a link/);
    });
  });

  describe('is written whole', () => {
    it('in the place of a link, which is not followed', async () => {
      symlinkSync(put('target', 'kept'), at('file'));
      await writeWholeFile(at('file'), Buffer.from('new'));
      assert.equal(readFileSync(at('file'), 'utf8'), 'new');
      assert.equal(readFileSync(at('target'), 'utf8'), 'kept');
      assert.deepEqual(readdirSync(root).sort(), ['file', 'target']);
    });

    it('or not at all', async () => {
      mkdirSync(at('folder'));
      assert.match(await refusalOf(() => writeWholeFile(at('folder'), Buffer.from('new'))), /folder cannot be written/);
      assert.match(await refusalOf(() => writeWholeFile(at('missing', 'x'), Buffer.from('new'))), /cannot be written/);
      assert.deepEqual(readdirSync(root), ['folder']);
    });
  });

  describe('may stand', () => {
    beforeEach(() => {
      mkdirSync(at('job', 's'), { recursive: true });
      mkdirSync(at('elsewhere'));
    });

    it('in a folder of the job, and where only the pipeline says so', async () => {
      symlinkSync(at('job', 's'), at('job', 'inside'));
      for (const place of [at('job'), at('job', 's', 'new', 'deep'), at('job', 'inside', 'x'), at('elsewhere', 'x')])
        await checked(place);
    });

    it('not where a link leads out of the job', async () => {
      symlinkSync(at('elsewhere'), at('job', 's', 'out'));
      for (const place of [at('job', 's', 'out'), at('job', 's', 'out', 'new', 'deep')])
        assert.match(await refusalOf(() => checked(place)), /leads out of the folders of this job, to .*elsewhere/);
    });

    it('in an agent whose folder is a link itself', async () => {
      symlinkSync(at('job'), at('linked'));
      await checked(at('linked', 's', 'x'), at('linked'));
      await checked(at('job', 's', 'x'), at('linked'));
      symlinkSync(at('elsewhere'), at('job', 's', 'out'));
      assert.match(await refusalOf(() => checked(at('linked', 's', 'out'), at('linked'))), /leads out of/);
    });
  });

  describe('is no file of the sources', () => {
    beforeEach(() => {
      put('_temp/secure.yaml');
      put('job/s/.git/config');
      put('job/s/modules/app/.git/config');
    });

    it('when a link leads it into the temporary folder of the agent, where those of other steps lie', async () => {
      symlinkSync('../../_temp', at('job', 's', 'values'));
      for (const message of await refused(at('job', 's', 'values', 'secure.yaml')))
        assert.match(message, /the folders of this job.*_temp\/secure\.yaml/);
      const named = at('_temp', 'secure.yaml');
      await checkJobPlace(named, job());
      await checkJobFile(named, job());
      symlinkSync(at('_temp'), at('linked'));
      await checkJobFile(at('linked', 'secure.yaml'), job(at('job'), at('linked')));
      await checkJobFile(named, job(at('job'), at('linked')));
    });

    it("when it is one of git's own, however it is named", async () => {
      symlinkSync('.git', at('job', 's', 'files'));
      symlinkSync('modules/app', at('job', 's', 'app'));
      for (const place of ['files/config', '.git/config', 'app/.git/config'])
        for (const message of await refused(at('job', 's', place))) assert.match(message, /one of git's own files/);
    });

    it('in an agent whose folders lie in each other, and in one named as git names its own', async () => {
      put('.git/job/s/values.yaml');
      await checkJobFile(at('.git', 'job', 's', 'values.yaml'), job(at('.git', 'job')));
      await checkJobFile(put('job/s/values.yaml'), job(at('job'), root));
      put('job/s/_temp/secure.yaml');
      symlinkSync('_temp', at('job', 's', 'values'));
      const nested = job(at('job'), at('job', 's', '_temp'));
      assert.match(
        await refusalOf(() => checkJobFile(at('job', 's', 'values', 'secure.yaml'), nested)),
        /outside of the folders of this job/,
      );
    });
  });

  describe('is read as metadata of a chart', () => {
    it('through a link within the folder that it may not leave', async () => {
      put('repository/common/Chart.yaml', 'name: app\n');
      mkdirSync(at('repository', 'app'));
      symlinkSync('../common/Chart.yaml', at('repository', 'app', 'Chart.yaml'));
      const read = (within?: string) =>
        readMetadataFile(at('repository', 'app'), 'Chart.yaml', { ...(within !== undefined && { within }) });
      assert.equal(await read(), 'name: app\n');
      assert.equal(await read(at('repository')), 'name: app\n');
      assert.match(await refusalOf(() => read(at('repository', 'app'))), /is a link that leads to .*common/);
    });

    it('never from a folder .git, or from a pipe or device', async () => {
      put('.git/config', 'name: app\n');
      symlinkSync('.git/config', at('Chart.yaml'));
      symlinkSync('/dev/zero', at('Chart.lock'));
      assert.match(await refusalOf(() => readMetadataFile(root, 'Chart.yaml')), /into a repository's own files/);
      assert.match(await refusalOf(() => readMetadataFile(root, 'Chart.lock')), /is no regular file/);
      assert.equal(await readMetadataFile(root, 'requirements.yaml'), undefined);
    });
  });
});
