import assert from 'node:assert/strict';
import { wholeOf } from '../../../tasks/common/diagnosis/words.ts';

const shop = { kind: 'Deployment', namespace: 'web', name: 'shop' };

describe('a command that shows an object whole', () => {
  it('gives all of it', () => {
    assert.equal(wholeOf(shop), 'kubectl get deployment shop --namespace web --output yaml');
    assert.match(wholeOf(shop, ' --show-managed-fields'), / web --show-managed-fields --output yaml$/);
  });

  it('shows of a Secret the keys alone', () => {
    for (const flags of ['', ' --show-managed-fields']) {
      assert.equal(wholeOf({ ...shop, kind: 'Secret' }, flags), 'kubectl describe secret shop --namespace web');
    }
  });
});
