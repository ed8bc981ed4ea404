import assert from 'node:assert/strict';
import { HelmReleases } from '../../../tasks/common/helm/index.ts';
import type { ExecOptions } from '../../../tasks/common/task/exec.ts';
import { ToolFailure, ToolTimeout } from '../../../tasks/common/task/exec.ts';
import { Cancelled } from '../../../tasks/common/task/outcome.ts';
import { learnSecret } from '../../../tasks/common/text/shown.ts';
import { howItEnded } from '../../../tasks/common/rollout/outage.ts';
import { refusalOf } from '../chart/refusal.ts';

interface Run {
  readonly args: readonly string[];
  readonly options: ExecOptions;
}

/** Releases over a helm that does as `behave` says. */
function releases(behave: (run: Run) => void = () => undefined, environment: Record<string, string> = {}) {
  const runs: Run[] = [];
  const helm = {
    version: '4.1.4',
    run: async (args: readonly string[], options: ExecOptions = {}) => {
      runs.push({ args, options });
      behave({ args, options });
      return { stdout: '', stderr: '' };
    },
  };
  return { runs, helm: new HelmReleases(helm, '/job/kubeconfig', 'shop', environment) };
}

const test = { release: 'web', timeoutSeconds: 60 };
const { signal } = new AbortController();

describe('helm that works at releases', () => {
  it('is told where it works by flags, and by no variable of the job', async () => {
    const { runs, helm } = releases(undefined, {
      HELM_NAMESPACE: 'other',
      HELM_KUBETOKEN: 'x',
      HELM_KUBEINSECURE_SKIP_TLS_VERIFY: 'true',
      helm_kubecontext: 'other',
      HELM_DRIVER: 'secrets',
      HELM_DRIVER_SQL_CONNECTION_STRING: 'x',
      HELM_DEBUG: 'true',
      HELM_MAX_HISTORY: '1',
      KUBECONFIG: '/elsewhere',
      HTTPS_PROXY: 'http://proxy.contoso.com:3128',
      HELM_BURST_LIMIT: '200',
    });
    await helm.test(test, signal);
    assert.deepEqual(runs[0]?.args, [
      'test',
      'web',
      '--timeout=60s',
      '--namespace=shop',
      '--kubeconfig=/job/kubeconfig',
    ]);
    // The programs that the kubeconfig names for tokens may need the proxy.
    assert.deepEqual(Object.keys(runs[0]?.options.env ?? {}).sort(), [
      'HELM_DEBUG',
      'HELM_DRIVER',
      'HELM_DRIVER_SQL_CONNECTION_STRING',
      'HELM_KUBEINSECURE_SKIP_TLS_VERIFY',
      'HELM_KUBETOKEN',
      'HELM_MAX_HISTORY',
      'HELM_NAMESPACE',
      'KUBECONFIG',
      'helm_kubecontext',
    ]);
    assert.ok(Object.values(runs[0]?.options.env ?? {}).every((value) => value === undefined));
  });

  it('may take as long as its own limits allow, and no longer than a timer can', async () => {
    const { runs, helm } = releases();
    await helm.test(test, signal);
    await helm.test({ ...test, timeoutSeconds: 10_000_000 }, signal);
    assert.deepEqual(
      runs.map(({ options }) => options.timeoutMs),
      [60_000 * 20 + 600_000, 2 ** 31 - 1],
    );
    assert.ok(runs.every(({ options }) => options.signal === signal && options.graceMs === 4000));
  });

  it('does not throw when it fails, and tells how it ended', async () => {
    learnSecret('hunter2-hunter2');
    const { helm } = releases(({ options }) => {
      options.onLine?.('Release "web" has been upgraded.', 'stdout');
      options.onLine?.('##vso[task.complete result=Succeeded]', 'stderr');
      options.onLine?.('Error: UPGRADE FAILED: \u001b[31mit is hunter2-hunter2', 'stderr');
      throw new ToolFailure('helm test failed', 1, '', '');
    });
    assert.deepEqual(await helm.test(test, signal), {
      exitCode: 1,
      signal: null,
      said: '##_vso[task.complete result=Succeeded]\nError: UPGRADE FAILED: [31mit is ***',
    });
  });

  it('tells what stopped it', async () => {
    const killed = releases(() => {
      throw new ToolFailure('helm test was stopped', null, '', '', 'SIGKILL');
    });
    assert.deepEqual(await killed.helm.test(test, signal), { exitCode: null, signal: 'SIGKILL', said: '' });
    const slow = releases(() => {
      throw new ToolTimeout('helm test did not end within 5 s and was stopped.');
    });
    assert.deepEqual(await slow.helm.test(test, signal), {
      exitCode: null,
      signal: 'SIGTERM',
      said: 'helm test did not end within 5 s and was stopped.',
    });
  });

  it('ends with the reason of its signal', async () => {
    const { helm } = releases(() => {
      throw new Cancelled('The run was cancelled.');
    });
    await assert.rejects(helm.test(test, signal), Cancelled);
  });

  it('shows only the end of a long output', async () => {
    const { helm } = releases(({ options }) => {
      for (let line = 1; line <= 100; line += 1) options.onLine?.(`${line} ${'x'.repeat(2000)}`, 'stderr');
      throw new ToolFailure('helm test failed', 1, '', '');
    });
    const lines = (await helm.test(test, signal)).said.split('\n');
    assert.deepEqual([lines.length, lines[0]?.slice(0, 3), lines[0]?.length], [15, '86 ', 501]);
  });

  it('keeps the end of a long line, where the API server says what is wrong', async () => {
    const { helm } = releases(({ options }) => {
      options.onLine?.(
        `Error: cannot patch "jb": spec.template: Invalid value: ${'x'.repeat(3000)}: field is immutable`,
        'stderr',
      );
      throw new ToolFailure('helm test failed', 1, '', '');
    });
    const end = await helm.test(test, signal);
    assert.match(
      howItEnded(end),
      /^failed with exit code 1 \(Error: cannot patch "jb": .*x…x.*: field is immutable\)$/,
    );
  });

  it('is not run where the job keeps records of releases elsewhere', async () => {
    assert.match(
      await refusalOf(() => releases(undefined, { HELM_DRIVER: 'configmap' })),
      /^The variable HELM_DRIVER is "configmap", but this task reads helm's records of a release from Secrets: /,
    );
  });
});
