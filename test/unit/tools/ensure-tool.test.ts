import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { helmRange, knownDefect, toPackage } from '../../../tasks/common/helm/versions.ts';
import { Cancelled, TaskError } from '../../../tasks/common/task/outcome.ts';
import type { ToolName } from '../../../tasks/common/tools/definitions.ts';
import { ensureTool } from '../../../tasks/common/tools/ensure-tool.ts';
import { startAzure, type Azure } from '../../azure/index.ts';
import { workbench, type Workbench } from './workbench.ts';

const kubectlSays = JSON.stringify(
  { clientVersion: { major: '1', gitVersion: 'v1.33.4' }, kustomizeVersion: 'v5.6.0' },
  null,
  2,
);
const kubeloginSays = 'kubelogin version \ngit hash: v0.2.12/0123456789\nGo version: go1.26.4\nPlatform: linux/amd64';
const kyvernoSays =
  'Version: 1.19.1\nTime: 2026-09-10T05:20:21Z\nGit commit ID: 40ec788d48bb28d83dbf85538e962a59db9d45c6';
const gatorSays =
  'gator version v3.23.1 (Feature State: beta), opa/v1.17.1, frameworks/v0.0.0-20260616163050-e1eaa1bf6d62';

describe('A tool for the use of a task', () => {
  let bench: Workbench;
  let ran: string[];
  let bin: string;
  const { PATH } = process.env;
  beforeEach(async () => {
    bench = await workbench();
    ran = [];
    bin = path.join(bench.scratch, 'bin');
    await mkdir(bin);
    process.env['PATH'] = bin;
  });
  afterEach(async () => {
    process.env['PATH'] = PATH;
    await bench.close();
  });

  const onPath = (name: ToolName): string => path.join(bin, process.platform === 'win32' ? `${name}.exe` : name);

  /** The one on PATH prints `says`; there is none when it is undefined, and it fails when it says nothing. */
  async function ensure(name: ToolName, range: string | undefined, says: string | undefined, said = range) {
    if (says !== undefined) {
      await writeFile(onPath(name), '');
      await chmod(onPath(name), 0o755);
    }
    const exec = async (tool: string, args: readonly string[]) => {
      ran.push([tool, ...args].join(' '));
      if (!says) throw new TaskError(`${tool} failed with exit code 1: it printed nothing`);
      return { stdout: says, stderr: '' };
    };
    return ensureTool(name, range, { ...bench.context, exec }, said);
  }

  const fitting: readonly [ToolName, string | undefined, string, string][] = [
    ['helm', '>=3.17.0', 'v3.17.3', '3.17.3'],
    ['helm', undefined, 'v3.2.0', '3.2.0'],
    ['helm', '4.x', 'v4.3.0-rc.1', '4.3.0-rc.1'],
    ['kubectl', '>=1.30', kubectlSays, '1.33.4'],
    ['kubelogin', '>=0.2.11', kubeloginSays, '0.2.12'],
    ['kyverno', '>=1.17', kyvernoSays, '1.19.1'],
    ['gator', '3.x', gatorSays, '3.23.1'],
  ];
  for (const [name, range, says, version] of fitting) {
    it(`is the ${name} ${version} on PATH when ${range ?? 'any'} will do`, async () => {
      assert.deepEqual(await ensure(name, range, says), { path: onPath(name), version });
      assert.equal(ran.length, 1);
      assert.deepEqual(bench.logged, []);
    });
  }

  it('is not looked for elsewhere when the run is cancelled while the one on PATH tells its version', async () => {
    await writeFile(onPath('helm'), '');
    await chmod(onPath('helm'), 0o755);
    // Also for a reason that is a TaskError, as a caller may give it.
    for (const reason of [new Cancelled('The run was cancelled.'), new TaskError('The run was cancelled.')]) {
      const controller = new AbortController();
      const exec = async () => {
        controller.abort(reason);
        throw reason;
      };
      const context = { ...bench.context, exec, signal: controller.signal };
      await assert.rejects(ensureTool('helm', undefined, context), reason);
    }
    assert.deepEqual(bench.logged, []);
  });

  const lacking: readonly [string, string | undefined, RegExp][] = [
    ['there is none', undefined, /^There is no helm on the PATH of this agent, so the task installs one\.$/],
    ['it is too old', 'v3.16.4', /^The helm on PATH is 3\.16\.4, not >=3\.18\.6 <4, so the task installs one\.$/],
    [
      'it tells no version',
      'helm: a program of another kind',
      /bin.helm(\.exe)? tells no version of helm, so the task/,
    ],
    [
      'a wrapper prints a line before its version',
      'Loading the profile\nv3.18.6',
      /helm(\.exe)? is version 3\.18\.6, but something prints "Loading the profile" before it, .* so the task installs one\.$/,
    ],
    ['it fails', '', /bin.helm(\.exe)? tells no version of helm, so the task installs one\.$/],
  ];
  for (const [what, says, told] of lacking) {
    it(`is installed when ${what}`, async function () {
      if (`${process.platform}-${process.arch}` !== 'linux-x64') this.skip();
      const azure = await startAzure();
      const offline = bench;
      bench = await workbench(azure);
      try {
        const executable = path.join(bench.scratch, 'published');
        await writeFile(executable, '#!/bin/sh');
        await azure.releases.publish({ tool: 'helm', version: '3.18.6', executable });

        const { path: installed, version } = await ensure('helm', '>=3.18.6 <4', says);

        assert.equal(version, '3.18.6');
        assert.ok(installed.startsWith(bench.cache));
        assert.match(bench.logged[0] ?? '', told);
      } finally {
        await Promise.all([azure.close(), offline.close()]);
      }
    });
  }

  describe('that no host gives', () => {
    let azure: Azure;
    let offline: Workbench;
    beforeEach(async () => {
      azure = await startAzure();
      offline = bench;
      bench = await workbench(azure);
      azure.fault({ kind: '403', times: Infinity });
    });
    afterEach(() => Promise.all([azure.close(), offline.close()]));

    it('is named in the words of the author of the step', async () => {
      const told = /^The helm on PATH is 4\.1\.4, not 3, and none could be installed: /;
      await assert.rejects(ensure('helm', rangeFor('3'), 'v4.1.4', '3'), { name: 'TaskError', message: told });
    });

    it('is not to be had by an input that such a task does not have', async () => {
      await assert.rejects(ensure('helm', '3.18.6', undefined), ({ message }: Error) => {
        assert.match(
          message,
          /^There is no helm on the PATH of this agent, and none could be installed: get\.helm\.sh /,
        );
        assert.doesNotMatch(message, /input mirror|mirrors/);
        return true;
      });
    });
  });

  it('speaks of both when none fits and none can be had', async () => {
    await assert.rejects(ensure('helm', 'no-range', 'v4.1.4'), {
      name: 'TaskError',
      message:
        /^The helm on PATH is 4\.1\.4, not no-range, and none could be installed: 'no-range' is no version of helm.* Or install it in a step before this one, for example with DeliveryToolsInstaller@1, which takes it from a mirror, too\.$/,
    });
  });
});

describe('The helm that a step may run', () => {
  it('is any supported one, or what is asked for and supported', () => {
    assert.equal(rangeFor(undefined), '>=3.17.0');
    assert.equal(rangeFor('4.1.4'), '4.1.4');
    assert.equal(rangeFor('4.x'), '4.x');
    assert.equal(rangeFor('3.x || 4.1.x'), '>=3.0.0 <4.0.0-0 >=3.17.0 || >=4.1.0 <4.2.0-0 >=3.17.0');
  });

  it('is none that is too old or no version', () => {
    assert.throws(() => rangeFor('3.16.4'), {
      name: 'TaskError',
      message: 'Input helmVersion asks for 3.16.4; this task needs 3.17.0 or later.',
    });
    assert.throws(() => rangeFor('<3.17'), /needs 3\.17\.0 or later/);
    assert.throws(
      () => rangeFor('latest'),
      /Input helmVersion is 'latest'; it takes a version such as 4\.1\.4 or a range/,
    );
  });

  it('is told to have defects where it has', () => {
    assert.match(knownDefect('3.18.0') ?? '', /^helm 3\.18\.0 has known defects: .*use 3\.18\.1 or later\.$/);
    assert.equal(knownDefect('3.18.1'), undefined);
  });
});

const rangeFor = (value: string | undefined): string => helmRange({ input: 'helmVersion', value }, toPackage);
