import assert from 'node:assert/strict';
import { expandCase, type CaseFiles } from './expanding.ts';

interface Expanded {
  readonly variables: unknown;
  readonly stages: readonly {
    readonly jobs: readonly { readonly steps: readonly { inputs: { script: string } }[] }[];
  }[];
}

function expanded(files: CaseFiles | string): { variables: unknown; scripts: string[] } {
  const { variables, stages } = expandCase(files) as Expanded;
  const steps = stages.flatMap((stage) => stage.jobs.flatMap((job) => job.steps));
  return { variables, scripts: steps.map((step) => step.inputs.script) };
}

describe('variables in template expressions', () => {
  it('see those above them, in mappings and in lists', () => {
    const mapping = 'variables:\n  a: x\n  b: ${{ variables.a }}y\n  c: ${{ variables.d }}\n  d: z\nsteps: []\n';
    const values = [
      { name: 'a', value: 'x' },
      { name: 'b', value: 'xy' },
      { name: 'c', value: '' },
      { name: 'd', value: 'z' },
    ];
    assert.deepEqual(expanded(mapping).variables, values);
    const list =
      "variables:\n- name: a\n  value: x\n- ${{ if eq(variables.A, 'X') }}:\n  - name: b\n    value: ${{ variables['a'] }}y\nsteps: []\n";
    assert.deepEqual(expanded(list).variables, values.slice(0, 2));
  });
  it('are those of the run, the stage and the job, the nearest first', () => {
    const text = `variables: {a: run, b: run, c: run}
stages:
- stage: S
  variables: {b: stage, c: stage}
  jobs:
  - job: J
    steps:
    - script: \${{ variables.a }} \${{ variables.b }} \${{ variables.c }}
    variables: {c: job}
- stage: T
  jobs:
  - job: J
    steps:
    - script: \${{ variables.b }}
`;
    assert.deepEqual(expanded(text).scripts, ['run stage job', 'run']);
  });
  it('come from templates, which have parameters and see those above', () => {
    const files = {
      'azure-pipelines.yml':
        'variables:\n- name: a\n  value: x\n- group: secrets\n- template: v.yml\n  parameters: {suffix: z}\n- name: c\n  value: ${{ variables.b }}!\nsteps:\n- script: ${{ variables.b }}\n',
      'v.yml': 'parameters:\n- name: suffix\nvariables:\n  b: ${{ variables.a }}${{ parameters.suffix }}\n',
    };
    assert.deepEqual(expanded(files), {
      variables: [
        { name: 'a', value: 'x' },
        { group: 'secrets' },
        { name: 'b', value: 'xz' },
        { name: 'c', value: 'xz!' },
      ],
      scripts: ['xz'],
    });
  });
  it('of templates are seen by templates, and parameters are not', () => {
    const files = {
      'azure-pipelines.yml': 'parameters:\n- name: p\n  default: 1\nvariables: {a: x}\nsteps:\n- template: t.yml\n',
      't.yml': 'steps:\n- script: ${{ variables.a }}${{ parameters.p }}\n',
    };
    assert.throws(() => expandCase(files), { message: "/t.yml (Line: 2, Col: 11): Key not found 'p'" });
  });
  it('of a run stay as they are', () => {
    const text =
      "variables:\n  n: $[counter(variables['a'], 100)]\n  t: $[format('{0:yyyyMMdd}', pipeline.startTime)]\nsteps:\n- script: $(n) ${{ variables.n }}\n";
    assert.deepEqual(expanded(text).scripts, ["$(n) $[counter(variables['a'], 100)]"]);
  });
  it('as a whole are refused by name, as the service has more of them', () => {
    assert.throws(
      () => expandCase('steps:\n- script: ${{ convertToJson(variables) }}\n'),
      /^Error: not supported: the whole context 'variables' in a template expression/,
    );
  });
});
