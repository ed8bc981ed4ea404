import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type { KubernetesObject } from '../../../tasks/common/cluster/client.ts';
import type { DoctorPlan } from '../../../tasks/common/doctor/plan.ts';
import type { SeenObject } from '../../../tasks/common/watching/view.ts';
import { ago, deployment, object, ownedBy, podStatuses as pods, type Seen } from '../health/played-view.ts';
import { doctorAt, PlayedWatch } from './played-watch.ts';

/** The kubelet's words for a name that is none (kubernetes, pkg/kubelet/images/image_manager.go). */
const waiting = { reason: 'InvalidImageName', message: 'Failed to apply default image tag "Contoso/Web:"' };
const badName = {
  ...pods.noImage,
  containerStatuses: [{ name: 'web', ready: false, restartCount: 0, image: 'Contoso/Web:', state: { waiting } }],
};
const changed = { metadata: { generation: 2 } };
const observed = { observedGeneration: 2 };
const shown = ({ root, children }: ReturnType<typeof deployment>) => ({ objects: [root], children });
const before = shown(deployment('shop', { availableReplicas: 3 }, [pods.ready, pods.ready, pods.ready]));
const made = (spec = {}) => deployment('shop', observed, [badName, badName, badName], { ...changed, spec });
const broken = shown(made());
const answersOf = (all: readonly SeenObject[]): Record<string, KubernetesObject> =>
  Object.fromEntries(all.map((each) => [`/api/v1/namespaces/web/pods/${each.metadata.name}`, each]));
const answers = answersOf(broken.children);

interface Case {
  readonly plan?: Partial<DoctorPlan>;
  readonly first?: Seen;
  readonly after?: Seen;
  readonly isOver?: boolean;
  readonly answers?: Record<string, KubernetesObject>;
}

/** Whether helm is told to stop, after more looks than it takes. */
async function isStopped({
  plan = {},
  first = before,
  after = broken,
  isOver = false,
  ...own
}: Case): Promise<boolean> {
  const played = new PlayedWatch(first);
  const { doctor } = doctorAt(played, { plan, waits: { tickMs: 3_600_000 }, answers: own.answers ?? answers });
  doctor.begin();
  const helm = await doctor.started(2);
  if (isOver) helm.ended();
  for (let looks = 0; looks < 4; looks += 1) {
    played.show(after);
    for (let turns = 0; turns < 5; turns += 1) await turn();
  }
  doctor.close();
  return helm.hopeless.aborted;
}

/** With another field in the metadata of each. */
const withMetadata = (objects: readonly SeenObject[], more: object): SeenObject[] =>
  objects.map((each) => ({ ...each, metadata: { ...each.metadata, ...more } }));

const job = object('Job', 'seed', { metadata: { creationTimestamp: ago(5) }, spec: {}, status: { active: 1 } });
const jobPod = object('Pod', 'seed-x2x7q', { metadata: ownedBy('Job', 'seed'), spec: {}, status: badName });
const jobs = { objects: [...before.objects, job], children: [...before.children, jobPod] };
const jobAnswers = { '/api/v1/namespaces/web/pods/seed-x2x7q': jobPod };
const wait = { timeoutMs: 600_000, strict: true };

const fail = () => {
  throw new Error('odd log');
};

describe('a doctor who sees that helm waits in vain', () => {
  it('tells it to stop when what cannot mend itself was seen at two looks, and the API server says so, too', async () => {
    const played = new PlayedWatch(before);
    const { doctor, said, heard, asked } = doctorAt(played, { waits: { tickMs: 3_600_000 }, answers });
    doctor.begin();
    const { hopeless } = await doctor.started(2);
    played.show(broken);
    assert.deepEqual([hopeless.aborted, asked], [false, []], said.join('\n'));
    played.show(broken);
    await heard(/^helm waits in vain for Deployment shop, so it is told to stop\.$/);
    assert.equal(hopeless.aborted, true);
    assert.match(asked.join(' '), /^\/api\/v1\/namespaces\/web\/pods\/shop-7d4f-\d$/);
    doctor.close();
  });

  it('lets it go on where the object is from before, or nobody wants an early end, or helm has ended', async () => {
    assert.equal(await isStopped({}), true);
    assert.equal(await isStopped({ first: broken }), false, 'left broken by an earlier run');
    assert.equal(await isStopped({ plan: { endEarly: false } }), false);
    assert.equal(await isStopped({ plan: { wait: { ...wait, strict: false } } }), false, 'only hooks are waited for');
    assert.equal(await isStopped({ isOver: true }), false);
  });

  it('lets it go on where the watch may be behind, or nothing can be asked', async () => {
    const newer = answersOf(withMetadata(broken.children, { resourceVersion: '2' }));
    assert.equal(await isStopped({ answers: newer }), false);
    assert.equal(await isStopped({ answers: {} }), false);
  });

  it('lets it go on where helm would be content all the same', async () => {
    assert.equal(await isStopped({ after: shown(made({ paused: true })) }), false, 'a Deployment that is paused');
    assert.equal(await isStopped({ after: jobs, answers: jobAnswers }), false, 'a Job');
    assert.equal(
      await isStopped({ after: jobs, answers: jobAnswers, plan: { wait: { ...wait, forJobs: true } } }),
      true,
    );
  });

  it('lets it go on where a pod says so since before the run', async () => {
    const children = withMetadata(broken.children, { creationTimestamp: ago(3600) });
    assert.equal(await isStopped({ after: { ...broken, children } }), false);
  });

  it('lets it go on until the controller has looked at what helm has made, and for what only takes long', async () => {
    // What is left of the roll-out before.
    const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
    const over = (generation: number, pod: Readonly<Record<string, unknown>> = pods.noImage) =>
      shown(deployment('shop', { ...observed, conditions }, [pod, pod, pod], { metadata: { generation } }));
    const path = '/apis/apps/v1/namespaces/web/deployments/shop';
    const of = (seen: typeof broken) => ({
      after: seen,
      answers: { [path]: seen.objects[0] ?? seen.children[0] ?? job },
    });
    assert.equal(await isStopped(of(over(2))), true);
    assert.equal(await isStopped(of(over(3))), false);
    assert.equal(await isStopped(of(over(2, pods.creating))), false, 'a large image that is being pulled');
    // The hash in its status is of the template before.
    const web = object('StatefulSet', 'db', {
      metadata: { generation: 2 },
      spec: { replicas: 1 },
      status: { observedGeneration: 1, updateRevision: 'old', replicas: 1 },
    });
    const labels = { 'controller-revision-hash': 'old' };
    const dbPod = object('Pod', 'db-0', {
      metadata: ownedBy('StatefulSet', 'db', { labels }),
      spec: {},
      status: badName,
    });
    const dbAnswers = { '/api/v1/namespaces/web/pods/db-0': dbPod };
    const [first] = withMetadata([web], { generation: 1 });
    const set = (root: SeenObject) => ({ objects: [root], children: [dbPod] });
    assert.equal(await isStopped({ first: set(first ?? web), after: set(web), answers: dbAnswers }), false);
    const seen = { ...web, status: { observedGeneration: 2, updateRevision: 'old', replicas: 1 } };
    assert.equal(await isStopped({ first: set(first ?? web), after: set(seen), answers: dbAnswers }), true);
  });

  it('is no harm where it fails itself', async () => {
    const played = new PlayedWatch(before);
    const watch = { ...played.watch, view: () => ({ ...played.watch.view(), logOf: fail }) };
    const { doctor, said, heard } = doctorAt({ watch }, { waits: { tickMs: 3_600_000 } });
    doctor.begin();
    const { hopeless } = await doctor.started(2);
    played.show(broken);
    await heard(/^The roll-out is not watched: odd log$/);
    assert.equal(hopeless.aborted, false, said.join('\n'));
    doctor.close();
  });
});
