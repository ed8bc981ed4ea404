import assert from 'node:assert/strict';
import { conclusionsOf } from '../../../tasks/common/doctor/conclusion.ts';
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
  it('is each cause and what to do', () => {
    const [line] = conclusionsOf({ findings: [finding], unexplained: [] }, [status]);
    assert.equal(line, 'It crashes. Read its log.');
    assert.equal(conclusionsOf({ findings: [finding, finding], unexplained: [] }, []).length, 2);
  });

  it('is what is not ready where no cause is known, else what the cluster says of an object', () => {
    const nothing = { findings: [], unexplained: [] };
    const open = ['Not ready, for no known cause: Deployment shop 0 of 1 pod (1 pod starts).'];
    assert.deepEqual(conclusionsOf(nothing, [status]), open);
    const odd = { findings: [], unexplained: [{ owner, evidence: [evidence] }] } as const;
    assert.match(conclusionsOf(odd, []).join('\n'), /^No known cause fits; of Deployment shop .*something odd/);
    assert.deepEqual(conclusionsOf(nothing, []), []);
  });

  it('is one bounded line, whatever the cluster calls its objects', () => {
    const named = { ...owner, name: `shop\n##[error]${'x'.repeat(5000)}` };
    const odd = { findings: [], unexplained: [{ owner: named, evidence: [evidence] }] } as const;
    const said = [
      conclusionsOf({ findings: [], unexplained: [] }, [{ ...status, object: named }]),
      conclusionsOf(odd, []),
    ];
    for (const lines of said) {
      assert.equal(lines.length, 1);
      assert.ok(lines.every((line) => line.length < 1100 && !line.includes('\n')));
    }
  });

  it('leaves out what helm has said itself', () => {
    const helms = { owner: { kind: 'Release', namespace: 'web', name: 'shop' }, evidence: [evidence] };
    assert.deepEqual(conclusionsOf({ findings: [], unexplained: [helms] }, []), []);
  });
});
