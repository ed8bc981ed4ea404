import assert from 'node:assert/strict';
import { noPrivileged, ordersManifest } from '../../bench/sample-policies.ts';
import { type Engine, EngineFailure } from '../../../tasks/common/policy/engine.ts';
import { judge } from '../../../tasks/common/policy/judge.ts';
import { kyvernoPolicies } from '../../../tasks/common/policy/kyverno/policies.ts';
import type { Policy } from '../../../tasks/common/policy/policies.ts';
import { objectsIn } from './objects-in.ts';
import { documents, told } from './policy-bench.ts';

const policiesNamed = (...names: string[]): readonly Policy[] =>
  kyvernoPolicies(documents(names.map((name) => noPrivileged(name)))).policies;

/** An engine that lets all pass, and cannot take policies of some names. */
function engine(broken: (name: string) => string | undefined): Engine & { readonly runs: string[] } {
  const runs: string[] = [];
  const run: Engine = (policies, objects) => {
    runs.push(policies.map(({ name }) => name).join(' '));
    const reason = policies.map(({ name }) => broken(name)).find((each) => each !== undefined);
    if (reason !== undefined) return Promise.reject(new EngineFailure(reason));
    const verdicts = policies.flatMap((policy) =>
      objects.map((object) => ({ policy, rule: '', object, result: 'pass' as const, message: '', path: '' })),
    );
    return Promise.resolve({ verdicts, faults: new Map() });
  };
  return Object.assign(run, { runs });
}

const defect: Engine = () => Promise.reject(new TypeError('defect'));

const progress: string[] = [];
const context = {
  signal: new AbortController().signal,
  log: {
    info() {},
    warning() {},
    error() {},
    debug() {},
    progress: (done: number, what: string): void => void progress.push(`${done} ${what}`),
  },
};

describe('Judging by policies that an engine cannot take', () => {
  it('finds the one that spoils a run, and judges by the others', async () => {
    const one = engine((name) => (name === 'c' ? 'c is broken' : undefined));

    const results = await judge(policiesNamed('a', 'b', 'c', 'd'), objectsIn(ordersManifest), one, context);

    assert.deepEqual(
      told(results).filter((line) => !line.startsWith(' ')),
      ['a: passed', 'b: passed', 'c: error', 'd: passed'],
    );
    assert.equal(results[2]?.reason, 'c is broken');
    assert.deepEqual(one.runs, ['a b c d', 'a b', 'c d', 'c', 'd']);
  });

  it('judges by the others, too, where several are broken alike', async () => {
    const two = engine((name) => (name < 'c' ? 'no such function' : undefined));
    const results = await judge(policiesNamed('a', 'b', 'c', 'd'), objectsIn(ordersManifest), two, context);
    assert.deepEqual(
      results.map(({ state }) => state),
      ['error', 'error', 'passed', 'passed'],
    );
  });

  it('says that nothing can be judged where it is the objects that no policy can be asked about', async () => {
    const none = engine(() => 'orders.yaml: no such version');
    await assert.rejects(
      judge(policiesNamed('a', 'b', 'c'), objectsIn(ordersManifest), none, context),
      /^TaskError: Nothing can be judged: orders\.yaml: no such version$/,
    );
  });

  it('tells how far it is, and passes on what is a defect', async () => {
    const names = Array.from({ length: 25 }, (_each, index) => `p${index}`);
    progress.length = 0;
    await judge(
      policiesNamed(...names),
      objectsIn(ordersManifest),
      engine(() => undefined),
      context,
    );
    assert.equal(progress.length, 3);
    assert.equal(progress.at(-1), '1 25 of 25 policies');

    await assert.rejects(judge(policiesNamed('a'), objectsIn(ordersManifest), defect, context), TypeError);
  });
});
