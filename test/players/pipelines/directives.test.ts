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

/** Steps and what the service says against them. */
const refused: readonly (readonly [string, string])[] = [
  [
    'steps:\n- ${{ else }}:\n  - script: a\n',
    "/azure-pipelines.yml (Line: 2, Col: 3): The expression directive 'else' is not supported in this context\n" +
      "/azure-pipelines.yml (Line: 2, Col: 3): Unexpected value '${{ else }}'",
  ],
  [
    'steps:\n- ${{ if not(false) }}:\n  - "environments[0].name is missing": Error\n',
    "/azure-pipelines.yml (Line: 3, Col: 5): Unexpected value 'environments[0].name is missing'",
  ],
  [
    'steps:\n- script: x\n  env:\n    ${{ if true }}:\n    - A\n',
    '/azure-pipelines.yml (Line: 5, Col: 5): Expected a mapping',
  ],
  [
    'steps:\n- script: x\n  env:\n    ${{ insert }}: x\n',
    '/azure-pipelines.yml (Line: 4, Col: 20): Expected a mapping',
  ],
  [
    "steps:\n- script: x\n  env:\n    foo: 1\n    ${{ 'FOO' }}: 2\n",
    "/azure-pipelines.yml (Line: 5, Col: 5): 'FOO' is already defined",
  ],
  [
    'steps:\n- ${{ each parameters in parameters }}:\n  - script: x\n',
    "/azure-pipelines.yml (Line: 2, Col: 3): The idenfifier 'parameters' has already been defined within the current scope",
  ],
  [
    'parameters:\n- name: o\n  type: object\n  default: {a: 1}\nsteps:\n- script: x ${{ parameters.o }}\n',
    '/azure-pipelines.yml (Line: 6, Col: 11): Unable to convert from Object to String. Value: Object',
  ],
];

describe('what the service refuses', () => {
  for (const [text, message] of refused) {
    it(message, () => {
      assert.throws(() => expandCase(text), { message });
    });
  }
});
