import type { KubernetesObject } from '../azure/index.ts';

const worker = {
  apiVersion: 'fabrikam.example/v1',
  kind: 'Worker',
  name: 'crawler',
  uid: '5f3d7a10-2b6c-4a55-9d0e-7c1b2a3d4e5f',
};

/** What else lives in a namespace: pods that belong to nobody's release, every second one finished, and who made them. */
export function* crowd(namespace: string, pods: number): Generator<KubernetesObject> {
  const { apiVersion, kind, name, uid } = worker;
  yield { apiVersion, kind, metadata: { name, namespace, uid } };
  for (let index = 0; index < pods; index += 1) yield foreignPod(namespace, index);
}

function foreignPod(namespace: string, index: number): KubernetesObject {
  const name = `crawler-${String(index).padStart(5, '0')}`;
  const isOver = index % 2 === 0;
  const time = '2026-11-20T08:00:00Z';
  const state = isOver
    ? { terminated: { exitCode: 0, reason: 'Completed', startedAt: time, finishedAt: time } }
    : { running: { startedAt: time } };
  const image = 'fabrikam.azurecr.io/crawler:2.4.1';
  const env = Array.from({ length: 20 }, (_, at) => ({ name: `SETTING_${at}`, value: `value-${at}-of-${name}` }));
  const container = { name: 'crawler', image, env, resources: { requests: { cpu: '10m', memory: '32Mi' } } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      creationTimestamp: time,
      labels: { app: 'crawler', shard: String(index % 100) },
      ownerReferences: [{ ...worker, controller: true }],
    },
    spec: { containers: [container], nodeName: 'aks-crawler-12345678-vmss000000', restartPolicy: 'Always' },
    status: {
      phase: isOver ? 'Succeeded' : 'Running',
      startTime: time,
      conditions: [{ type: 'Ready', status: isOver ? 'False' : 'True', lastTransitionTime: time }],
      containerStatuses: [{ name: 'crawler', image, imageID: '', ready: !isOver, restartCount: 0, state }],
    },
  };
}

const kinds: Readonly<Record<string, string>> = {
  ConfigMap: 'data: { text: one of many }',
  ServiceAccount: 'automountServiceAccountToken: false',
  Service: 'spec: { selector: { app: APP }, ports: [{ port: 80 }] }',
  Deployment: `spec:
  selector: { matchLabels: { app: APP } }
  template:
    metadata: { labels: { app: APP } }
    spec: { containers: [{ name: web, image: contoso.azurecr.io/web:1.0 }] }`,
};

const apiVersions: Readonly<Record<string, string>> = { Deployment: 'apps/v1' };

/** A template with as many objects of each kind. */
export function manyObjects(ofEach: number): Record<string, string> {
  const documents = Object.entries(kinds).flatMap(([kind, content]) =>
    Array.from({ length: ofEach }, (_, index) => {
      const name = `part-${String(index).padStart(3, '0')}`;
      const head = `apiVersion: ${apiVersions[kind] ?? 'v1'}\nkind: ${kind}\nmetadata: { name: ${name} }\n`;
      return head + content.replaceAll('APP', name);
    }),
  );
  return { 'templates/many.yaml': documents.join('\n---\n') };
}
