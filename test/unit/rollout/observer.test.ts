import assert from 'node:assert/strict';
import type { RolloutObserver } from '../../../tasks/common/rollout/deploy.ts';
import { rollOutBench } from './roll-out-bench.ts';

describe('a roll-out that somebody looks on at', () => {
  it('is looked at before anything is undone', async () => {
    const { deploy, helm, log } = rollOutBench('deployed');
    helm.next('upgrade', { leaves: 'failed' });
    const { observer, seen } = observing({ failed: () => `after ${helm.runs.join(', ')}` });
    const end = await deploy({ observer });
    assert.ok(log.includes('error: after upgrade'), log.join('\n'));
    assert.equal(end.revision, 2);
    assert.deepEqual(seen, ['started 2', 'ended', 'failed: Error: it did not work']);
  });

  it('has each of its texts told once: the causes as errors, then what happened and what was done', async () => {
    const { deploy, helm, log } = rollOutBench('deployed');
    helm.next('upgrade', { leaves: 'failed' });
    const { observer } = observing({ failed: () => 'The image is missing.\nThe quota is used up.' });
    const { message } = await deploy({ observer });
    assert.deepEqual(
      log.filter((line) => !line.startsWith('debug')),
      [
        'error: The image is missing.',
        'error: The quota is used up.',
        "info: Release 'shop' in namespace 'web': revision 2 failed; input onFailure is rollback.",
      ],
    );
    assert.match(message, /helm upgrade failed with exit code 1 \(.*\); revision 2 is failed\. Rolled back to/);
    assert.doesNotMatch(message, /image|quota/);
  });

  it('has them told also where no revision was made', async () => {
    const { deploy, helm, log } = rollOutBench('deployed');
    helm.next('upgrade', { said: 'Error: no' });
    const { message, revision } = await deploy({ observer: observing({ failed: () => 'No right.' }).observer });
    assert.deepEqual(log, ['error: No right.']);
    assert.match(message, /\(Error: no\); no revision was made\.$/);
    assert.equal(revision, undefined);
  });

  it('ends helm where its observer knows that it waits in vain', async () => {
    const { deploy, helm } = rollOutBench('deployed');
    const vain = new AbortController();
    helm.next('upgrade', { leaves: 'failed', meanwhile: () => vain.abort('The image is missing.') });
    const end = await deploy({ observer: observing({ hopeless: vain.signal }).observer });
    assert.match(end.message, /helm upgrade was told to stop \(The image is missing\); revision 2 is failed\./);
  });

  it('fails where its observer misses what helm does not wait for', async () => {
    const { deploy, helm, history } = rollOutBench('deployed');
    const { observer } = observing({ settled: () => 'Deployment shop still has old pods.' });
    const end = await deploy({ observer, runTests: true });
    assert.match(
      end.message,
      /: Deployment shop still has old pods\. Rolled back to revision 1, which is revision 3 now/,
    );
    assert.deepEqual(helm.runs, ['upgrade', 'rollback 1']);
    assert.equal(history()[1], '2 superseded');
  });
});

interface Observing {
  readonly hopeless?: AbortSignal;
  readonly settled?: () => string;
  readonly failed?: () => string;
}

function observing({ hopeless = new AbortController().signal, settled, failed }: Observing) {
  const seen: string[] = [];
  const observer: RolloutObserver = {
    started: async (revision) => {
      seen.push(`started ${revision}`);
      return { hopeless, ended: () => void seen.push('ended') };
    },
    settled: async () => settled?.(),
    failed: async (said) => {
      seen.push(`failed: ${said}`);
      return failed?.() ?? '';
    },
  };
  return { observer, seen };
}
