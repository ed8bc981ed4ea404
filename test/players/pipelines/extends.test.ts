import assert from 'node:assert/strict';
import { expandCase, type CaseFiles } from './expanding.ts';

const step = (script: string): unknown => ({ task: 'CmdLine@2', inputs: { script } });
const stages = (...scripts: string[]): unknown => [
  { stage: '__default', jobs: [{ job: 'Job', steps: scripts.map(step) }] },
];

/** A pipeline that extends `t.yml`, and what the service says against it. */
const refused: readonly (readonly [string, CaseFiles, string])[] = [
  [
    'variables in both files',
    {
      'azure-pipelines.yml': 'variables: {a: 1}\nextends:\n  template: t.yml\n',
      't.yml': 'variables: {b: 1}\nsteps: []\n',
    },
    "/t.yml (Line: 1, Col: 1): 'variables' is already defined",
  ],
  [
    'steps beside it',
    { 'azure-pipelines.yml': 'extends:\n  template: t.yml\nsteps: []\n', 't.yml': 'steps: []\n' },
    "/azure-pipelines.yml (Line: 3, Col: 1): Unexpected value 'steps'",
  ],
  [
    'a name alone',
    { 'azure-pipelines.yml': 'extends: t.yml\n', 't.yml': 'steps: []\n' },
    "/azure-pipelines.yml (Line: 1, Col: 10): Unexpected value 't.yml'",
  ],
  [
    'a template with keys of its own',
    { 'azure-pipelines.yml': 'extends:\n  template: t.yml\n', 't.yml': 'name: x\nsteps: []\n' },
    "/t.yml (Line: 1, Col: 1): Unexpected value 'name'",
  ],
  [
    'a required parameter that is missing',
    { 'azure-pipelines.yml': 'extends:\n  template: t.yml\n', 't.yml': 'parameters:\n- name: p\nsteps: []\n' },
    "/azure-pipelines.yml (Line: 2, Col: 13): A value for the 'p' parameter must be provided.",
  ],
];

describe('extends', () => {
  it('gives way to its template, and that to what it extends itself', () => {
    const files = {
      'azure-pipelines.yml':
        'trigger: none\nvariables:\n  x: 1\nextends:\n  template: a.yml\n  parameters:\n    p: q\n',
      'a.yml':
        'parameters:\n- name: p\nextends:\n  template: sub/b.yml\n  parameters:\n    r: ${{ parameters.p }}${{ variables.x }}\n',
      'sub/b.yml': 'parameters:\n- name: r\nsteps:\n- script: ${{ parameters.r }}\n- template: ../s.yml\n',
      's.yml': 'steps:\n- script: ${{ variables.x }}\n',
    };
    assert.deepEqual(expandCase(files), {
      trigger: { enabled: 'false' },
      variables: [{ name: 'x', value: '1' }],
      stages: stages('q1', '1'),
    });
  });
  it('takes the template that a condition chooses', () => {
    const files = {
      'azure-pipelines.yml':
        'parameters:\n- name: strict\n  type: boolean\n  default: true\nextends:\n  ${{ if parameters.strict }}:\n    template: strict.yml\n  ${{ else }}:\n    template: loose.yml\n',
      'strict.yml': 'steps:\n- script: strict\n',
      'loose.yml': 'steps:\n- script: loose\n',
    };
    assert.deepEqual((expandCase(files) as { stages: unknown }).stages, stages('strict'));
  });
  it("takes resources and variables of its template, and the entry file's pool", () => {
    const files = {
      'azure-pipelines.yml': 'pool: Default\nextends:\n  template: t.yml\n',
      't.yml':
        'resources:\n  pipelines:\n  - pipeline: ci\n    source: orders-ci\nvariables:\n  x: 1\nsteps:\n- script: ${{ variables.x }}\n',
    };
    const result = JSON.stringify(expandCase(files));
    assert.match(result, /"pipeline":"ci"/);
    assert.match(result, /"script":"1"/);
    assert.match(result, /"pool":\{"name":"Default"\}/);
  });
  it('takes templates of repositories that only its template names', () => {
    const files = {
      'azure-pipelines.yml': 'extends:\n  template: t.yml\n',
      't.yml':
        'resources:\n  repositories:\n  - repository: lib\n    type: git\n    name: contoso/lib\nsteps:\n- template: s.yml@lib\n',
      'lib:s.yml': 'steps:\n- script: lib\n',
    };
    assert.deepEqual((expandCase(files) as { stages: unknown }).stages, stages('lib'));
  });
  for (const [what, files, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => expandCase(files), { message });
    });
  }
});
