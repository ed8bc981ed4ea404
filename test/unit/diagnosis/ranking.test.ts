import assert from 'node:assert/strict';
import { diagnose } from '../../../tasks/common/diagnosis/diagnose.ts';
import { crashed, unscheduled } from './sample-pods.ts';
import {
  at,
  deployment,
  diagnosisOf,
  ended,
  objectOf,
  pod,
  running,
  type Sample,
  viewOf,
  waiting,
  web,
} from './sample-view.ts';

const causesOf = (samples: readonly Sample[], said = ''): string[] =>
  diagnosisOf(samples, said).findings.map(({ owner, cause }) => `${owner.name}: ${cause}`);

const noImage = (name: string): Sample =>
  pod({ name, status: web(waiting('InvalidImageName', "couldn't parse image name")) });
const late = {
  conditions: [
    {
      type: 'Progressing',
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      message: 'ReplicaSet "shop-6d4" has timed out progressing.',
      lastTransitionTime: at(60),
    },
  ],
};

/** A Job that failed so many seconds after the run began. */
const failedAt = (seconds: number): object => ({
  status: {
    conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', lastTransitionTime: at(seconds) }],
  },
});

const failedJob = (metadata: object, seconds: number): Sample => ({
  object: objectOf('Job', 'migrate', { metadata, ...failedAt(seconds) }),
  children: [pod({ name: 'migrate-1', status: { phase: 'Failed', ...web(ended(1)) } })],
});

/** A ReplicaSet of an Argo Rollout. */
const rolloutSet = (hash: string, pods: readonly Sample[]): Sample => ({
  object: objectOf('ReplicaSet', `shop-${hash}`, { metadata: { labels: { 'rollouts-pod-template-hash': hash } } }),
  children: pods,
});

describe('a diagnosis', () => {
  it('tells one cause of an object, the one that is behind the others', () => {
    const samples = [
      deployment([
        crashed(1),
        noImage('shop-6d4-b'),
        unscheduled('0/1 nodes are available: 1 Insufficient cpu.', { name: 'shop-6d4-c' }),
      ]),
    ];
    assert.deepEqual(causesOf(samples), ['shop: not-enough-resources']);
  });

  it('tells a cause for each object, the deepest first', () => {
    const samples = [deployment([crashed(1)], { name: 'cart' }), deployment([noImage('shop-6d4-a')])];
    assert.deepEqual(causesOf(samples), ['shop: image-name-invalid', 'cart: container-crashes']);
  });

  it('puts what helm was refused before everything else', () => {
    const said =
      'Error: UPGRADE FAILED: server-side apply failed for object web/cart v1, Kind=ConfigMap: ConfigMap "cart" is invalid: data: Forbidden: field is immutable when `immutable` is set';
    assert.deepEqual(causesOf([deployment([noImage('shop-6d4-a')])], said), [
      'cart: field-immutable',
      'shop: image-name-invalid',
    ]);
  });

  it('counts the pods that show the same, and keeps little of their evidence', () => {
    const pods = Array.from({ length: 40 }, (_, index) => noImage(`shop-6d4-${index}`));
    const [finding] = diagnosisOf([deployment(pods)]).findings;
    assert.equal(finding?.count, 40);
    assert.ok((finding?.evidence.length ?? 0) <= 6);
  });

  it('tells the cause of pods, not that their time was up, which makes it final', () => {
    const samples = [deployment([crashed(1)], { status: late })];
    const [finding] = diagnosisOf(samples).findings;
    assert.equal(finding?.cause, 'container-crashes');
    assert.equal(finding?.canMend, false);
    assert.equal(diagnosisOf([deployment([crashed(1)])]).findings[0]?.canMend, true);
  });

  it('tells that the time was up where nothing else is known', () => {
    const slow = pod({ status: web(waiting('ContainerCreating')) });
    const [finding] = diagnosisOf([
      deployment([slow], { status: late, spec: { progressDeadlineSeconds: 60 } }),
    ]).findings;
    assert.equal(finding?.cause, 'progress-deadline');
    assert.match(finding?.what ?? '', /progressDeadlineSeconds \(60\)/);
  });

  it('does not when nodes are being added', () => {
    const scaleUp = { type: 'Normal' as const, reason: 'TriggeredScaleUp', message: 'pod triggered scale-up' };
    const waits = unscheduled('0/1 nodes are available: 1 Insufficient cpu.', { events: [scaleUp] });
    assert.deepEqual(causesOf([deployment([waits], { status: late })]), []);
  });

  it('tells what was normal before when the time is up', () => {
    const view = viewOf([deployment([pod({ status: web(running(at(118))) })])]);
    const now = new Date(at(120));
    const causeIds = (said: string, isOver?: boolean): string[] =>
      diagnose(view, said, now, isOver).findings.map(({ cause }) => cause);
    assert.deepEqual(causeIds(''), []);
    assert.deepEqual(causeIds('', true), ['never-ready']);
    assert.deepEqual(causeIds('Error: context deadline exceeded'), ['never-ready']);
    assert.deepEqual(causeIds('Error: UPGRADE FAILED: something else'), []);
  });

  it('looks at pods of the new revision alone', () => {
    const fresh = pod({ status: web(running(at(118))) });
    assert.deepEqual(causesOf([deployment([fresh], { old: [crashed(1), noImage('shop-old-b')] })]), []);
  });

  it('does so for a Rollout of Argo, too', () => {
    const object = objectOf('Rollout', 'shop', { status: { currentPodHash: '7f9', phase: 'Progressing' } });
    assert.deepEqual(
      causesOf([{ object, children: [rolloutSet('7f9', [noImage('shop-7f9-a')]), rolloutSet('6d4', [crashed(1)])] }]),
      ['shop: image-name-invalid'],
    );
  });

  it('looks at what was said since the run began alone', () => {
    const message =
      'Error creating: pods "shop-6d4" is forbidden: exceeded quota: team, requested: pods=1, used: pods=4, limited: pods=4';
    const stale = { reason: 'FailedCreate', message, lastAt: new Date(at(-30)) };
    assert.deepEqual(causesOf([deployment([], { setEvents: [stale] })]), []);
    assert.deepEqual(causesOf([deployment([], { setEvents: [{ ...stale, lastAt: new Date(at(3)) }] })]), [
      'shop: quota-exceeded',
    ]);
    const condition = (seconds: number): object => ({
      conditions: [
        { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message, lastTransitionTime: at(seconds) },
      ],
    });
    assert.deepEqual(causesOf([deployment([], { setStatus: condition(-30) })]), []);
    assert.deepEqual(causesOf([deployment([], { setStatus: condition(3) })]), ['shop: quota-exceeded']);
  });

  it('does not take a hook, or a Job, that failed in an earlier run for one of this', () => {
    const annotations = { 'helm.sh/hook': 'pre-upgrade' };
    assert.deepEqual(causesOf([failedJob({ annotations, creationTimestamp: at(-90) }, -60)]), []);
    assert.deepEqual(causesOf([failedJob({ annotations, creationTimestamp: at(3) }, 30)]), ['migrate: hook-failed']);
    assert.deepEqual(causesOf([failedJob({ creationTimestamp: at(-90) }, -60)]), []);
    assert.deepEqual(causesOf([failedJob({ creationTimestamp: at(-90) }, 30)]), ['migrate: container-crashes']);
  });

  it('says nothing of an object that has all that it wants', () => {
    const status = { updatedReplicas: 1, availableReplicas: 1, unavailableReplicas: 0 };
    assert.deepEqual(causesOf([deployment([crashed(1)], { status })]), []);
  });

  it('says nothing of what a CronJob starts', () => {
    assert.deepEqual(causesOf([{ object: objectOf('CronJob', 'nightly'), children: [crashed(1)] }]), []);
  });

  it('shows what fits no cause as it is', () => {
    const events = [{ reason: 'FailedMapVolume', message: 'rpc error: something new' }];
    const odd = pod({ status: web(waiting('ContainerCreating')), events });
    const { findings, unexplained } = diagnosisOf([deployment([odd])]);
    assert.deepEqual(findings, []);
    assert.deepEqual(
      unexplained.map(({ owner, evidence }) => [owner.name, evidence.map(({ said }) => said)]),
      [['shop', ['FailedMapVolume: rpc error: something new']]],
    );
  });

  it("shows helm's words where nothing else is known", () => {
    const { unexplained } = diagnosisOf([], 'Error: UPGRADE FAILED: something new');
    assert.deepEqual(unexplained, [
      {
        owner: { kind: 'Release', name: 'shop', namespace: 'web' },
        evidence: [
          {
            object: { kind: 'Release', name: 'shop', namespace: 'web' },
            where: 'helm',
            said: 'Error: UPGRADE FAILED: something new',
            at: undefined,
          },
        ],
      },
    ]);
  });

  it('shows what was still under way when the time was up', () => {
    const pulls = pod({
      status: web(waiting('ContainerCreating')),
      events: [{ type: 'Normal', reason: 'Pulling', message: 'Pulling image "contoso.azurecr.io/shop:1"' }],
    });
    const { unexplained } = diagnosisOf([deployment([pulls])], 'Error: context deadline exceeded');
    assert.deepEqual(
      unexplained[0]?.evidence.map(({ said }) => said),
      ['ContainerCreating', 'Pulling: Pulling image "contoso.azurecr.io/shop:1"'],
    );
  });

  it('has nothing to show of a roll-out under way', () => {
    const begins = pod({ status: web(waiting('ContainerCreating')) });
    const runs = pod({ name: 'shop-6d4-b', status: web(running(at(118))) });
    assert.deepEqual(diagnosisOf([deployment([begins, runs])]), { findings: [], unexplained: [] });
  });
});
