import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  deliveryLabels,
  type DeliveryLabels,
  labelArguments,
  labelValues,
} from '../../../tasks/common/rollout/labels.ts';

const nothing: DeliveryLabels = {
  ciProject: undefined,
  ciPipeline: undefined,
  ciRun: undefined,
  deployRun: undefined,
  commit: undefined,
  digest: undefined,
  approver: undefined,
};
const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const known: DeliveryLabels = {
  ciProject: '6ce954b1-ce1f-45d1-b94d-e6bf2464ba2c',
  ciPipeline: '12',
  ciRun: '345',
  deployRun: '346',
  commit: 'b0ba2f1c6e0c0d4b7d1d5dd4c2e1a9f0a1b2c3d4',
  digest,
  approver: '8a2b6f0e-4f4d-4c4b-9d55-1f2e3d4c5b6a',
};

describe('the labels of a delivery', () => {
  it('are all set, and what is not known is taken away from what the last revision had', () => {
    assert.deepEqual(labelArguments(known, false), [
      `helm-delivery/ci-project=${known.ciProject}`,
      'helm-delivery/ci-pipeline=12',
      'helm-delivery/ci-run=345',
      'helm-delivery/deploy-run=346',
      `helm-delivery/commit=${known.commit}`,
      `helm-delivery/approver=${known.approver}`,
      'helm-delivery/digest-1=0123456789abcdef0123456789abcdef',
      'helm-delivery/digest-2=0123456789abcdef0123456789abcdef',
      'helm-delivery/failed-revision=null',
    ]);
    const bare = labelArguments({ ...nothing, deployRun: '346' }, false);
    assert.equal(bare.length, 9);
    assert.equal(bare.filter((label) => label.endsWith('=null')).length, 8);
    assert.deepEqual(labelArguments({ ...nothing, deployRun: '346' }, true), ['helm-delivery/deploy-run=346']);
  });

  it('are read as they were written', () => {
    assert.deepEqual(deliveryLabels(written(known)), known);
    assert.deepEqual(deliveryLabels({}), nothing);
    assert.deepEqual(deliveryLabels({ 'helm-delivery/ci-run': 'null', 'helm-delivery/digest-1': 'ab' }), nothing);
  });

  it('are values that Kubernetes takes and helm does not take apart, or none', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[a-zA-Z0-9._=,-]{0,70}$/)), (text) => {
        const value = labelValues({ ...nothing, commit: text })['helm-delivery/commit'];
        assert.ok(value === null || (value === text && /^[a-z0-9]([\w.-]{0,61}[a-z0-9])?$/i.test(value)));
      }),
    );
    assert.equal(labelValues({ ...nothing, commit: 'null' })['helm-delivery/commit'], null);
    assert.equal(labelValues({ ...nothing, digest: 'sha512:00' })['helm-delivery/digest-1'], null);
  });
});

function written(labels: DeliveryLabels): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labelValues(labels)).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
}
