import assert from 'node:assert/strict';
import { checkedInputs } from '../../../tasks/PolicyCheck/checked-inputs.ts';
import { readInputs, type Inputs } from '../../../tasks/PolicyCheck/inputs.gen.ts';
import { InputReader } from '../../../tasks/common/task/inputs.ts';

/** The inputs of a step that gives these alone beside what it must give. */
function inputs(given: Partial<Inputs>): Inputs {
  class Given extends InputReader {
    override text(name: string): string | undefined {
      return ({ policies: 'policies', namespace: 'shop', engine: 'kyverno' } as Record<string, string>)[name];
    }
    override literal = (): undefined => undefined;
    override address = (): undefined => undefined;
  }
  return { ...readInputs(new Given()), ...given };
}

describe('Inputs of PolicyCheck', () => {
  it('name exactly one thing to check', () => {
    assert.throws(
      () => checkedInputs(inputs({})),
      /Give one of the inputs chart, manifests and kustomization.*none of them is set/,
    );
    assert.throws(() => checkedInputs(inputs({ chart: 'a', manifests: 'b' })), /chart and manifests are set/);
  });

  it('give each environment its files', () => {
    const { environments } = checkedInputs(
      inputs({ chart: 'a', environments: 'qa = a.yaml\nproduction=a.yaml, b.yaml' }),
    );
    assert.deepEqual(environments, [
      { name: 'qa', files: 'a.yaml' },
      { name: 'production', files: 'a.yaml\n b.yaml' },
    ]);
    assert.deepEqual(checkedInputs(inputs({ chart: 'a' })).environments, [{ name: '', files: '' }]);
  });

  it('are refused where environments are no such lines, stand twice or are without a chart', () => {
    for (const line of ['qa', 'qa=', '=a.yaml', '$(x)=a.yaml']) {
      assert.throws(() => checkedInputs(inputs({ chart: 'a', environments: line })), /Input environments has the line/);
    }
    assert.throws(() => checkedInputs(inputs({ chart: 'a', environments: 'qa=a\nqa=b' })), /names "qa" twice/);
    assert.throws(
      () => checkedInputs(inputs({ manifests: 'a', environments: 'qa=a' })),
      /without input chart leave it empty/,
    );
  });

  it('give the namespace its labels', () => {
    const { labels } = checkedInputs(inputs({ chart: 'a', namespaceLabels: 'contoso.com/env=prod\nempty=' }));
    assert.deepEqual([...labels], [['shop', { 'contoso.com/env': 'prod', empty: '' }]]);
    assert.throws(
      () => checkedInputs(inputs({ chart: 'a', namespaceLabels: 'env' })),
      /namespaceLabels has the line "env"/,
    );
  });
});
