import assert from 'node:assert/strict';
import { containersOf } from '../../../tasks/common/diagnosis/pod-signals.ts';
import { diagnosisOf, deployment, ended, pod, waiting } from './sample-view.ts';

describe('what a pod says', () => {
  it('is what its first containers say, where it has thousands', () => {
    const state = { ready: false, restartCount: 4, state: waiting('CrashLoopBackOff'), lastState: ended(1) };
    const containerStatuses = Array.from({ length: 10_000 }, (_, index) => ({ name: `c${index}`, ...state }));
    const crowded = pod({ status: { containerStatuses } });
    assert.equal(containersOf(crowded.object).length, 300);
    assert.equal(diagnosisOf([deployment([crowded])]).findings[0]?.cause, 'container-crashes');
  });
});
