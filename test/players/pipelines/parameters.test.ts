import assert from 'node:assert/strict';
import { expandCase, type CaseFiles } from './expanding.ts';

interface Expanded {
  readonly parameters?: unknown;
  readonly stages: readonly {
    readonly jobs: readonly { readonly steps: readonly { inputs: { script: string } }[] }[];
  }[];
}

function scripts(files: CaseFiles | string, parameters: unknown = {}): string[] {
  const result = expandCase(files, parameters) as Expanded;
  return (result.stages[0]?.jobs[0]?.steps ?? []).map((step) => step.inputs.script);
}

const step = (script: string): unknown => ({ task: 'CmdLine@2', inputs: { script } });
const declared = (type: string, rest = ''): string => `parameters:\n- name: p\n  type: ${type}\n${rest}`;

describe('parameters of the entry file', () => {
  it('that hold structures are given as JSON in a text when a run is queued', () => {
    const text = `${declared('object')}steps:\n- script: \${{ parameters.p.list[1] }} \${{ parameters.p.flag }}\n`;
    assert.deepEqual(scripts(text, { p: '{"list": ["a", "b"], "flag": true}' }), ['b true']);
    assert.deepEqual(scripts(text, { p: { list: ['a', 'c'], flag: 'no' } }), ['c no']);
    const steps = `${declared('stepList')}steps:\n- \${{ parameters.p }}\n`;
    assert.deepEqual(scripts(steps, { p: '[{"script": "x"}]' }), ['x']);
    assert.deepEqual(scripts(`${declared('object')}steps:\n- script: \${{ parameters.p }}\n`, { p: 'plain' }), [
      'plain',
    ]);
    assert.deepEqual(scripts(`${declared('string')}steps:\n- script: \${{ parameters.p }}\n`, { p: '[1]' }), ['[1]']);
  });
  it('keep their block, with the default types filled in', () => {
    const result = expandCase('parameters:\n- name: p\n  default: 007\nsteps: []\n') as Expanded;
    assert.deepEqual(result.parameters, [{ name: 'p', type: 'string', default: '007' }]);
  });
  it('may name things that the service looks up', () => {
    const text = `${declared('stringList', '  default: [a, b]\n')}- name: agents
  type: pool
  default: Default
steps:
- \${{ each one in parameters.p }}:
  - script: \${{ one }} on \${{ parameters.agents }}
`;
    assert.deepEqual(scripts(text), ['a on Default', 'b on Default']);
    assert.deepEqual(scripts(text, { p: '["c"]', agents: 'own' }), ['c on own']);
    const limited = `${declared('stringList', '  default: [a]\n  values: [a, b]\n')}steps: []\n`;
    assert.deepEqual(scripts(limited), []);
    assert.throws(() => scripts(limited, { p: ['c'] }), /^Error: not supported: the value of 'p', a list/);
  });
  it('may be of the old form, without types', () => {
    assert.deepEqual(
      scripts('parameters:\n  a: 1\n  b: [x]\nsteps:\n- script: ${{ parameters.A }}${{ parameters.b[0] }}\n'),
      ['1x'],
    );
  });
  it('that are missing or unknown are refused without a line', () => {
    assert.throws(() => expandCase(`${declared('string')}steps: []\n`), {
      message: "/azure-pipelines.yml: A value for the 'p' parameter must be provided.",
    });
    assert.throws(() => expandCase(`${declared('string', '  default: a\n')}steps: []\n`, { q: 1 }), {
      message: "/azure-pipelines.yml: Unexpected parameter 'q'",
    });
  });
});

/** Declarations and what the service says against them. */
const refused: readonly (readonly [string, string])[] = [
  ['- name: p\n  type: text\n', "(Line: 3, Col: 9): Unexpected value 'text'"],
  ['- name: p\n  defaults: x\n', "(Line: 3, Col: 3): Unexpected value 'defaults'"],
  ['- p\n', "(Line: 2, Col: 3): Unexpected value 'p'"],
  [
    '- name: p\n  default: ${{ upper(1) }}\n',
    '(Line: 3, Col: 12): A template expression is not allowed in this context',
  ],
  ['- name: p\n  default: a${{ 1 }}\n', '(Line: 3, Col: 12): A template expression is not allowed in this context'],
  [
    '- name: p\n  type: number\n  default: 5\n  values: [1, 2]\n',
    "(Line: 4, Col: 12): The 'p' parameter value '5' is not a valid value.",
  ],
  [
    '- name: p\n  default: gamma\n  values: [Gamma]\n',
    "(Line: 3, Col: 12): The 'p' parameter value 'gamma' is not a valid value.",
  ],
  [
    '- name: p\n  type: boolean\n  default: yes\n',
    "(Line: 4, Col: 12): The 'p' parameter value 'yes' is not a valid Boolean.",
  ],
  [
    '- name: p\n  type: jobList\n  default: {job: x}\n',
    "(Line: 4, Col: 12): The 'p' parameter is not a valid JobList.",
  ],
  ['- name: p\n  type: step\n  default: []\n', "(Line: 4, Col: 12): The 'p' parameter is not a valid Step."],
];

describe('declarations of parameters', () => {
  for (const [declarations, message] of refused) {
    it(`refuse ${message}`, () => {
      assert.throws(() => expandCase(`parameters:\n${declarations}steps: []\n`), {
        message: `/azure-pipelines.yml ${message}`,
      });
    });
  }
  it('take a string literal alone as a default', () => {
    assert.deepEqual(
      scripts("parameters:\n- name: p\n  default: ${{ 'it''s ${{ }}' }}\nsteps:\n- script: ${{ parameters.p }}\n"),
      ["it's ${{ }}"],
    );
  });
  it('take values of every type of a part of a pipeline', () => {
    const text = `parameters:
- {name: aStep, type: step, default: {script: a}}
- {name: steps, type: stepList, default: [{script: b}, {script: c}]}
- {name: aJob, type: job, default: {job: J, steps: [{script: d}]}}
- {name: jobs, type: jobList, default: [{job: K, steps: []}]}
- {name: aDeployment, type: deployment, default: {deployment: D, environment: qa, strategy: {runOnce: {deploy: {steps: []}}}}}
- {name: deployments, type: deploymentList, default: []}
- {name: aStage, type: stage, default: {stage: T, jobs: []}}
- {name: stages, type: stageList, default: []}
stages:
- stage: S
  jobs:
  - \${{ parameters.aJob }}
  - \${{ parameters.jobs }}
  - \${{ parameters.aDeployment }}
  - \${{ parameters.deployments }}
  - job: L
    steps:
    - \${{ parameters.aStep }}
    - \${{ parameters.steps }}
- \${{ parameters.aStage }}
- \${{ parameters.stages }}
`;
    const { stages } = expandCase(text) as { stages: { stage: string; jobs: Record<string, unknown>[] }[] };
    assert.deepEqual(
      stages.map(({ stage, jobs }) => [stage, jobs.map((job) => job['job'] ?? job['deployment'])]),
      [
        ['S', ['J', 'K', 'D', 'L']],
        ['T', []],
      ],
    );
    assert.deepEqual(stages[0]?.jobs[0]?.['steps'], [step('d')]);
    assert.deepEqual(stages[0]?.jobs[3]?.['steps'], [step('a'), step('b'), step('c')]);
  });
});
