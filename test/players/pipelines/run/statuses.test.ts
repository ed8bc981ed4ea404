import assert from 'node:assert/strict';
import { aroundStage } from '../../../agent/pipelines/run/dependencies.ts';
import type { Vertex } from '../../../agent/pipelines/run/graph.ts';
import { RunVariables } from '../../../agent/pipelines/run/run-variables.ts';
import type { TaskResult } from '../../../agent/index.ts';

const results: readonly TaskResult[] = [
  'Succeeded',
  'SucceededWithIssues',
  'Failed',
  'Canceled',
  'Skipped',
  'Abandoned',
];

/** Rows: what became of A; columns: of B, both in the order above. `#`: the condition holds. */
const tables: Readonly<Record<string, string>> = {
  'succeeded()': '##.... ##.... ...... ...... ...... ......',
  'failed()': '..#... ..#... ###### ..#... ..#... ..#...',
  'succeededOrFailed()': '###### ###### ###### ###... ###... ###...',
  'always()': '###### ###### ###### ###### ###### ######',
  'canceled()': '...... ...... ...... ...... ...... ......',
  'not(canceled())': '###### ###### ###### ###### ###### ######',
  "succeeded('A')": '###### ###### ...... ...... ...... ......',
  "succeeded('a', 'B')": '##.... ##.... ...... ...... ...... ......',
  "failed('B')": '..#... ..#... ..#... ..#... ..#... ..#...',
  "failed('A', 'B')": '..#... ..#... ###### ..#... ..#... ..#...',
  "succeededOrFailed('A')": '###### ###### ###### ...... ...... ......',
  "and(succeeded('A'), failed('B'))": '..#... ..#... ...... ...... ...... ......',
  "in(dependencies.A.result, 'Succeeded', 'Skipped')": '###### ...... ...... ...... ###### ......',
  "eq(dependencies['b']['result'], 'abandoned')": '.....# .....# .....# .....# .....# .....#',
  'and(succeeded(), false)': '...... ...... ...... ...... ...... ......',
};

/** The conditions that hold in a cancelled run as well; the others that look at results do not. */
const regardless = [
  'failed()',
  "failed('B')",
  "failed('A', 'B')",
  'always()',
  "in(dependencies.A.result, 'Succeeded', 'Skipped')",
  "eq(dependencies['b']['result'], 'abandoned')",
];

const stages: readonly Vertex[] = [
  { name: 'A', dependsOn: [] },
  { name: 'B', dependsOn: [] },
  { name: 'C', dependsOn: ['A', 'B'] },
];
const c: Vertex = stages[2] ?? { name: '', dependsOn: [] };

function holds(condition: string, a: TaskResult, b: TaskResult, canceled: boolean): boolean {
  const ended = new Map([
    ['A', { result: a, jobs: new Map() }],
    ['B', { result: b, jobs: new Map() }],
  ]);
  return new RunVariables().holds(condition, aroundStage(c, stages, ended, canceled));
}

function table(condition: string, canceled: boolean): string {
  const rows = results.map((a) => results.map((b) => (holds(condition, a, b, canceled) ? '#' : '.')).join(''));
  return rows.join(' ');
}

const never = Array.from({ length: 6 }, () => '......').join(' ');
const ever = never.replaceAll('.', '#');

describe('the condition of a stage behind two others', () => {
  for (const [condition, expected] of Object.entries(tables)) {
    it(`${condition} for every pair of results`, () => {
      assert.equal(table(condition, false), expected);
    });

    it(`${condition} in a cancelled run`, () => {
      const whenCanceled = condition === 'canceled()' ? ever : never;
      assert.equal(table(condition, true), regardless.includes(condition) ? expected : whenCanceled);
    });
  }

  it('is met by succeeded() and succeededOrFailed(), not by failed(), where it depends on nothing', () => {
    const alone: Vertex = { name: 'alone', dependsOn: [] };
    const around = aroundStage(alone, [alone], new Map(), false);
    const met = ['succeeded()', 'failed()', 'succeededOrFailed()'].map((one) => new RunVariables().holds(one, around));
    assert.deepEqual(met, [true, false, true]);
  });

  it('cannot name a stage that it does not depend on', () => {
    assert.throws(() => holds("succeeded('D')", 'Succeeded', 'Succeeded', false), /'D' is not among the dependencies/);
  });
});
