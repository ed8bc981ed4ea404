import assert from 'node:assert/strict';
import { containersOf } from '../../../tasks/common/diagnosis/pod-signals.ts';
import { hookOf } from '../../../tasks/common/health/hooks.ts';
import { deployment, diagnosisOf, ended, objectOf, pod, waiting, web } from './sample-view.ts';

describe('what a pod says', () => {
  it('is what its first containers say, where it has thousands', () => {
    const state = { ready: false, restartCount: 4, state: waiting('CrashLoopBackOff'), lastState: ended(1) };
    const containerStatuses = Array.from({ length: 10_000 }, (_, index) => ({ name: `c${index}`, ...state }));
    const crowded = pod({ status: { containerStatuses } });
    assert.equal(containersOf(crowded.object).length, 300);
    assert.equal(diagnosisOf([deployment([crowded])]).findings[0]?.cause, 'container-crashes');
  });

  it('may name an image, and a hook, of any length', () => {
    const image = `contoso.azurecr.io/${'x'.repeat(5000)}:1.2.0`;
    const status = web(waiting('ErrImagePull', 'manifest unknown'));
    const [finding] = diagnosisOf([
      deployment([pod({ spec: { containers: [{ name: 'web', image }] }, status })]),
    ]).findings;
    assert.match(finding?.fix ?? '', /to repository 'x{253}…'/);
    assert.doesNotMatch(finding?.fix ?? '', /1\.2\.0/);
    const annotations = { 'helm.sh/hook': ` ${'pre-install,'.repeat(5000)}` };
    assert.equal(hookOf(objectOf('Job', 'migrate', { metadata: { annotations } }))?.length, 200);
  });
});
