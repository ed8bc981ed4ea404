import assert from 'node:assert/strict';
import { expandCase, expandText } from './expanding.ts';

const including = (template: string, reference = '- template: t.yml\n'): Record<string, string> => {
  return { 'azure-pipelines.yml': `steps:\n${reference}`, 't.yml': template };
};

const list = (items: readonly string[]): string =>
  items.length === 0 ? 'steps: []\n' : `steps:\n${items.map((name) => `- template: ${name}\n`).join('')}`;

/** A pipeline of so many templates, each within the other or each beside the other. */
const pipeline = (count: number, isNested: boolean): Record<string, string> => {
  const names = Array.from({ length: count }, (_, index) => `t${index}.yml`);
  const own = names.map((name, index) => [name, list(isNested ? names.slice(index + 1, index + 2) : [])]);
  return { 'azure-pipelines.yml': list(isNested ? names.slice(0, 1) : names), ...Object.fromEntries(own) };
};

describe('what templates may not do', () => {
  const cases: readonly (readonly [string, Record<string, string>, string])[] = [
    [
      'hold other keys beside their list',
      including('variables: {a: 1}\nsteps: []\n'),
      "/t.yml (Line: 1, Col: 1): Unexpected value 'variables'",
    ],
    ['be of another list', including('jobs: []\n'), "/t.yml (Line: 1, Col: 1): Unexpected value 'jobs'"],
    ['be a list themselves', including('- script: x\n'), '/t.yml (Line: 1, Col: 1): A sequence was not expected'],
    [
      'be referred to with other keys',
      including('steps: []\n', '- template: t.yml\n  displayName: x\n'),
      "/azure-pipelines.yml (Line: 3, Col: 3): Unexpected value 'displayName'",
    ],
    [
      'be given a list of parameters',
      including('steps: []\n', '- template: t.yml\n  parameters: [a]\n'),
      '/azure-pipelines.yml (Line: 3, Col: 15): A sequence was not expected',
    ],
    [
      'stand above the root',
      including('steps: []\n', '- template: ../t.yml\n'),
      '/azure-pipelines.yml (Line: 2, Col: 13): The file path /../t.yml is invalid',
    ],
    [
      'be the root',
      including('steps: []\n', '- template: /\n'),
      '/azure-pipelines.yml (Line: 2, Col: 13): The file path / is invalid',
    ],
    [
      'have another case than their file',
      including('steps: []\n', '- template: T.yml\n'),
      '/azure-pipelines.yml (Line: 2, Col: 13): File /T.yml not found in repository self branch refs/heads/main version 0000000000000000000000000000000000000000.',
    ],
    [
      'hold what cannot be parsed',
      including('steps:\n- script: ${{ eq(1 }}\n'),
      "/t.yml (Line: 2, Col: 11): Unclosed function: 'eq'. Located at position 1 within expression: eq(1. For more help, refer to https://go.microsoft.com/fwlink/?linkid=842996",
    ],
  ];
  for (const [what, files, message] of cases) {
    it(what, () => {
      assert.throws(() => expandCase(files), { message });
    });
  }
});

describe('limits of templates', () => {
  it('are 100 files, whose excess the service words in an unknown way', () => {
    assert.doesNotThrow(() => expandText(pipeline(100, false)));
    assert.throws(() => expandText(pipeline(101, false)), /^Error: not supported: more than 100 templates/);
  });
  it('are 100 levels', () => {
    assert.doesNotThrow(() => expandText(pipeline(100, true)));
  });
  it('are 500 characters of a message, of all faults in a line each', () => {
    const names = Array.from({ length: 9 }, (_, index) => `'${'n'.repeat(40)}${index}'`);
    const text = `steps:\n${names.map((name) => `- ${name}: x\n`).join('')}`;
    const lines = names.map(
      (name, index) => `/azure-pipelines.yml (Line: ${index + 2}, Col: 3): Unexpected value ${name}`,
    );
    assert.throws(() => expandText(text), { message: `${lines.join('\n').slice(0, 500)}[...]` });
  });
  it('are 20 MB', () => {
    assert.throws(
      () => expandText({ 'azure-pipelines.yml': `steps: []\n#${' '.repeat(20 * 1024 * 1024)}\n` }),
      /^Error: not supported: more than 20 MB of YAML/,
    );
  });
});
