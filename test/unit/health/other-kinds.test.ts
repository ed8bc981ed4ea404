import type { SeenObject } from '../../../tasks/common/watching/view.ts';
import { ago, deployment, object, ownedBy, podStatuses as pods, type Seen } from './played-view.ts';
import { check } from './told.ts';

const condition = (type: string, status: string, reason = '') => ({ conditions: [{ type, status, reason }] });
const hook = { annotations: { 'helm.sh/hook': 'pre-upgrade' } };

const job = (status: object, metadata = {}) => object('Job', 'migrate', { spec: { completions: 1 }, status, metadata });
const pod = (status: object) =>
  object('Pod', 'migrate-x', { metadata: ownedBy('Job', 'migrate'), spec: { nodeName: 'node-1' }, status });
const hookPod = (status: object) => object('Pod', 'hook', { metadata: hook, spec: { nodeName: 'node-1' }, status });
const claim = (phase: string) => object('PersistentVolumeClaim', 'data', { status: { phase } });

describe('the health of Jobs, hooks and claims', () => {
  check('ready (optional)', job(condition('Complete', 'True')));
  check('progressing: it runs (optional)', job({}), { children: [pod(pods.ready)] });
  check('progressing: 1 pod crashes with exit code 1 (optional)', job({}), { children: [pod(pods.crashes)] });
  check('failed: BackoffLimitExceeded (optional)', job(condition('Failed', 'True', 'BackoffLimitExceeded')));
  check('progressing: it runs (optional)', job({}, hook), { children: [pod(pods.succeeded)] });
  const many = object('Job', 'many', { spec: { completions: 4 }, status: { succeeded: 3 } });
  check('progressing 3/4: it runs (optional)', many);
  check('progressing: it is suspended (optional)', object('Job', 'held', { spec: { suspend: true } }));
  check('ready (optional)', object('CronJob', 'nightly'));
  check('progressing: it runs (optional)', hookPod(pods.ready));
  check('ready (optional)', hookPod(pods.succeeded));
  check('failed: failed with exit code 3 (optional)', hookPod(pods.failed));

  check('ready', claim('Bound'));
  check('failed: its volume is lost', claim('Lost'));
  check('progressing: it has no volume yet', claim('Pending'));
  check('progressing: it is bound when a pod uses it', claim('Pending'), {
    events: { data: [{ reason: 'WaitForFirstConsumer', type: 'Normal' }] },
  });
});

const service = (type: string, rest: object = {}, status: object = {}) =>
  object('Service', 'shop', { spec: { type, ...rest }, status });
const address = { loadBalancer: { ingress: [{ ip: '20.1.2.3' }] } };
const scaler = (status: string) =>
  object('HorizontalPodAutoscaler', 'shop', {
    status: condition('ScalingActive', status, 'FailedGetResourceMetric'),
  });

describe('the health of what leads to pods, and of foreign kinds', () => {
  check('nothing', service('ClusterIP'));
  check('progressing: it has no address yet', service('LoadBalancer'));
  check('ready', service('LoadBalancer', {}, address));
  check('ready', service('LoadBalancer', { externalIPs: ['10.0.0.1'] }));
  check('nothing', { ...service('LoadBalancer'), apiVersion: 'serving.knative.dev/v1' });
  check('progressing: it has no address yet (optional)', object('Ingress', 'shop'));
  check('ready (optional)', object('Ingress', 'shop', { status: address }));
  check('ready (optional)', scaler('True'));
  check('progressing: it does not scale: FailedGetResourceMetric (optional)', scaler('False'));
  check('nothing', object('ConfigMap', 'shop'));
  check('nothing', object('ExternalSecret', 'plain', { status: {} }));
  check('ready (optional)', object('ExternalSecret', 'db', { status: condition('Ready', 'True') }));
  check(
    'progressing: it is not Ready: SecretSyncedError (optional)',
    object('ExternalSecret', 'db', { status: condition('Ready', 'False', 'SecretSyncedError') }),
  );
  check(
    'progressing: it is not Ready: \\u{1b}[31m##vso (optional)',
    object('ExternalSecret', 'odd', { status: condition('Ready', 'False', '\u001B[31m##vso') }),
  );
});

const rollout = (status: object, spec: object = {}) =>
  object('Rollout', 'shop', {
    metadata: { generation: 4 },
    spec: { replicas: 5, ...spec },
    status: { observedGeneration: '4', updatedReplicas: 5, availableReplicas: 5, ...status },
  });
const steps = (pause: object) => ({ strategy: { canary: { steps: [{ setWeight: 20 }, { pause }] } } });
const target = deployment('shop', { replicas: 0, updatedReplicas: 0 }, [], { spec: { replicas: 0 } });
const canary = (status: object) =>
  object('Canary', 'shop', { spec: { targetRef: { kind: 'Deployment', name: 'shop' } }, status });
const seen = (status: object): [SeenObject, Seen] => {
  const made = canary(status);
  return [made, { objects: [made, target.root], children: target.children }];
};

describe("the health of an Argo Rollout and of Flagger's Canary", () => {
  check('ready 5/5', rollout({ phase: 'Healthy' }));
  check('progressing 5/5: its controller has not seen it yet', rollout({ phase: 'Healthy', observedGeneration: '3' }));
  check(
    'failed 5/5: it is degraded: ProgressDeadlineExceeded: too slow',
    rollout({ phase: 'Degraded', message: 'ProgressDeadlineExceeded: too slow' }),
  );
  check(
    'progressing 1/5: it is on its way: more replicas need to be updated',
    rollout({ phase: 'Progressing', message: 'more replicas need to be updated', updatedReplicas: 1 }),
  );
  const paused = {
    phase: 'Paused',
    message: 'CanaryPauseStep',
    updatedReplicas: 1,
    currentStepIndex: 1,
    pauseConditions: [{ reason: 'CanaryPauseStep' }],
  };
  check('progressing 1/5: it is paused: CanaryPauseStep', rollout(paused, steps({ duration: '30s' })));
  check(
    'progressing 1/5: it is paused until somebody promotes it: CanaryPauseStep (optional)',
    rollout(paused, steps({})),
  );

  // The ReplicaSet is 30 s old.
  check('progressing: flagger has not begun with it yet', ...seen({ phase: 'Succeeded', lastTransitionTime: ago(40) }));
  check('ready', ...seen({ phase: 'Succeeded', lastTransitionTime: ago(10) }));
  check(
    'failed: flagger calls it failed, and took the traffic back',
    ...seen({ phase: 'Failed', lastTransitionTime: ago(10) }),
  );
  check(
    'progressing: it is Progressing with 20 % of the traffic',
    ...seen({ phase: 'Progressing', canaryWeight: 20, lastTransitionTime: ago(10) }),
  );
  check(
    'progressing: it is WaitingPromotion (optional)',
    ...seen({ phase: 'WaitingPromotion', lastTransitionTime: ago(10) }),
  );
  check('ready', canary({ phase: 'Initialized', lastTransitionTime: ago(900) }));
});
