import assert from 'node:assert/strict';
import { expandCase, expandText } from './expanding.ts';

/** A template with one parameter `p`, and a value as YAML; what the expression says of it. */
function given(type: string, value: string, expression = 'parameters.p'): string {
  const files = {
    'azure-pipelines.yml': `steps:\n- template: t.yml\n  parameters:\n    p: ${value}\n`,
    't.yml': `parameters:\n- name: p\n  type: ${type}\nsteps:\n- script: '[\${{ ${expression} }}]'\n`,
  };
  return /script: '?(\[.*?\])'?$/m.exec(expandText(files))?.[1] ?? '';
}

const taken: readonly (readonly [string, string, string, string?])[] = [
  ['string', 'true', '[true]'],
  ['string', '${{ true }}', '[True]'],
  ['string', '007', '[007]'],
  ['string', '', '[]'],
  ['object', '', '[]'],
  ['object', '{a: }', '[]', 'parameters.p.a'],
  ['boolean', "'true'", '[True]'],
  ['object', 'x', '[x]'],
  ['number', '1.0', '[1]'],
];

const refused: readonly (readonly [string, string, string])[] = [
  ['boolean', '', "The 'p' parameter value '' is not a valid Boolean."],
  ['number', '', "The 'p' parameter value '' is not a valid Number."],
  ['boolean', 'yes', "The 'p' parameter value 'yes' is not a valid Boolean."],
  ['boolean', '1', "The 'p' parameter value '1' is not a valid Boolean."],
  ['string', '{a: 1}', "The 'p' parameter is not a valid String."],
  ['stepList', 'x', "The 'p' parameter is not a valid StepList."],
  ['pool', 'x', "Unexpected value 'pool'"],
  ['environment', 'x', "Unexpected value 'environment'"],
];

const step = (script: string): unknown => ({ task: 'CmdLine@2', inputs: { script } });
const stages = (...scripts: string[]): unknown => [
  { stage: '__default', jobs: [{ job: 'Job', steps: scripts.map(step) }] },
];

describe('parameters of templates', () => {
  for (const [type, value, expected, expression] of taken) {
    it(`${type}: ${value || 'null'}`, () => {
      assert.equal(given(type, value, expression), expected);
    });
  }
  for (const [type, value, message] of refused) {
    it(`${type}: ${value || 'null'} is refused`, () => {
      assert.throws(
        () => given(type, value),
        (error: Error) => error.message.endsWith(`): ${message}`),
      );
    });
  }
  const main = 'steps:\n- template: t.yml\n  parameters:\n    extra: 1\n';
  it('undeclared ones are refused, or ignored without a block', () => {
    const declared = {
      'azure-pipelines.yml': main,
      't.yml': 'parameters:\n- name: p\n  default: 1\nsteps:\n- script: x\n',
    };
    assert.throws(() => expandCase(declared), {
      message: "/azure-pipelines.yml (Line: 4, Col: 5): Unexpected parameter 'extra'",
    });
    assert.deepEqual(expandCase({ ...declared, 't.yml': 'steps:\n- script: x\n' }), { stages: stages('x') });
  });
  it('of the old form have no types', () => {
    const files = {
      'azure-pipelines.yml': 'steps:\n- template: t.yml\n  parameters:\n    A: {x: 1}\n',
      't.yml': "parameters:\n  a: none\n  b: ''\nsteps:\n- script: ${{ parameters.a.x }}${{ parameters.b }}\n",
    };
    assert.deepEqual(expandCase(files), { stages: stages('1') });
    const other = { ...files, 'azure-pipelines.yml': 'steps:\n- template: t.yml\n  parameters: {c: 1}\n' };
    assert.throws(() => expandCase(other), /^Error: not supported: 'c', which parameters of the old form/);
  });
  it('required ones are asked for', () => {
    const files = {
      'azure-pipelines.yml': 'steps:\n- template: t.yml\n',
      't.yml': 'parameters:\n- name: p\nsteps: []\n',
    };
    assert.throws(() => expandCase(files), /\(Line: 2, Col: 13\): A value for the 'p' parameter must be provided\.$/);
  });
  it('values mind case', () => {
    const text = 'parameters:\n- name: p\n  default: gamma\n  values: [Gamma]\nsteps: []\n';
    assert.throws(() => expandCase(text), /The 'p' parameter value 'gamma' is not a valid value\.$/);
  });
  it('a default has no expression', () => {
    const text = 'parameters:\n- name: p\n  default: ${{ upper(1) }}\nsteps: []\n';
    assert.throws(
      () => expandCase(text),
      /\(Line: 3, Col: 12\): A template expression is not allowed in this context$/,
    );
  });
});

describe('paths of templates', () => {
  it('lead from the including file, and from another repository from its root', () => {
    const files = {
      'azure-pipelines.yml':
        'resources:\n  repositories:\n  - repository: Lib\n    type: git\n    name: p/r\nsteps:\n- template: a\\one.yml\n- template: x/t.yml@lib\n',
      'a/one.yml': 'steps:\n- template: two.yml\n',
      'a/two.yml': 'steps:\n- script: two\n',
      'lib:x/t.yml': 'steps:\n- template: u.yml\n- template: /own.yml@self\n',
      'lib:x/u.yml': 'steps:\n- script: u\n',
      'own.yml': 'steps:\n- script: own\n',
    };
    assert.deepEqual((expandCase(files) as { stages: unknown }).stages, stages('two', 'u', 'own'));
  });
  it('name faults of another repository by its alias', () => {
    const files = {
      'azure-pipelines.yml':
        'resources:\n  repositories:\n  - repository: Lib\n    type: git\n    name: p/r\nsteps:\n- template: x/t.yml@LIB\n',
      'lib:x/t.yml': 'steps:\n- foo: 1\n',
    };
    assert.throws(() => expandCase(files), { message: "/x/t.yml@Lib (Line: 2, Col: 3): Unexpected value 'foo'" });
  });
  it('lead into a repository only if a folder is given for it', () => {
    const text =
      'resources:\n  repositories:\n  - repository: lib\n    type: git\n    name: p/r\nsteps:\n- template: t.yml@lib\n';
    assert.throws(() => expandCase(text), /^Error: not supported: the repository 'lib', as no folder is given for it/);
  });
  it('that lead nowhere are refused', () => {
    assert.throws(
      () => expandCase('steps:\n- template: x.yml\n'),
      /\(Line: 2, Col: 13\): File \/x\.yml not found in repository .* branch .* version /,
    );
    assert.throws(() => expandCase('steps:\n- template: x.yml@no\n'), /: No repository found by name no$/);
  });
  it('a circle is refused', () => {
    const files = { 'azure-pipelines.yml': 'steps:\n- template: t.yml\n', 't.yml': 'steps:\n- template: t.yml\n' };
    assert.throws(() => expandCase(files), /Maximum object depth exceeded$/);
  });
});
