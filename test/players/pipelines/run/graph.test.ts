import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { playGraph, stageOrder, type Vertex } from '../../../agent/pipelines/run/graph.ts';

/** Graphs without a circle: each vertex depends on some of those before it, in the letters' other case. */
const graphs = fc
  .array(fc.tuple(fc.array(fc.nat(20), { maxLength: 4 }), fc.nat(5)), { minLength: 1, maxLength: 12 })
  .map((drawn) =>
    drawn.map(([before, turns], index) => ({
      name: `s${index}`,
      dependsOn: index === 0 ? [] : [...new Set(before.map((number) => `S${number % index}`))],
      turns,
    })),
  );

describe('a graph of stages or jobs', () => {
  it('is played once each, after all that it depends on, and waits for nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(graphs, async (vertices) => {
        const begun: string[] = [];
        const over = new Set<string>();
        const played = playGraph(vertices, async ({ name, dependsOn, turns }) => {
          begun.push(name);
          for (const before of dependsOn) assert.ok(over.has(before.toLowerCase()), `${name} before ${before}`);
          for (let left = turns; left > 0; left -= 1) await turn();
          over.add(name);
        });
        await turn();
        const free = vertices.filter(({ dependsOn }) => dependsOn.length === 0).map(({ name }) => name);
        assert.deepEqual(
          free.filter((name) => !begun.includes(name)),
          [],
        );
        await played;
        assert.deepEqual(begun.toSorted(), vertices.map(({ name }) => name).toSorted());
      }),
    );
  });

  const broken: readonly (readonly [string, readonly Vertex[], RegExp])[] = [
    [
      'a circle',
      [
        { name: 'a', dependsOn: ['b'] },
        { name: 'b', dependsOn: ['a'] },
      ],
      /a circle of dependencies at/,
    ],
    ['itself', [{ name: 'a', dependsOn: ['A'] }], /a circle of dependencies at 'a'/],
    ['nobody', [{ name: 'a', dependsOn: ['b'] }], /'a' depends on 'b', which is not there/],
  ];
  for (const [what, vertices, message] of broken) {
    it(`that depends on ${what} is not played`, async () => {
      const played: string[] = [];
      const play = ({ name }: Vertex): Promise<void> => Promise.resolve(void played.push(name));
      await assert.rejects(async () => playGraph(vertices, play), message);
      assert.deepEqual(played, []);
    });
  }

  it('of stages is a line by default', () => {
    const stages = stageOrder([{ name: 'a' }, { name: 'b' }, { name: 'c', dependsOn: [] }, { name: 'd' }]);
    assert.deepEqual(
      stages.map(({ dependsOn }) => dependsOn),
      [[], ['a'], [], ['c']],
    );
  });

  it('ends what goes on before it throws what playing threw', async () => {
    const ended: string[] = [];
    const vertices = [
      { name: 'breaks', dependsOn: [] },
      { name: 'goes on', dependsOn: [] },
      { name: 'waits', dependsOn: ['breaks'] },
    ];
    const played = playGraph(vertices, async ({ name }) => {
      if (name === 'breaks') throw new Error('a defect');
      await turn();
      ended.push(name);
    });
    await assert.rejects(played, { message: 'a defect' });
    assert.deepEqual(ended, ['goes on']);
  });
});
