import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import semver from 'semver';
import {
  checkWishes,
  rollbackCommand,
  testCommand,
  toRelease,
  uninstallCommand,
  upgradeCommand,
  type UpgradeRequest,
  type WaitStrategy,
} from '../../../tasks/common/helm/flags.ts';
import { helmRange } from '../../../tasks/common/helm/versions.ts';
import { helms, obtainHelms } from '../../bench/helms.ts';
import { programs, realProgram } from '../../real/index.ts';
import { refusalOf } from '../chart/refusal.ts';

const wait = { timeoutSeconds: 300, strategy: 'legacy', forJobs: true } as const;
const everything: UpgradeRequest = {
  release: 'shop',
  chart: '/job/shop-1.2.3.tgz',
  valuesFile: '/job/values.yaml',
  wait,
  historyMax: 10,
  labels: ['helm-delivery/ci-run=7', 'helm-delivery/approver=null'],
  skipCrds: true,
  forceConflicts: true,
  takeOwnership: true,
};

describe('the flags of helm', () => {
  obtainHelms();

  for (const id of helms) {
    it(`are all known to ${id}, and none of them is on its way out`, async () => {
      const helm = await realProgram(id);
      const { version } = programs[id];
      const [three, four] = [['legacy', 'hookOnly'], ['watcher']] as const;
      const strategies: readonly WaitStrategy[] = version.startsWith('3.') ? three : [...three, ...four];
      for (const command of [
        ...strategies.map((strategy) => upgradeCommand(version, { ...everything, wait: { ...wait, strategy } })),
        rollbackCommand(version, { ...everything, revision: 3, noHooks: true }),
        uninstallCommand(version, { release: 'shop', timeoutSeconds: 300, noHooks: true }),
        testCommand(version, { release: 'shop', timeoutSeconds: 300 }),
      ]) {
        // Flags are read before help is shown, so a wrong one, or a wrong value of one, is an error.
        const told = execFileSync(helm, [...command, '--help'], { encoding: 'utf8', stdio: 'pipe' });
        assert.match(told, /^Usage:$/m);
        assert.throws(() => execFileSync(helm, [...command, '--no-such-flag', '--help'], { stdio: 'pipe' }));
        for (const flag of command.filter((part) => part.startsWith('--'))) {
          assert.ok(told.includes(` ${flag.replace(/=.*/, '')} `), `${command[0]} has ${flag}`);
        }
      }
    });
  }

  it('mean the same on both majors', () => {
    assert.deepEqual(differences('3.17.3', '4.1.4'), {
      '3.17.3': ['--wait'],
      '4.1.4': ['--wait=legacy', '--server-side=true', '--force-conflicts'],
    });
    assert.deepEqual(upgradeCommand('4.3.1', everything), upgradeCommand('4.1.4', everything));
  });

  it('never undo anything, keep old values or show notes', () => {
    for (const version of ['3.17.3', '3.22.0', '4.1.4', '4.3.1']) {
      const command = upgradeCommand(version, everything);
      assert.ok(command.includes('--reset-values') && command.includes('--hide-notes'));
      assert.doesNotMatch(
        command.join(' '),
        /--atomic|--rollback-on-failure|--reuse|--force( |=|$|-replace)|--debug|--output/,
      );
      assert.equal(
        testCommand(version, { release: 'shop', timeoutSeconds: 1 }).includes('--hide-notes'),
        version < '4',
      );
    }
  });

  it('wait for nothing but hooks where nothing else is asked for', () => {
    const hooks = { ...everything, wait: { ...wait, strategy: 'hookOnly' as const } };
    assert.deepEqual(
      upgradeCommand('3.17.3', hooks).filter((flag) => flag.startsWith('--wait')),
      [],
    );
    assert.deepEqual(
      upgradeCommand('4.2.3', hooks).filter((flag) => flag.startsWith('--wait')),
      ['--wait=hookOnly'],
    );
  });

  it('take a path with a comma in it for one path', () => {
    const command = upgradeCommand('4.1.4', { ...everything, valuesFile: '/a,"b"/values.yaml' });
    assert.ok(command.includes('--values="/a,""b""/values.yaml"'));
  });
});

describe('what a helm cannot do', () => {
  it('is refused, or told where it means nothing', async () => {
    assert.match(
      await refusalOf(() => checkWishes('3.22.0', wishes('watcher', false))),
      /^Input waitStrategy is watcher, which helm 3\.22\.0 does not know: it takes helm 4\.1\.4 or later\./,
    );
    const [told, ...others] = checkWishes('3.17.3', wishes('legacy', true));
    assert.match(
      told ?? '',
      /^Input forceConflicts is true, which means nothing to helm 3\.17\.3: .*server-side apply/,
    );
    assert.deepEqual(others, []);
    assert.deepEqual(checkWishes('4.1.4', wishes('watcher', true)), []);
    assert.deepEqual(checkWishes('3.17.3', wishes('hookOnly', false)), []);
  });

  it('is deploying at all for some versions', async () => {
    assert.deepEqual(
      ['3.16.4', '3.17.0', '3.22.0', '4.0.4', '4.1.3', '4.1.4', '4.2.0', '4.2.1', '4.2.2', '4.3.1'].map((version) =>
        fits(version),
      ),
      [false, true, true, false, false, true, true, false, true, true],
    );
    assert.deepEqual(
      ['3.22.0', '4.0.4', '4.1.4', '4.2.1', '4.2.3'].map((version) => fits(version, '4.x')),
      [false, false, true, false, true],
    );
    assert.match(
      await refusalOf(() => helmRange({ input: 'helmVersion', value: '4.2.1' }, toRelease)),
      /^Input helmVersion asks for 4\.2\.1; this task needs .* without 4\.2\.1, which does not wait for deletions/,
    );
  });
});

function differences(one: string, other: string): Record<string, string[]> {
  const [first, second] = [upgradeCommand(one, everything), upgradeCommand(other, everything)];
  return {
    [one]: first.filter((flag) => !second.includes(flag)),
    [other]: second.filter((flag) => !first.includes(flag)),
  };
}

const wishes = (strategy: WaitStrategy, forceConflicts: boolean) => ({
  strategy: { input: 'waitStrategy', value: strategy },
  forceConflicts: { input: 'forceConflicts', value: forceConflicts },
});

const fits = (version: string, value?: string): boolean =>
  semver.satisfies(version, helmRange({ input: 'helmVersion', value }, toRelease), { includePrerelease: true });
