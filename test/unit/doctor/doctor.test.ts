import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import type { DoctorPlan } from '../../../tasks/common/doctor/plan.ts';
import { ago, deployment, object, podStatuses as pods } from '../health/played-view.ts';
import { doctorAt, PlayedWatch } from './played-watch.ts';

const never = new AbortController().signal;
/** The kubelet's words for a name that is none (kubernetes, pkg/kubelet/images/image_manager.go). */
const badName = {
  ...pods.noImage,
  containerStatuses: [
    {
      name: 'web',
      ready: false,
      restartCount: 0,
      image: 'Contoso/Web:',
      state: { waiting: { reason: 'InvalidImageName', message: 'Failed to apply default image tag "Contoso/Web:"' } },
    },
  ],
};
const before = deployment('shop', { availableReplicas: 3 }, [pods.ready, pods.ready, pods.ready]);
const changed = { metadata: { generation: 2 } };
const observed = { observedGeneration: 2 };
const broken = deployment('shop', observed, [badName, badName, badName], changed);
const well = deployment('shop', { ...observed, availableReplicas: 3 }, [pods.ready, pods.ready, pods.ready], changed);
const oldPod = { ...observed, replicas: 4, availableReplicas: 4 };
const leaving = deployment('shop', oldPod, [pods.ready, pods.ready, pods.ready], changed);
const lacking = deployment(
  'shop',
  { ...observed, availableReplicas: 2 },
  [pods.ready, pods.ready, pods.crashes],
  changed,
);
const shown = ({ root, children }: typeof before) => ({ objects: [root], children });

const fail = () => {
  throw new Error('no such cluster');
};

/** A doctor at a release that helm has just made so. */
const at = async (seen: typeof before, bench: Parameters<typeof doctorAt>[1] = {}) => {
  const played = new PlayedWatch(shown(before));
  const made = doctorAt(played, bench);
  made.doctor.begin();
  const helm = await made.doctor.started(2);
  played.show(shown(seen));
  helm.ended();
  return { ...made, played };
};

describe('a doctor at a roll-out', () => {
  it('begins before helm, tells what changes, and says a sign of life where nothing does', async () => {
    const played = new PlayedWatch(shown(before));
    const { doctor, said, heard } = doctorAt(played, { waits: { beatMs: 20 } });
    doctor.begin();
    assert.deepEqual(played.asked, ['start']);
    assert.equal(doctor.isTelling, false);
    await doctor.started(2);
    assert.deepEqual(played.asked, ['start', 'expect 2']);
    assert.equal(doctor.isTelling, true);
    played.show(shown(deployment('shop', observed, [pods.creating, pods.creating, pods.waitsForNode], changed)));
    await heard(/^Deployment shop: 0 of 3 pods ready; 1 pod waits for a node, 2 pods start\.$/);
    await heard(
      /^After \d+ s: 0 of 1 object is ready; Deployment shop 0 of 3 pods \(1 pod waits for a node, 2 pods start\)\.$/,
    );
    doctor.close();
    assert.equal(played.asked.at(-1), 'close');
    const told = said.length;
    for (let turns = 0; turns < 20; turns += 1) await turn();
    assert.equal(said.length, told);
  });

  it('tells what failing containers print, and the same lines only once', async () => {
    const played = new PlayedWatch(shown(before));
    played.printed = { 'shop-7d4f-0/web': { previous: true, lines: ['10:00:01 boot', '##vso[task.complete]'] } };
    const { doctor, said, heard } = doctorAt(played);
    doctor.begin();
    await doctor.started(2);
    const crashing = (restartCount: number, lines: string[]) => {
      const [container = {}] = (pods.crashes['containerStatuses'] ?? []) as object[];
      const status = { ...pods.crashes, containerStatuses: [{ ...container, restartCount }] };
      played.printed = { 'shop-7d4f-0/web': { previous: true, lines } };
      played.show(shown(deployment('shop', observed, [status], changed)));
    };
    crashing(1, ['10:00:01 boot', 'no database']);
    await heard(/^ {2}\| no database$/);
    crashing(2, ['10:00:31 boot', 'no database', 'gave up']);
    await heard(/^ {2}\| gave up$/);
    assert.deepEqual(
      said.filter((line) => /printed|^ {2}\|/.test(line)),
      [
        'Pod shop-7d4f-0, container web (exit code 1), printed last:',
        '  | 10:00:01 boot',
        '  | no database',
        'Pod shop-7d4f-0, container web (exit code 1), printed last:',
        '  | gave up',
      ],
    );
    doctor.close();
  });

  it('says why it failed from what it reads before anything is undone, and keeps that', async () => {
    const played = new PlayedWatch(shown(before));
    const { doctor } = doctorAt(played);
    doctor.begin();
    await doctor.started(2);
    played.show(shown(broken));
    assert.match(await doctor.failed('Error: timed out'), /^Deployment 'shop' has an image whose name is not valid/);
    assert.ok(played.asked.includes('look up'));
    played.show(shown(well));
    const report = doctor.report();
    assert.deepEqual(
      report?.diagnosis.findings.map(({ cause }) => cause),
      ['image-name-invalid'],
    );
    assert.deepEqual(
      report?.statuses.map(({ health }) => health.state),
      ['progressing'],
    );
    assert.ok((report?.timeline.length ?? 0) > 0);
    doctor.close();
  });

  it('changes nothing when it cannot look at all, and says so in one line', async () => {
    const { watch } = new PlayedWatch();
    const ways: DoctorPlan['watch'][] = [
      { ...watch, start: async () => fail() },
      { ...watch, view: fail },
      { ...watch, expect: fail },
    ];
    for (const way of ways) {
      const { doctor, said } = doctorAt({ watch: way });
      doctor.begin();
      const helm = await doctor.started(2);
      helm.ended();
      assert.equal(await doctor.settled(never), undefined);
      assert.equal(await doctor.failed('Error: it did not work'), '');
      assert.equal(helm.hopeless.aborted, false);
      assert.equal(doctor.isTelling, false);
      assert.equal(doctor.report(), undefined);
      assert.deepEqual(said, ['The roll-out is not watched: no such cluster']);
      doctor.close();
    }
  });

  it('says once what it cannot see', async () => {
    const blind = ["Of namespace 'web' these are not seen: events: no right."];
    const played = new PlayedWatch({ ...shown(before), blind });
    const { doctor, said, heard } = doctorAt(played);
    doctor.begin();
    await doctor.started(2);
    await heard(/^Not all of the roll-out is seen\. Of namespace 'web' these are not seen: events: no right\.$/);
    played.show({ ...shown(broken), blind });
    await heard(/^Deployment shop/);
    assert.equal(said.filter((line) => line.startsWith('Not all')).length, 1);
    doctor.close();
  });
});

describe('a doctor at a release that helm calls deployed', () => {
  const path = '/apis/apps/v1/namespaces/web/deployments/shop';
  it('is done at once, without a request, when all is well', async () => {
    const { doctor, played, asked } = await at(well);
    assert.equal(await doctor.settled(never), undefined);
    assert.deepEqual([asked, played.asked], [[], ['start', 'expect 2']]);
    doctor.close();
  });

  it('waits for the last old pod to go', async () => {
    const { doctor, played, heard } = await at(leaving);
    const settled = doctor.settled(never);
    await heard(/^helm is done; still waited for: Deployment shop 3 of 3 pods \(1 old pod is still there\)\.$/);
    played.show(shown(well));
    assert.equal(await settled, undefined);
    doctor.close();
  });

  it('tells what is missing when the time is up, and asks the API server itself before', async () => {
    const plan = { wait: { timeoutMs: 0, strict: true } };
    const { doctor } = await at(lacking, { plan, answers: { [path]: lacking.root } });
    assert.equal(
      await doctor.settled(never),
      'helm calls revision 2 deployed, but it is not all there: Deployment shop 2 of 3 pods (1 pod crashes with exit code 1).',
    );
    doctor.close();
    // A watch that broke shows what was, and one that cannot ask knows nothing.
    for (const answers of [{ [path]: well.root }, {}]) {
      const stale = await at(lacking, { plan, answers });
      assert.equal(await stale.doctor.settled(never), undefined);
      stale.doctor.close();
    }
  });

  it('waits no longer for what failed for good at two looks', async () => {
    const pod = object('Pod', 'single', { metadata: { creationTimestamp: ago(5) }, status: pods.failed });
    const answers = { '/api/v1/namespaces/web/pods/single': pod };
    const { doctor, played } = await at(before, { answers });
    played.show({ objects: [pod] });
    assert.match((await doctor.settled(never)) ?? '', /Pod single \(failed with exit code 3\)\.$/);
    doctor.close();
  });

  it('does not wait where nobody wants it, and ends with the run', async () => {
    const lenient = await at(leaving, { plan: { wait: { timeoutMs: 600_000, strict: false } } });
    assert.equal(await lenient.doctor.settled(never), undefined);
    lenient.doctor.close();
    const cancel = new AbortController();
    const { doctor } = await at(leaving, { waits: { tickMs: 3_600_000 } });
    const settled = doctor.settled(cancel.signal);
    const ended = assert.rejects(settled, /cancelled/);
    cancel.abort(new Error('cancelled'));
    await ended;
    doctor.close();
  });
});
