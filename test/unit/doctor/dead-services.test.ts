import assert from 'node:assert/strict';
import type { SeenObject } from '../../../tasks/common/watching/view.ts';
import { deployment, object, podStatuses as pods } from '../health/played-view.ts';
import { doctorAt, PlayedWatch } from './played-watch.ts';

const labels = { app: 'shop' };
const { root, children } = deployment('shop', { availableReplicas: 3 }, [pods.ready, pods.ready, pods.ready]);
const shop: SeenObject = { ...root, spec: { ...Object(root['spec']), template: { metadata: { labels } } } };
const service = (app: string, more = {}): SeenObject =>
  object('Service', 'shop', { spec: { selector: { app }, clusterIP: '10.0.0.7', ...more } });
const sliceWith = (endpoints: readonly object[]): SeenObject =>
  object('EndpointSlice', 'shop-x2x7q', {
    metadata: { ownerReferences: [{ kind: 'Service', uid: 'Service/shop' }] },
    endpoints,
  });

/** What a doctor says and asks at the end of a release that is well. */
async function settled(front: SeenObject, endpoints: readonly object[], customKinds: readonly string[] = []) {
  const played = new PlayedWatch({ objects: [shop, front], children, customKinds });
  played.besides = [sliceWith(endpoints)];
  const { doctor, said } = doctorAt(played);
  doctor.begin();
  (await doctor.started(2)).ended();
  const reason = await doctor.settled(new AbortController().signal);
  doctor.close();
  assert.equal(reason, undefined);
  return { said: said.join('\n'), looksUp: played.asked.includes('look up') };
}

describe('a Service of a release that is deployed', () => {
  it('is warned of when it leads to no pod', async () => {
    const { said } = await settled(service('shpo'), []);
    assert.match(
      said,
      /Service 'shop' leads nowhere: no pod has the labels of its selector \(app=shpo\)\. Make spec\.selector/,
    );
  });

  it('is well where another release has its pods', async () => {
    assert.doesNotMatch((await settled(service('other'), [{ conditions: { ready: true } }])).said, /leads nowhere/);
  });

  it('costs no request where a workload of the release makes its pods, or it needs none, or somebody may make them later', async () => {
    for (const front of [service('shop'), service('shpo', { clusterIP: 'None' }), service('', { selector: {} })]) {
      assert.deepEqual(await settled(front, []), { said: '', looksUp: false });
    }
    assert.equal((await settled(service('shpo'), [], ['Kafka'])).said, '');
  });
});
