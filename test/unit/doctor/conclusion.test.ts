import assert from 'node:assert/strict';
import { conclusionOf } from '../../../tasks/common/doctor/conclusion.ts';
import type { Status } from '../../../tasks/common/doctor/statuses.ts';
import type { Evidence, Finding } from '../../../tasks/common/diagnosis/finding.ts';

const owner = { kind: 'Deployment', namespace: 'web', name: 'shop' };
const evidence: Evidence = { object: owner, where: 'event Odd', said: 'something odd', at: undefined };
const finding: Finding = {
  cause: 'container-crashes',
  rank: 'crash',
  what: 'It crashes',
  fix: 'Read its log.',
  command: 'kubectl logs',
  owner,
  count: 1,
  evidence: [evidence],
  canMend: true,
};
const status: Status = {
  object: owner,
  health: { state: 'progressing', ready: 0, wanted: 1, why: '1 pod starts' },
  hook: undefined,
  isNew: true,
};

describe('what a doctor concludes', () => {
  it('is each cause with what to do, on a line of its own', () => {
    assert.equal(conclusionOf({ findings: [finding], unexplained: [] }, [status]), 'It crashes. Read its log.');
    const both = conclusionOf({ findings: [finding, { ...finding, what: 'It hangs' }], unexplained: [] }, []);
    assert.equal(both, 'It crashes. Read its log.\nIt hangs. Read its log.');
  });

  it('is what is not ready where no cause is known, else what the cluster says of an object', () => {
    const nothing = { findings: [], unexplained: [] };
    assert.equal(
      conclusionOf(nothing, [status]),
      'Not ready, for no known cause: Deployment shop 0 of 1 pod (1 pod starts).',
    );
    const odd = { findings: [], unexplained: [{ owner, evidence: [evidence] }] };
    assert.equal(conclusionOf(odd, []), 'For no known cause Deployment shop says: something odd.');
    assert.equal(conclusionOf(nothing, []), '');
  });

  it('leaves out what helm has said itself', () => {
    const helms = { owner: { kind: 'Release', namespace: 'web', name: 'shop' }, evidence: [evidence] };
    assert.equal(conclusionOf({ findings: [], unexplained: [helms] }, []), '');
  });
});
