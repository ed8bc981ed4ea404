import assert from 'node:assert/strict';
import { expandCase } from './expanding.ts';

const script = (steps: string): unknown => {
  const result = expandCase(steps) as { stages: { jobs: { steps: { inputs: { script: unknown } }[] }[] }[] };
  return result.stages[0]?.jobs[0]?.steps[0]?.inputs.script;
};

/** A scalar of a step, and what its text is. */
const texts: readonly (readonly [string, string, string])[] = [
  ['a plain text that goes on', 'a\n    b', 'a b'],
  ['a literal block', '|\n    a\n     b\n', 'a\n b\n'],
  ['a literal block without its end', '|-\n    a\n    b\n\n', 'a\nb'],
  ['a literal block with all of its end', '|+\n    a\n', 'a\n\n'],
  ['a folded block', '>\n    a\n    b\n\n    c\n', 'a b\nc\n'],
  ['a folded block without its end', '>-\n    a\n    b\n', 'a b'],
  ['double quotes', '"a\\tb # c"', 'a\tb # c'],
  ['single quotes', "'it''s'", "it's"],
  ['a comment behind', 'a # b', 'a'],
  ['leading zeros', '007', '007'],
  ['a tag of a text', '!!str 5', '5'],
  ['a null', '~', ''],
];

/** A file and what the service's parser says against it. */
const refused: readonly (readonly [string, string, string])[] = [
  [
    'anchors',
    'variables:\n  a: &shared 1\n  b: *shared\n',
    "/azure-pipelines.yml: Anchors are not currently supported. Remove the anchor 'shared'",
  ],
  [
    'a key twice, whatever its case',
    'variables:\n  a: 1\n  A: 2\n',
    "/azure-pipelines.yml (Line: 3, Col: 3): 'A' is already defined",
  ],
  [
    'a value with a colon',
    'steps:\n- script: x\n  displayName: Publish: now\n',
    '/azure-pipelines.yml: (Line: 3, Col: 23, Idx: 41) - (Line: 3, Col: 23, Idx: 41): Mapping values are not allowed in this context.',
  ],
  [
    'a key without a value',
    'steps:\n- task: mee\n  i\n',
    "/azure-pipelines.yml: (Line: 3, Col: 3, Idx: 21) - (Line: 3, Col: 3, Idx: 21): While scanning a simple key, could not find expected ':'.",
  ],
  [
    'a key at a column of its own',
    'pool:\n  vmImage: a\n name: b\n',
    '/azure-pipelines.yml: (Line: 3, Col: 2, Idx: 20) - (Line: 3, Col: 2, Idx: 20): While parsing a block mapping, did not find expected key.',
  ],
  [
    'a mapping behind a sequence',
    '- task: x\nsteps:\n',
    "/azure-pipelines.yml: (Line: 2, Col: 1, Idx: 10) - (Line: 2, Col: 1, Idx: 10): While parsing a block collection, did not find expected '-' indicator.",
  ],
  [
    'an item where a key should be',
    'trigger:\n- main\nname: x\n- stage: y\n',
    '/azure-pipelines.yml: (Line: 4, Col: 1, Idx: 24) - (Line: 4, Col: 2, Idx: 25): While parsing a block mapping, did not find expected key.',
  ],
  [
    'tabs',
    'steps:\n- script: x\n\tdisplayName: y\n',
    '/azure-pipelines.yml: (Line: 3, Col: 1, Idx: 19) - (Line: 3, Col: 2, Idx: 20): While scanning for the next token, find character that cannot start any token.',
  ],
  ['a sequence', '- script: x\n', '/azure-pipelines.yml (Line: 1, Col: 1): A sequence was not expected'],
  [
    'an item without a value',
    'steps:\n- \n- script: x\n',
    "/azure-pipelines.yml (Line: 2, Col: 2): Unexpected value ''",
  ],
  ['several documents', 'steps: []\n---\nsteps: []\n', '/azure-pipelines.yml: Expected stream end parse event'],
  ['an empty file', '# nothing\n', '/azure-pipelines.yml: Expected document start parse event'],
];

describe('YAML of pipelines', () => {
  for (const [what, written, text] of texts) {
    it(what, () => {
      assert.equal(script(`steps:\n- script: ${written}\n`), text);
    });
  }
  for (const [what, text, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => expandCase(text), { message });
    });
  }
  it('takes a byte order mark, and lines that end in CRLF', () => {
    assert.equal(script('\uFEFFsteps:\r\n- script: |\r\n    a\r\n    b\r\n'), 'a\nb\n');
  });
  it('takes flow over several lines', () => {
    assert.equal(script("steps: [\n  { script: 'a',\n    displayName: b }\n]\n"), 'a');
  });
  it('takes a directive twice in a mapping', () => {
    const text = 'steps:\n- script: x\n  env:\n    ${{ if true }}:\n      A: 1\n    ${{ if true }}:\n      B: 2\n';
    assert.match(JSON.stringify(expandCase(text)), /"env":\{"A":"1","B":"2"\}/);
  });
});
