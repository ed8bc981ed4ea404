import assert from 'node:assert/strict';
import { expandCase } from './expanding.ts';

/** The scripts of the one job that lines of steps lead to. */
function scripts(steps: string, before = ''): string[] {
  const result = expandCase(`${before}steps:\n${steps}`) as {
    stages: { jobs: { steps: { inputs: { script: string } }[] }[] }[];
  };
  return (result.stages[0]?.jobs[0]?.steps ?? []).map((step) => step.inputs.script);
}

const items = `parameters:
- name: map
  type: object
  default: {b: 1, a: 2}
- name: none
  type: object
  default: []
`;

describe('directives of templates', () => {
  it('each gives key and value in authored order, and nothing for nothing', () => {
    const steps =
      '- ${{ each p in parameters.map }}:\n  - script: ${{ p.key }}=${{ p.value }}\n- ${{ each p in parameters.none }}:\n  - script: x\n';
    assert.deepEqual(scripts(steps, items), ['b=1', 'a=2']);
  });
  it('an ordinary sibling does not break a chain', () => {
    const steps =
      '- ${{ if false }}:\n  - script: a\n- script: b\n- ${{ elseif true }}:\n  - script: c\n- ${{ else }}:\n  - script: d\n';
    assert.deepEqual(scripts(steps), ['b', 'c']);
  });
  it('empty arrays and objects are true', () => {
    assert.deepEqual(scripts('- ${{ if parameters.none }}:\n  - script: a\n', items), ['a']);
  });
  it('all false without an else is nothing', () => {
    assert.deepEqual(scripts('- ${{ if false }}:\n  - script: a\n- ${{ elseif 0 }}:\n  - script: b\n'), []);
  });
  it('the first that holds is taken, and its elseif are not worked out', () => {
    const steps =
      "- ${{ if eq('a', 'A') }}:\n  - script: a\n- ${{ elseif parameters.nobody }}:\n  - script: b\n- ${{ else }}:\n  - script: c\n";
    assert.deepEqual(scripts(steps), ['a']);
  });
  it('a missing key falls through where an empty list does not', () => {
    const steps = '- ${{ if parameters.map.gone }}:\n  - script: a\n- ${{ elseif parameters.none }}:\n  - script: b\n';
    assert.deepEqual(scripts(steps, items), ['b']);
  });
  it('each goes within each, and what is missing gives nothing', () => {
    const steps =
      '- ${{ each a in parameters.map }}:\n  - ${{ each b in parameters.map }}:\n    - script: ${{ a.key }}${{ b.key }}\n  - ${{ each c in a.gone }}:\n    - script: never\n';
    assert.deepEqual(scripts(steps, items), ['bb', 'ba', 'ab', 'aa']);
  });
  it('each goes through the parameters themselves, with their types', () => {
    const before =
      'parameters:\n- name: Flag\n  type: boolean\n  default: false\n- name: Count\n  type: number\n  default: 2\n';
    const steps =
      '- ${{ each p in parameters }}:\n  - ${{ if p.value }}:\n    - script: ${{ p.key }}\n- script: ${{ convertToJson(parameters) }}\n';
    assert.deepEqual(scripts(steps, before), ['Count', '{\n  "Flag": false,\n  "Count": 2\n}']);
  });
  it('an array within an array is spliced, an object is one item', () => {
    const before = `parameters:
- name: two
  type: object
  default: [{script: a}, {script: b}]
- name: one
  type: object
  default: {script: c}
`;
    assert.deepEqual(scripts('- ${{ parameters.two }}\n- ${{ parameters.one }}\n', before), ['a', 'b', 'c']);
  });
  it('a mapping as body makes pairs of the item', () => {
    const steps =
      "- ${{ each p in parameters.step }}:\n    ${{ if ne(p.key, 'script') }}:\n      ${{ p.key }}: ${{ p.value }}\n    ${{ else }}:\n      script: not ${{ p.value }}\n";
    const before = 'parameters:\n- name: step\n  type: object\n  default: {script: a, displayName: b}\n';
    assert.deepEqual(scripts(steps, before), ['not a']);
  });
  it('a key may be made of text and expressions', () => {
    const result = JSON.stringify(expandCase("steps:\n- script: x\n  env:\n    A_${{ upper('b') }}: ${{ 1.0 }}\n"));
    assert.match(result, /"env":\{"A_B":"1"\}/);
  });
  it('conditions stand in lists of names, pools, variables and inputs', () => {
    const result = expandCase(`jobs:
- job: A
  steps: []
- job: B
  dependsOn:
  - \${{ if true }}:
    - A
  pool:
    \${{ if false }}:
      name: Default
    \${{ else }}:
      vmImage: ubuntu-latest
  variables:
    \${{ if eq(variables['Build.SourceBranch'], 'refs/heads/main') }}:
      target: production
    \${{ else }}:
      target: qa
  steps:
  - task: X@1
    inputs:
      \${{ if eq(variables.target, 'production') }}:
        strict: true
`) as { stages: { jobs: unknown[] }[] };
    assert.deepEqual(result.stages[0]?.jobs[1], {
      job: 'B',
      dependsOn: ['A'],
      pool: { vmImage: 'ubuntu-latest' },
      variables: [{ name: 'target', value: 'production' }],
      steps: [{ task: 'X@1', inputs: { strict: 'true' } }],
    });
  });
  it('insert takes the pairs of a mapping', () => {
    const result = JSON.stringify(
      expandCase(`${items}steps:\n- script: x\n  env:\n    \${{ insert }}: \${{ parameters.map }}\n    c: 3\n`),
    );
    assert.match(result, /"env":\{"b":"1","a":"2","c":"3"\}/);
  });
  it('the result is not parsed again', () => {
    assert.deepEqual(scripts("- script: ${{ '${{ 1 }}' }}\n"), ['${{ 1 }}']);
  });
});
