import { conditionOf, conditions, type Condition, type Workload } from './shapes.ts';
import { hashOf, referenceTo, type Workshop } from './workshop.ts';

const revisionAnnotation = 'deployment.kubernetes.io/revision';
const hashLabel = 'pod-template-hash';

interface ReplicaSet extends Workload {
  readonly status?: {
    readonly readyReplicas?: number;
    readonly replicas?: number;
    readonly conditions?: readonly Condition[];
  };
}

/** Rolls every Deployment out: one ReplicaSet for each pod template, the newest grows as the older ones shrink. */
export function runDeployments(workshop: Workshop): void {
  for (const deployment of workshop.list<Workload>('Deployment')) {
    if (deployment.metadata.deletionTimestamp !== undefined) continue;
    const sets = workshop.ownedBy<ReplicaSet>(deployment, 'ReplicaSet');
    const hash = hashOf(deployment.spec.template);
    const newest = sets.find(({ metadata }) => metadata.labels?.[hashLabel] === hash);
    if (newest === undefined) {
      createSet(workshop, deployment, hash, sets);
      continue;
    }
    const older = sets.filter((set) => set !== newest);
    const revision = keepRevision(workshop, newest, older);
    const annotations = { ...deployment.metadata.annotations, [revisionAnnotation]: String(revision) };
    const annotated = { ...deployment, metadata: { ...deployment.metadata, annotations } };
    if (deployment.metadata.annotations?.[revisionAnnotation] !== String(revision)) workshop.objects.put(annotated);
    scale(workshop, deployment, newest, older);
    tell(workshop, annotated, newest, older);
  }
}

function createSet(workshop: Workshop, deployment: Workload, hash: string, others: readonly Workload[]): void {
  const { name, namespace, labels: own } = deployment.metadata;
  const { template, selector } = deployment.spec;
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  const place = { name: `${name}-${hash}`, ...(namespace !== undefined && { namespace }) };
  workshop.create({
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      ...place,
      labels: { ...own, ...labels },
      annotations: { [revisionAnnotation]: String(lastRevision(others) + 1) },
      ownerReferences: [referenceTo({ ...deployment, apiVersion: 'apps/v1' })],
    },
    spec: {
      replicas: 0,
      selector: { matchLabels: { ...selector?.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  });
}

function lastRevision(sets: readonly Workload[]): number {
  return Math.max(0, ...sets.map(({ metadata }) => Number(metadata.annotations?.[revisionAnnotation] ?? 0)));
}

/** The set in force has the highest number, also when it is an old one that came back. */
function keepRevision(workshop: Workshop, newest: Workload, older: readonly Workload[]): number {
  const own = lastRevision([newest]);
  const others = lastRevision(older);
  if (own > others) return own;
  const annotations = { ...newest.metadata.annotations, [revisionAnnotation]: String(others + 1) };
  workshop.objects.put({ ...newest, metadata: { ...newest.metadata, annotations } });
  return others + 1;
}

function scale(workshop: Workshop, deployment: Workload, newest: ReplicaSet, older: readonly ReplicaSet[]): void {
  const wanted = deployment.spec.replicas ?? 1;
  const { surge, unavailable } = limitsOf(deployment, wanted);
  const sizeOf = (set: ReplicaSet): number => set.spec.replicas ?? 0;
  const readyOf = (set: ReplicaSet): number => Math.min(set.status?.readyReplicas ?? 0, sizeOf(set));
  const isRecreate = (deployment.spec['strategy'] as { type?: string } | undefined)?.type === 'Recreate';
  const oldSize = older.reduce((sum, set) => sum + sizeOf(set), 0);
  const oldPods = older.reduce((sum, set) => sum + (set.status?.replicas ?? 0), 0);
  const room = isRecreate ? (oldPods === 0 ? wanted : 0) : Math.min(wanted, wanted + surge - oldSize);
  const size = sizeOf(newest) > wanted ? wanted : Math.max(sizeOf(newest), room);
  if (size !== sizeOf(newest)) setSize(workshop, deployment, newest, size);
  let spare = [newest, ...older].reduce((sum, set) => sum + readyOf(set), 0) - (wanted - unavailable);
  for (const set of older) {
    const unready = sizeOf(set) - readyOf(set);
    const taken = isRecreate ? sizeOf(set) : unready + Math.max(0, Math.min(readyOf(set), spare));
    spare -= Math.max(0, taken - unready);
    if (taken > 0) setSize(workshop, deployment, set, sizeOf(set) - taken);
  }
}

function setSize(workshop: Workshop, deployment: Workload, set: ReplicaSet, size: number): void {
  const before = set.spec.replicas ?? 0;
  workshop.setSpec(latest(workshop, set), { replicas: size });
  const message = `Scaled ${size > before ? 'up' : 'down'} replica set ${set.metadata.name} from ${before} to ${size}`;
  workshop.tell(deployment, { type: 'Normal', reason: 'ScalingReplicaSet', message, by: 'deployment-controller' });
}

/** As it is now, after what was done to it in this step. */
function latest(workshop: Workshop, { kind, metadata }: Workload): Workload {
  return workshop.objects.find({ kind, namespace: metadata.namespace }, metadata.name) as unknown as Workload;
}

function limitsOf(deployment: Workload, wanted: number): { surge: number; unavailable: number } {
  const { rollingUpdate = {} } = (deployment.spec['strategy'] ?? {}) as {
    rollingUpdate?: { maxSurge?: number | string; maxUnavailable?: number | string };
  };
  const { maxSurge = '25%', maxUnavailable = '25%' } = rollingUpdate;
  const share = (value: number | string): number =>
    typeof value === 'number' ? value : (Number.parseInt(value, 10) / 100) * wanted;
  const surge = Math.ceil(share(maxSurge));
  const unavailable = Math.floor(share(maxUnavailable));
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

function tell(workshop: Workshop, deployment: Workload, newest: ReplicaSet, older: readonly ReplicaSet[]): void {
  const wanted = deployment.spec.replicas ?? 1;
  const [updated, total] = [newest, [newest, ...older]].map((sets) =>
    [sets].flat().reduce((sum, set) => sum + (set.status?.replicas ?? 0), 0),
  ) as [number, number];
  const ready = [newest, ...older].reduce((sum, set) => sum + (set.status?.readyReplicas ?? 0), 0);
  const isDone = updated === wanted && total === wanted && ready >= wanted;
  const isAvailable = ready >= wanted - limitsOf(deployment, wanted).unavailable;
  const name = newest.metadata.name;
  const numbers = {
    observedGeneration: deployment.metadata.generation ?? 1,
    ...(total > 0 && { replicas: total }),
    ...(updated > 0 && { updatedReplicas: updated }),
    ...(ready > 0 && { readyReplicas: ready, availableReplicas: ready }),
    // Of all that there are, a surge pod too (kubernetes, pkg/controller/deployment/sync.go).
    ...(total > ready && { unavailableReplicas: total - ready }),
  };
  const wish: Condition[] = [
    isAvailable
      ? {
          type: 'Available',
          status: 'True',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
        }
      : {
          type: 'Available',
          status: 'False',
          reason: 'MinimumReplicasUnavailable',
          message: 'Deployment does not have minimum availability.',
        },
    progress(workshop, deployment, isDone, name, JSON.stringify(numbers)),
    ...failuresOf(newest, older),
  ];
  const current = latest(workshop, deployment);
  workshop.setStatus(current, { ...numbers, conditions: conditions(current.status?.conditions, wish) });
}

/** What its ReplicaSets could not make is shown by the Deployment, too (kubernetes, pkg/controller/deployment/progress.go). */
function failuresOf(newest: ReplicaSet, older: readonly ReplicaSet[]): Condition[] {
  const all = [newest, ...older].flatMap(({ status }) => status?.conditions ?? []);
  return all.filter(({ type }) => type === 'ReplicaFailure').slice(0, 1);
}

function progress(workshop: Workshop, deployment: Workload, isDone: boolean, set: string, numbers: string): Condition {
  const type = 'Progressing';
  const message = (text: string): string => `ReplicaSet "${set}" ${text}.`;
  if (isDone) {
    return { type, status: 'True', reason: 'NewReplicaSetAvailable', message: message('has successfully progressed') };
  }
  const before = conditionOf(deployment, type);
  const { conditions: _, ...told } = deployment.status ?? {};
  const hasMoved = JSON.stringify(told) !== numbers || before?.message?.includes(`"${set}"`) !== true;
  const limit = Number(deployment.spec['progressDeadlineSeconds'] ?? 600) * 1000;
  const since = Date.parse(before?.lastUpdateTime ?? '');
  const isLate = !hasMoved && (before?.reason === 'ProgressDeadlineExceeded' || Date.now() - since >= limit);
  if (isLate) {
    return { type, status: 'False', reason: 'ProgressDeadlineExceeded', message: message('has timed out progressing') };
  }
  workshop.wakeIn(hasMoved ? limit : limit - (Date.now() - since));
  return { type, status: 'True', reason: 'ReplicaSetUpdated', message: message('is progressing') };
}
