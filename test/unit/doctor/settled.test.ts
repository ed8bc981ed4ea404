import assert from 'node:assert/strict';
import type { SeenObject } from '../../../tasks/common/watching/view.ts';
import { ago, deployment, object, podStatuses as pods, type Seen } from '../health/played-view.ts';
import { doctorAt, PlayedWatch } from './played-watch.ts';

const never = new AbortController().signal;
const up = { observedGeneration: 2, availableReplicas: 3 };
const changed = { metadata: { generation: 2 } };
const before = deployment('shop', { availableReplicas: 3 }, [pods.ready, pods.ready, pods.ready]);
const well = deployment('shop', up, [pods.ready, pods.ready, pods.ready], changed);
const lacks = (pod: Readonly<Record<string, unknown>>, more = {}) =>
  deployment('shop', { ...up, availableReplicas: 2 }, [pods.ready, pods.ready, pod], { ...changed, ...more });

type Made = ReturnType<typeof deployment>;
const shown = (...all: readonly Made[]): Seen => ({
  objects: all.map(({ root }) => root),
  children: all.flatMap(({ children }) => children),
});

const places: Readonly<Record<string, string>> = {
  Deployment: '/apis/apps/v1/namespaces/web/deployments',
  Rollout: '/apis/argoproj.io/v1alpha1/namespaces/web/rollouts',
  Canary: '/apis/flagger.app/v1beta1/namespaces/web/canaries',
};
const answersOf = (objects: readonly SeenObject[] = []) =>
  Object.fromEntries(objects.map((each) => [`${places[each.kind]}/${each.metadata.name}`, each]));

/** What a doctor says at the end of a release that helm calls deployed, and what it said until then. */
async function settled(
  seen: Seen,
  { first = shown(before), timeoutMs = 0 }: { first?: Seen; timeoutMs?: number } = {},
) {
  const played = new PlayedWatch(first);
  const plan = { wait: { timeoutMs, strict: true } };
  const { doctor, said } = doctorAt(played, { plan, answers: answersOf(seen.objects) });
  doctor.begin();
  (await doctor.started(2)).ended();
  played.show(seen);
  const reason = await doctor.settled(never);
  doctor.close();
  return { reason, said: said.join('\n') };
}

const passes = async (seen: Seen, why: RegExp): Promise<void> => {
  const { reason, said } = await settled(seen);
  assert.equal(reason, undefined);
  assert.match(said, why);
};

describe('a release that helm calls deployed, when the time is up', () => {
  it('is good where what is missing is only slow', async () => {
    const slow =
      /^The time is up; helm is content, and nothing speaks against what goes on: Deployment shop 2 of 3 pods/m;
    await passes(shown(lacks(pods.creating)), slow);
    await passes(shown(lacks(pods.runs)), slow);
    const events = { 'shop-7d4f-2': [{ reason: 'TriggeredScaleUp' }] };
    await passes({ ...shown(lacks(pods.waitsForNode)), events }, /a node that is being added/);
    // Pods may not be listed: nobody knows what is wrong with one.
    await passes({ objects: shown(lacks(pods.crashes)).objects ?? [] }, slow);
    // One that was evicted stays as it was, and the one in its place starts.
    const evicted = deployment(
      'shop',
      { ...up, availableReplicas: 2 },
      [pods.ready, pods.ready, { ...pods.evicted, conditions: [] }, pods.creating],
      changed,
    );
    await passes(shown(evicted), slow);
  });

  it('is good where an autoscaler wants more pods than the chart', async () => {
    const seen = shown(lacks(pods.waitsForNode));
    await passes({ ...seen, chartReplicas: { shop: 2 } }, /1 pod waits for a node/);
    assert.match((await settled({ ...seen, chartReplicas: { shop: 3 } })).reason ?? '', /1 pod waits for a node/);
  });

  it('is good where the canary is still on its way', async () => {
    const rollout = object('Rollout', 'shop', {
      metadata: { creationTimestamp: ago(5) },
      spec: { strategy: { canary: { steps: [{ pause: { duration: '1h' } }] } } },
      status: { observedGeneration: '1', phase: 'Paused', pauseConditions: [{ reason: 'CanaryPauseStep' }] },
    });
    await passes({ objects: [rollout] }, /Rollout shop 0 of 1 pod \(it is paused\)/);
    await passes({ objects: [canary] }, /Canary shop \(it is Progressing\)/);
  });

  it('has failed where something is wrong', async () => {
    for (const bad of [pods.crashes, pods.noImage, pods.noConfig, pods.waitsForNode]) {
      assert.match((await settled(shown(lacks(bad)))).reason ?? '', /^helm calls revision 2 deployed, but/);
    }
  });
});

const canary = object('Canary', 'shop', {
  metadata: { creationTimestamp: ago(5) },
  status: { phase: 'Progressing' },
});

const api = (pod: Readonly<Record<string, unknown>>) =>
  deployment('api', { replicas: 1, updatedReplicas: 1, availableReplicas: pod === pods.ready ? 1 : 0 }, [pod], {
    spec: { replicas: 1 },
    metadata: { creationTimestamp: ago(5) },
  });

describe('a release that helm calls deployed', () => {
  const hour = { timeoutMs: 3_600_000 };
  it('is good though something is broken that was so before, and that helm has not changed', async () => {
    const old = deployment('api', { availableReplicas: 2 }, [pods.ready, pods.ready, pods.crashes]);
    const first = shown(before, old);
    assert.equal((await settled(shown(well, old), { ...hour, first })).reason, undefined);
    const touched = deployment('api', { ...up, availableReplicas: 2 }, [pods.ready, pods.ready, pods.crashes], changed);
    assert.match((await settled(shown(well, touched), { first })).reason ?? '', /Deployment api 2 of 3 pods/);
  });

  it('has no answer when the run is cancelled while the API server is asked', async () => {
    const cancel = new AbortController();
    const client = {
      get: async () => {
        cancel.abort(new Error('cancelled'));
        return undefined;
      },
    };
    const played = new PlayedWatch(shown(before));
    const { doctor } = doctorAt(played, { plan: { wait: { timeoutMs: 0, strict: true }, client } });
    doctor.begin();
    (await doctor.started(2)).ended();
    played.show(shown(lacks(pods.crashes)));
    await assert.rejects(doctor.settled(cancel.signal), /cancelled/);
    doctor.close();
  });

  it('counts a canary that failed before as changed with its target', async () => {
    const failed = object('Canary', 'shop', {
      spec: { targetRef: { kind: 'Deployment', name: 'shop' } },
      status: { phase: 'Failed', lastTransitionTime: ago(5) },
    });
    const of = shown(well);
    const first = { ...shown(before), objects: [...(shown(before).objects ?? []), failed] };
    const seen = { ...of, objects: [...(of.objects ?? []), failed] };
    assert.match((await settled(seen, { ...hour, first })).reason ?? '', /Canary shop \(flagger calls it failed/);
    const untouched = await settled(first, { ...hour, first });
    assert.equal(untouched.reason, undefined);
  });

  it('waits for nothing twice: what was ready once may change', async () => {
    const played = new PlayedWatch(shown(before));
    const { doctor, heard } = doctorAt(played);
    doctor.begin();
    (await doctor.started(2)).ended();
    played.show(shown(well, api(pods.creating)));
    const settling = doctor.settled(never);
    await heard(/^helm is done; still waited for: Deployment api/);
    played.show(shown(lacks(pods.waitsForNode), api(pods.ready)));
    assert.equal(await settling, undefined);
    doctor.close();
  });
});
