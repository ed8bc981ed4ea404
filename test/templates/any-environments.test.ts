import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { TaskResult } from '../agent/step-result.ts';
import { aroundStage, type EndedJob } from '../agent/pipelines/run/dependencies.ts';
import type { StageDocument } from '../agent/pipelines/run/document.ts';
import { ancestorsOf, jobOrder, stageOrder, type Vertex } from '../agent/pipelines/run/graph.ts';
import { RunVariables } from '../agent/pipelines/run/run-variables.ts';
import { decide } from '../agent/pipelines/run/skipped.ts';
import { isGood } from '../agent/pipelines/run/statuses.ts';
import { documentWith } from './delivery.ts';

const idOf = (name: string): string => name.replaceAll(/[-. ]/g, '_');
const maybe = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(values, { nil: undefined });
const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,8}$/);

const cluster = fc.record({ cluster: word, resourceGroup: word, wave: maybe(fc.integer({ min: 1, max: 9 })) });
const places = fc.oneof(
  fc.record({ cluster: word, resourceGroup: word }),
  fc.record({
    clusters: fc.uniqueArray(cluster, {
      minLength: 1,
      maxLength: 4,
      selector: (one) => idOf(one.cluster).toLowerCase(),
    }),
  }),
);

/** Conditions that leave the status to the template, and those that ask for it themselves. */
const plain = [
  "eq(variables['deploy'], 'yes')",
  "ne(variables['Build.Reason'], 'PullRequest')",
  'true',
  "contains('a', 'A')",
];
const withStatus = ['always()', 'succeededOrFailed()', 'not(failed())', 'Always ()', 'or(succeeded(), failed())'];

/** One environment; what it depends on follows from those before it. */
const environment = fc.record({
  name: fc.stringMatching(/^[A-Za-z][A-Za-z0-9_. -]{0,6}[A-Za-z0-9]$/),
  place: places,
  condition: maybe(fc.constantFrom(...plain, ...withStatus)),
  /** Which of the environments before it depends on, by remainder; a single one may stand without its list. */
  dependencies: maybe(fc.array(fc.nat(9), { maxLength: 3 })),
  keys: fc.record(
    {
      environment: word,
      azureSubscription: word,
      subscriptionId: word,
      serverFqdn: fc.constantFrom('default', 'public', 'private'),
      useClusterAdmin: fc.boolean(),
      namespace: word,
      createNamespace: fc.boolean(),
      replicas: fc.nat(20),
      images: fc.constantFrom('', 'app=image.repository,image.tag'),
      valueFiles: fc.array(word, { maxLength: 2 }),
      values: fc.constantFrom('a: 1', 'a: "$(x)"'),
      setSecret: fc.constant('a=$(secret)'),
      pool: fc.oneof(word, fc.record({ vmImage: word })),
      variableGroups: fc.array(word, { maxLength: 2 }),
      preDeploy: fc.array(fc.record({ script: word }), { maxLength: 2 }),
      postDeploy: fc.array(fc.record({ script: word }), { maxLength: 2 }),
      runTests: fc.boolean(),
      requireApproval: fc.boolean(),
      timeout: fc.constantFrom('5m', '1h'),
      ifOlder: fc.constantFrom('deploy', 'warn', 'refuse'),
    },
    { requiredKeys: [] },
  ),
});

const environments = fc.uniqueArray(environment, {
  minLength: 1,
  maxLength: 5,
  selector: ({ name }) => idOf(name).toLowerCase(),
});

type Given = typeof environment extends fc.Arbitrary<infer T> ? T : never;

/** What the template is given for them. */
function given(list: readonly Given[]): object[] {
  return list.map(({ name, place, condition, dependencies, keys }, index) => {
    const before = dependencies?.flatMap((number) => (index === 0 ? [] : [list[number % index]?.name]));
    const unique = before && [...new Set(before)];
    const dependsOn = unique?.length === 1 ? unique[0] : unique;
    return { name, ...place, ...keys, ...(condition && { condition }), ...(dependsOn && { dependsOn }) };
  });
}

/** Which stages run, when those that do end as `outcomes` says: rejected ones fail, and where an approval ran out they are skipped. */
function played(
  stages: readonly (StageDocument & Vertex)[],
  outcomes: readonly TaskResult[],
): ReadonlyMap<string, { readonly ran: boolean; readonly result: TaskResult }> {
  const ended = new Map<string, { ran: boolean; result: TaskResult; jobs: Map<string, EndedJob> }>();
  const variables = new RunVariables([{ name: 'deploy', value: 'yes', secret: false, readOnly: true }]);
  stages.forEach((stage, index) => {
    const surroundings = aroundStage(stage, stages, ended, false);
    const decision = decide(stage, stages, ended, { variables, surroundings, canceled: false });
    const ran = decision === 'runs';
    ended.set(stage.name, { ran, result: ran ? (outcomes[index] ?? 'Succeeded') : decision.result, jobs: new Map() });
  });
  return ended;
}

describe('any list of environments that its keys allow', () => {
  it('expands to stages and jobs without a circle, and none runs behind one that failed, unless its own condition says so', () => {
    const results = fc.array(fc.constantFrom<TaskResult>('Succeeded', 'Failed', 'Skipped', 'SucceededWithIssues'), {
      maxLength: 5,
    });
    const check = fc.property(environments, results, fc.boolean(), (list, outcomes, rollbackStage) => {
      const document = documentWith('stages/deploy-environments.yml', {
        projectName: 'orders',
        azureSubscription: 'contoso-azure',
        registry: 'contoso.azurecr.io',
        environments: given(list),
        rollbackStage,
      });
      const stages = stageOrder(document.stages);
      assert.equal(stages.length, list.length * (rollbackStage ? 2 : 1));
      // Both throw for a circle, and for a dependency that is not there.
      for (const stage of stages) ancestorsOf(stage, stages);
      for (const { jobs } of stages) for (const job of jobOrder(jobs)) ancestorsOf(job, jobOrder(jobs));
      const deploying = stages.filter(({ isManual }) => !isManual);
      const ended = played(deploying, outcomes);
      deploying.forEach((stage, index) => {
        if (withStatus.includes(list[index]?.condition ?? '') || !ended.get(stage.name)?.ran) return;
        for (const { name } of ancestorsOf(stage, deploying))
          assert.ok(isGood(ended.get(name)?.result ?? 'Failed'), `${stage.name} ran behind ${name}`);
      });
    });
    fc.assert(check, { numRuns: 60 });
  });
});
