import assert from 'node:assert/strict';
import { expandCase } from './expanding.ts';

/** A pipeline and what the service says against them. */
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
    'steps:\n- ${{ each eq in parameters }}:\n  - script: x\n',
    "/azure-pipelines.yml (Line: 2, Col: 3): The idenfifier 'eq' has already been defined within the current scope",
  ],
  [
    "steps:\n- ${{ each a in split('x', ',') }}:\n  - ${{ each A in split('y', ',') }}:\n    - script: x\n",
    "/azure-pipelines.yml (Line: 3, Col: 5): The idenfifier 'A' has already been defined within the current scope",
  ],
  [
    'steps:\n- ${{ if false }}:\n  - script: a\n- ${{ else if true }}:\n  - script: b\n',
    "/azure-pipelines.yml (Line: 4, Col: 3): Exactly 0 parameter(s) were expected following the directive 'else'. Actual parameter count: 2",
  ],
  [
    'steps:\n- ${{ if eq(1, 1) and eq(2, 2) }}:\n  - script: a\n',
    "/azure-pipelines.yml (Line: 2, Col: 3): Exactly 1 parameter(s) were expected following the directive 'if'. Actual parameter count: 3",
  ],
  [
    'steps:\n- script: x\n  env:\n    ${{ else }}:\n      A: 1\n',
    "/azure-pipelines.yml (Line: 4, Col: 5): The expression directive 'else' is not supported in this context\n" +
      '/azure-pipelines.yml (Line: 5, Col: 7): A mapping was not expected',
  ],
  [
    'steps:\n- ${{ if false }}:\n  - script: a\n- ${{ each x in parameters }}:\n  - script: b\n- ${{ else }}:\n  - script: c\n',
    "/azure-pipelines.yml (Line: 6, Col: 3): The expression directive 'else' is not supported in this context\n" +
      "/azure-pipelines.yml (Line: 6, Col: 3): Unexpected value '${{ else }}'",
  ],
  ['steps:\n- script: x\n  env:\n    ${{ insert }}:\n', '/azure-pipelines.yml (Line: 4, Col: 19): Expected a mapping'],
  [
    'steps:\n- ${{ insert }}:\n    script: x\n  displayName: ${{ if true }}\n',
    "/azure-pipelines.yml (Line: 4, Col: 16): The expression directive 'if' is not supported in this context",
  ],
  [
    'steps:\n- script: a ${{ if true }}\n',
    "/azure-pipelines.yml (Line: 2, Col: 11): The directive 'if' is not allowed in this context. Directives are not supported for expressions that are embedded within a string. Directives are only supported when the entire value is an expression.",
  ],
  [
    'steps:\n- ${{ if false }}:\n    script: x\n',
    '/azure-pipelines.yml (Line: 2, Col: 3): Expected at least one key-value pair in the mapping',
  ],
  [
    '${{ if true }}:\n  pool: x\nsteps: []\n',
    '/azure-pipelines.yml (Line: 1, Col: 1): A template expression is not allowed in this context',
  ],
  [
    'steps:\n- ${{ IF true }}:\n  - script: a\n',
    "/azure-pipelines.yml (Line: 2, Col: 3): Unexpected symbol: 'true'. Located at position 4 within expression: IF true. For more help, refer to https://go.microsoft.com/fwlink/?linkid=842996",
  ],
  [
    'steps:\n- ${{ if(true) }}:\n  - script: a\n',
    "/azure-pipelines.yml (Line: 2, Col: 3): Unrecognized value: 'if'. Located at position 1 within expression: if(true). For more help, refer to https://go.microsoft.com/fwlink/?linkid=842996",
  ],
  ['steps:\n  ${{ if true }}:\n  - script: a\n', '/azure-pipelines.yml (Line: 2, Col: 3): A mapping was not expected'],
  ["steps:\n- ${{ split('a', ',') }}\n", "/azure-pipelines.yml (Line: 2, Col: 3): Unexpected value 'a'"],
  [
    'steps:\n- template: ${{ if true }}\n',
    "/azure-pipelines.yml (Line: 2, Col: 13): The expression directive 'if' is not supported in this context",
  ],
  [
    'trigger:\n- ${{ variables.branch }}\nsteps: []\n',
    '/azure-pipelines.yml (Line: 2, Col: 3): A template expression is not allowed in this context',
  ],
  [
    'resources:\n  repositories:\n  - repository: lib\n    name: ${{ variables.name }}\n    ref: ${{ variables.ref }}\nsteps: []\n',
    '/azure-pipelines.yml (Line: 4, Col: 11): A template expression is not allowed in this context',
  ],
  [
    'parameters:\n- name: o\n  type: object\n  default: {a: 1}\nsteps:\n- script: x ${{ parameters.o }}\n',
    '/azure-pipelines.yml (Line: 6, Col: 11): Unable to convert from Object to String. Value: Object',
  ],
];

describe('what the service refuses of directives and expressions', () => {
  for (const [text, message] of refused) {
    it(message, () => {
      assert.throws(() => expandCase(text), { message });
    });
  }
});
