import assert from 'node:assert/strict';
import { inputsSource } from '../../../scripts/generate/inputs.ts';
import { smallTask } from './small-task.ts';

/** The type and the reader that an input gets. */
function generated(input: Parameters<typeof smallTask>[0][number]): [string | undefined, string | undefined] {
  const source = inputsSource(smallTask([input]));
  return [/readonly x: (.*);/.exec(source)?.[1], /    x: (.*),/.exec(source)?.[1]];
}

describe('the generated inputs of a task', () => {
  it('are a whole module', () => {
    const inputs = [
      { name: 'chartPath', type: 'filePath', required: true, helpMarkDown: 'Ends a comment: */ here.' },
      { name: 'lint', type: 'boolean', defaultValue: 'true' },
    ];
    assert.equal(
      inputsSource(smallTask(inputs, ['chartName', 'chartDigest'])),
      `// Generated from task.json by \`npm run generate\`; never edited by hand.
import type { InputReader } from '../common/task/inputs.ts';

export interface Inputs {
  /** Ends a comment: * / here. */
  readonly chartPath: string;
  /** What it is. */
  readonly lint: boolean;
}

export type Output = 'chartName' | 'chartDigest';

export function readInputs(input: InputReader): Inputs {
  return {
    chartPath: input.requiredText('chartPath'),
    lint: input.flag('lint', true),
  };
}
`,
    );
    assert.match(inputsSource(smallTask([])), /^export type Output = never;$/m);
  });

  for (const [input, type, reader] of [
    [{}, 'string | undefined', "input.text('x')"],
    [{ required: true }, 'string', "input.requiredText('x')"],
    [{ type: 'multiLine' }, 'string | undefined', "input.text('x')"],
    [{ type: 'connectedService:AzureRM' }, 'string | undefined', "input.text('x')"],
    [{ type: 'boolean' }, 'boolean', "input.flag('x', false)"],
    [{ type: 'boolean', defaultValue: 'True' }, 'boolean', "input.flag('x', true)"],
    [{ type: 'int', defaultValue: '256' }, 'number', "input.wholeNumber('x', 256)"],
    [{ type: 'int', required: true }, 'number', "input.wholeNumber('x')"],
    [
      { type: 'pickList', options: { a: 'A', b: 'B' }, defaultValue: 'b' },
      "'a' | 'b'",
      "input.choice('x', ['a', 'b'], 'b')",
    ],
    [{ type: 'radio', options: { a: 'A' } }, "'a'", "input.choice('x', ['a'])"],
    [{ type: 'pickList' }, 'string | undefined', "input.text('x')"],
  ] as const) {
    it(`read ${JSON.stringify(input)} as ${type}`, () => {
      assert.deepEqual(generated(input), [type, reader]);
    });
  }
});
