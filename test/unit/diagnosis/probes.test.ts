import { type Case, holds } from './cases.ts';
import { crashed } from './sample-pods.ts';
import { at, deployment, ended, pod, running, type SampleEvent, waiting, web } from './sample-view.ts';

/** kubernetes, pkg/kubelet/kuberuntime/kuberuntime_container.go and pkg/kubelet/prober. */
const killed: SampleEvent = {
  type: 'Normal',
  reason: 'Killing',
  message: 'Container web failed liveness probe, will be restarted',
  count: 3,
};
const livenessFails: SampleEvent = {
  reason: 'Unhealthy',
  message: 'Liveness probe failed: HTTP probe failed with statuscode: 404',
  count: 9,
};
const readinessFails: SampleEvent = {
  reason: 'Unhealthy',
  message:
    'Readiness probe failed: Get "http://10.0.0.7:8080/ready": dial tcp 10.0.0.7:8080: connect: connection refused',
};
const livenessSpec = { containers: [{ name: 'web', livenessProbe: { httpGet: { path: '/healthz', port: 8080 } } }] };

const cases: readonly Case[] = [
  {
    it: 'probe-kills, which looks like a crash',
    samples: [deployment([crashed(137, { events: [killed, livenessFails], spec: livenessSpec })])],
    cause: 'probe-kills',
    says: [/liveness probe fails \(HTTP probe failed with statuscode: 404\)/, /GET \/healthz on port 8080/],
  },
  {
    it: 'container-crashes that a probe only met',
    samples: [deployment([crashed(2, { events: [killed] })])],
    cause: 'container-crashes',
  },
  {
    it: 'never-ready, which is silent',
    samples: [deployment([pod({ status: web(running()), events: [readinessFails] })])],
    cause: 'never-ready',
    says: [/connection refused/],
  },
  {
    it: 'never-ready of a command that says nothing',
    samples: [
      deployment([
        pod({ status: web(running()), events: [{ reason: 'Unhealthy', message: 'Readiness probe failed: ' }] }),
      ]),
    ],
    cause: 'never-ready',
    says: [/never gets ready\./],
  },
  {
    it: 'never-ready of a startup probe that has not killed yet',
    samples: [
      deployment([
        pod({
          status: web(running()),
          events: [{ reason: 'Unhealthy', message: 'Startup probe failed: HTTP probe failed with statuscode: 503' }],
        }),
      ]),
    ],
    cause: 'never-ready',
    says: [/never gets ready \(HTTP probe failed with statuscode: 503\)/],
  },
  {
    it: 'no never-ready before the deadline that the probe gives',
    samples: [
      deployment([
        pod({
          spec: {
            containers: [
              { name: 'web', readinessProbe: { initialDelaySeconds: 60, periodSeconds: 10, failureThreshold: 6 } },
            ],
          },
          status: web(running()),
          events: [readinessFails],
        }),
      ]),
    ],
    cause: undefined,
  },
  {
    it: 'readiness-gate',
    samples: [
      deployment([
        pod({
          spec: { readinessGates: [{ conditionType: 'contoso.com/in-service' }] },
          status: {
            ...web(running(), { ready: true }),
            conditions: [
              { type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady' },
              { type: 'ContainersReady', status: 'True' },
              { type: 'contoso.com/in-service', status: 'False', lastTransitionTime: at(5) },
            ],
          },
        }),
      ]),
    ],
    cause: 'readiness-gate',
    says: [/'contoso\.com\/in-service'/],
  },
  {
    it: 'init-container that fails, not the ones that wait for it',
    samples: [
      deployment([
        pod({
          spec: { initContainers: [{ name: 'migrate' }] },
          status: {
            initContainerStatuses: [
              { name: 'migrate', restartCount: 3, state: waiting('CrashLoopBackOff'), lastState: ended(7) },
            ],
            ...web(waiting('PodInitializing')),
          },
        }),
      ]),
    ],
    cause: 'init-container',
    says: [/Init container 'migrate'/, /exit code 7/],
  },
  {
    it: 'init-container that never ends',
    samples: [
      deployment([
        pod({
          spec: { initContainers: [{ name: 'wait-for-db' }] },
          status: {
            initContainerStatuses: [{ name: 'wait-for-db', ready: false, state: running(at(3)) }],
            ...web(waiting('PodInitializing')),
          },
        }),
      ]),
    ],
    after: 300,
    cause: 'init-container',
    says: [/does not end/],
  },
  {
    it: 'none for an init container that has just begun',
    samples: [
      deployment([
        pod({
          spec: { initContainers: [{ name: 'wait-for-db' }] },
          status: {
            initContainerStatuses: [{ name: 'wait-for-db', ready: false, state: running(at(100)) }],
            ...web(waiting('PodInitializing')),
          },
        }),
      ]),
    ],
    cause: undefined,
  },
];

describe('a pod that is not ready has the cause', () => {
  holds(cases);
});
