import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  childEnvironment,
  isWholePath,
  programIn,
  programPath,
  searchPath,
} from '../../../tasks/common/task/program.ts';
import { writeFiles } from '../../bench/write-files.ts';

const program = { program: '#!/bin/sh\n' };

function find(...entries: string[]): string {
  process.env['PATH'] = entries.join(path.delimiter);
  return programPath('helm');
}

describe('A program that is known by its name', () => {
  let folder: string;
  let sources: string;
  const before = { PATH: process.env['PATH'], cwd: process.cwd() };
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'programs-'));
    sources = writeFiles(path.join(folder, 'sources'), { helm: program, 'tools/helm': program });
    process.chdir(sources);
  });
  afterEach(() => {
    process.chdir(before.cwd);
    process.env['PATH'] = before.PATH;
    rmSync(folder, { recursive: true });
  });

  const place = (name: string): string => path.join(folder, name);
  it('is the first executable file of an absolute folder of PATH', () => {
    writeFiles(folder, {
      'a/helm': 'not executable',
      'b/helm/README.md': 'a folder',
      'c/helm': program,
      'd/helm': program,
    });
    symlinkSync(place('d/helm'), path.join(writeFiles(place('e'), {}), 'helm'));

    assert.equal(find(place('none'), place('a'), place('b'), place('c'), place('d')), place('c/helm'));
    assert.equal(find(place('e')), place('e/helm'));
  });

  for (const [what, entries] of [
    ['an empty entry', ['/usr/bin', '']],
    ['a leading empty entry', ['', '/usr/bin']],
    ['an entry that is the working directory', ['.']],
    ['a relative folder', ['tools', './tools', '../sources']],
    ['an unexpanded home', ['~/bin']],
  ] as const) {
    it(`is never found by ${what} of PATH`, () => {
      assert.throws(() => find(...entries), {
        name: 'TaskError',
        message: /^There is no helm on the PATH of this agent \(its relative entries do not count, .*: '[^/]*.*'\)\.$/,
      });
    });
  }

  it('is not found at all without a PATH', () => {
    assert.throws(() => find(), /There is no helm on the PATH of this agent/);
    delete process.env['PATH'];
    assert.throws(() => programPath('helm'), { message: 'There is no helm on the PATH of this agent.' });
  });

  it('has its ending on Windows, where batch files are refused with the reason', () => {
    writeFiles(folder, { 'a/helm': program, 'a/helm.cmd': program, 'b/helm.exe': program, 'c/kubectl.bat': program });
    const [a, b, c] = [place('a'), place('b'), place('c')];

    assert.equal(programIn([a, b, c], 'helm', 'win32'), place('b/helm.exe'));
    assert.equal(programIn([a, b, c], 'helm.exe', 'win32'), place('b/helm.exe'));
    assert.equal(programIn([a, b, c], 'kubelogin', 'win32'), undefined);
    assert.throws(() => programIn([a], 'helm', 'win32'), {
      name: 'TaskError',
      message: `${place('a/helm.cmd')} is a batch file, which is not run, since the shell of Windows would act on its arguments; put helm.exe on PATH instead.`,
    });
    assert.throws(() => programIn([c], 'kubectl', 'win32'), /kubectl\.bat is a batch file/);
  });
});

describe('A path that means the same everywhere', () => {
  it('begins at the root', () => {
    assert.deepEqual(
      ['/usr/bin', 'bin', './bin', '', '~/bin'].map((each) => isWholePath(each, 'linux')),
      [true, false, false, false, false],
    );
  });

  it('begins with a drive or a share on Windows', () => {
    const [whole, others] = [
      ['C:\\tools', 'd:/tools', '\\\\server\\share'],
      ['\\tools', '/tools', 'C:tools', 'C:', 'tools', '', '%TOOLS%'],
    ];
    assert.deepEqual(
      whole.filter((each) => !isWholePath(each, 'win32')),
      [],
    );
    assert.deepEqual(
      others.filter((each) => isWholePath(each, 'win32')),
      [],
    );
  });

  it('is all that counts of PATH, whose name Windows writes in any case', () => {
    assert.deepEqual(searchPath({ PATH: '/a::b:/c:' }, 'linux'), { folders: ['/a', '/c'], relative: ['', 'b', ''] });
    assert.deepEqual(searchPath({ Path: 'C:\\a;;"C:\\b c";b' }, 'win32'), {
      folders: ['C:\\a', 'C:\\b c'],
      relative: ['', 'b'],
    });
    assert.deepEqual(searchPath({}, 'linux'), { folders: [], relative: [] });
  });
});

const pathOf = (added: object, own: object): unknown => childEnvironment({ ...added }, { ...own }, 'linux')['PATH'];

describe('The environment of a program that a task starts', () => {
  it('has nothing that only the task needs', () => {
    const own = {
      HOME: '/home/agent',
      PATH: '/usr/bin',
      BUILD_BUILDID: '7',
      INPUT_SEALKEY: 'x',
      ENDPOINT_AUTH_SYSTEMVSSCONNECTION: 'x',
      ENDPOINT_DATA_1: 'x',
      SECRET_DBPASSWORD: 'x',
      SECUREFILE_TICKET_1: 'x',
      VSTS_TASKVARIABLE_JOBFOLDER: 'x',
      SYSTEM_ACCESSTOKEN: 'x',
      HELM_SECRETS_BACKEND: 'sops',
    };

    assert.deepEqual(childEnvironment({}, own, 'linux'), {
      HOME: '/home/agent',
      PATH: '/usr/bin',
      BUILD_BUILDID: '7',
      HELM_SECRETS_BACKEND: 'sops',
    });
    assert.equal(childEnvironment({ SYSTEM_ACCESSTOKEN: 'own' }, own, 'linux')['SYSTEM_ACCESSTOKEN'], 'own');
  });

  it('leads by PATH to absolute folders only, whoever set it', () => {
    assert.equal(pathOf({}, { PATH: ':/usr/bin::tools:.:/bin:' }), '/usr/bin:/bin');
    assert.equal(pathOf({ PATH: './evil:/opt/bin' }, { PATH: '/usr/bin' }), '/opt/bin');
    // Nothing at all would mean the working directory to some shells.
    for (const nothing of [{ PATH: '' }, { PATH: '.' }, {}]) assert.equal(pathOf({}, nothing), '/usr/bin:/bin');
  });

  it('keeps Windows from searching the working directory first', () => {
    const environment = childEnvironment({ HELM_DEBUG: '1' }, { Path: 'C:\\a;.;b', System_AccessToken: 'x' }, 'win32');

    assert.deepEqual(environment, { HELM_DEBUG: '1', PATH: 'C:\\a', NoDefaultCurrentDirectoryInExePath: '1' });
  });
});
