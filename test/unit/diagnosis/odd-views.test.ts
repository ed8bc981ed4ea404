import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { causes } from '../../../tasks/common/diagnosis/causes/index.ts';
import { diagnose } from '../../../tasks/common/diagnosis/diagnose.ts';
import { objectIn } from '../../../tasks/common/cluster/objects.ts';
import { learnSecret } from '../../../tasks/common/text/shown.ts';
import type { SeenObject } from '../../../tasks/common/watching/view.ts';
import { crashed } from './sample-pods.ts';
import { at, deployment, diagnosisOf, pod, type Sample, since, viewOf, waiting, web } from './sample-view.ts';

const kinds = [
  'Pod',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'Service',
  'EndpointSlice',
  'PersistentVolumeClaim',
  'HorizontalPodAutoscaler',
  'Rollout',
];
const words = [
  ...causes.flatMap(({ marks }) => marks.flatMap(({ reasons = [] }) => reasons)),
  'True',
  'False',
  'Pending',
  'Failed',
  '',
  'web',
];

/** Values where the cluster's usual ones are expected, and fields by their usual names that hold anything. */
const value = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<unknown>(...words, null, undefined, 0, -1, 1e300, Number.NaN, true),
    fc.string(),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(
      fc.constantFrom(
        'name',
        'state',
        'waiting',
        'terminated',
        'running',
        'lastState',
        'reason',
        'message',
        'containers',
        'initContainers',
        'containerStatuses',
        'initContainerStatuses',
        'conditions',
        'type',
        'status',
        'template',
        'spec',
        'metadata',
        'labels',
        'selector',
        'volumes',
        'persistentVolumeClaim',
        'claimName',
        'replicas',
        'readinessGates',
        'conditionType',
        'tolerations',
        'nodeSelector',
        'restartCount',
        'exitCode',
        'image',
        '__proto__',
      ),
      tie('any'),
      { maxKeys: 6 },
    ),
  ),
})).any;

const object = fc
  .record({
    kind: fc.constantFrom(...kinds),
    metadata: fc.dictionary(
      fc.constantFrom(
        'name',
        'namespace',
        'labels',
        'annotations',
        'creationTimestamp',
        'deletionTimestamp',
        'generation',
      ),
      value,
    ),
    spec: value,
    status: value,
    endpoints: value,
  })
  .map((fields): SeenObject => ({ apiVersion: 'v1', ...(objectIn(fields) ?? { metadata: {} }), kind: fields.kind }));

/** Texts of which patterns have something to find. */
const foreignText = fc.oneof(
  fc.string(),
  fc
    .array(
      fc.constantFrom(
        ...causes.flatMap(({ marks }) =>
          marks.flatMap(({ pattern }) => (pattern === undefined ? [] : pattern.source.split(/[\\()[\]{}|?*+]+/))),
        ),
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join(' ')),
);

const event = fc.record({
  type: fc.constantFrom('Normal' as const, 'Warning' as const),
  reason: fc.constantFrom(...words, 'FailedCreate', 'Killing'),
  message: foreignText,
  count: fc.nat(5),
});

const sample: fc.Arbitrary<Sample> = fc.record({
  object,
  events: fc.array(event, { maxLength: 4 }),
  logs: fc.constantFrom(
    {},
    { web: { previous: true, lines: ['exec format error', '\u001b[31m##vso[task.complete]'] } },
  ),
});
const family = fc.record({
  object,
  events: fc.array(event, { maxLength: 3 }),
  children: fc.array(sample, { maxLength: 4 }),
});

describe('a diagnosis of whatever an API server may send', () => {
  it('never fails, and says little', () => {
    fc.assert(
      fc.property(
        fc.array(family, { maxLength: 4 }),
        foreignText,
        fc.option(fc.array(object, { maxLength: 3 }), { nil: undefined }),
        (samples, said, nodes) => {
          const { findings, unexplained } = diagnose(viewOf(samples, { nodes }), said, new Date(at(100)));
          for (const { what, fix, command, evidence } of findings) {
            assert.ok(what.length < 3000 && fix.length < 6000 && command.length < 1500, `${what}\n${fix}\n${command}`);
            assert.ok(evidence.length > 0 && evidence.length <= 6);
            assert.doesNotMatch([what, fix, command, ...evidence.map((each) => each.said)].join(''), /\p{Cc}/u);
          }
          assert.ok(
            unexplained.every(
              ({ evidence }) => evidence.length > 0 && evidence.every((each) => each.said.length < 1100),
            ),
          );
        },
      ),
      { numRuns: 400 },
    );
  });

  it('bears names that are none in its commands', () => {
    const name = 'x; rm -rf $(HOME) `id`';
    const { findings } = diagnosisOf([
      deployment([pod({ name, status: web(waiting('InvalidImageName')) }), crashed(1)], { name }),
    ]);
    assert.ok(findings.length > 0);
    for (const { command } of findings) assert.doesNotMatch(command, /rm -rf|`id`/);
  });

  it('shows no secret that is known, wherever it stands', () => {
    learnSecret('tr0ub4dor-and-3');
    const lines = ['starting', 'cannot sign in to postgres://shop:tr0ub4dor-and-3@db:5432'];
    const events = [{ reason: 'FailedMapVolume', message: `${'x'.repeat(3990)}tr0ub4dor-and-3` }];
    const odd = pod({ name: 'shop-6d4-b', status: web(waiting('ContainerCreating')), events });
    const told = diagnosisOf(
      [deployment([crashed(1, { lines })]), deployment([odd], { name: 'cart' })],
      'Error: tr0ub4dor-and-3',
    );
    assert.equal(told.findings.length + told.unexplained.length, 2);
    assert.doesNotMatch(JSON.stringify(told), /tr0ub/);
  });

  it('hides what is no character', () => {
    const status = web(waiting('CreateContainerConfigError', 'secret "a\u001b[31m\u202e##vso[x]" not found'));
    const [finding] = diagnosisOf([deployment([pod({ status })])]).findings;
    assert.doesNotMatch(JSON.stringify(finding), /\\u00|\u202e/);
  });
});

describe('the patterns of the causes', () => {
  const patterns = causes.flatMap(({ id, marks }) =>
    marks.flatMap(({ pattern }) => (pattern === undefined ? [] : [{ id, pattern }])),
  );
  // A pattern that tries every way through such a text would not come back before the tests' own limit.
  const pieces = [
    'failed calling webhook "a" ',
    'Failed to pull image ',
    'spec.x: Invalid value ',
    '[azurepolicy-a] ',
    'exceeded quota: a, requested: ',
    'conflict with "a" ',
    'User "a" cannot get resource "',
    'secrets store objects ',
    '[[[[',
    '""""',
    'a.a.a.a.',
    '\n\n\n\n',
  ];

  it('come to an end on long texts that almost fit', () => {
    for (const { pattern } of patterns) {
      for (const piece of pieces) pattern.exec(piece.repeat(Math.ceil(4000 / piece.length)));
    }
    assert.ok(patterns.length > 40);
  });

  it('keep nothing from one text to the next', () => {
    assert.deepEqual(
      patterns.filter(({ pattern }) => pattern.global || pattern.sticky).map(({ id }) => id),
      [],
    );
  });
});

describe('a diagnosis of a large release', () => {
  it('reads what was said of each object once', () => {
    const pods = Array.from({ length: 1500 }, (_, index) => ({
      ...crashed(1),
      object: { ...crashed(1).object, metadata: { name: `shop-${index}`, namespace: 'web' } },
    }));
    const view = viewOf([]);
    const [shop] = [deployment(pods)];
    const asked = new Map<SeenObject, number>();
    const children = new Map<SeenObject, readonly SeenObject[]>();
    for (const each of [shop, ...(shop.children ?? [])])
      children.set(
        each.object,
        (each.children ?? []).map((child) => child.object),
      );
    const { findings } = diagnose(
      {
        ...view,
        objects: [shop.object],
        childrenOf: (of) => children.get(of) ?? [],
        eventsOf: (of) => {
          asked.set(of, (asked.get(of) ?? 0) + 1);
          return [];
        },
      },
      '',
      new Date(since.getTime() + 120_000),
    );
    assert.equal(findings[0]?.count, 1500);
    assert.equal(asked.size, 1500 + 2);
    assert.ok([...asked.values()].every((count) => count === 1));
  });
});
