import { templateGeneration } from '../defaults.ts';
import { isReady, type Pod, type Workload } from './shapes.ts';
import { hashOf, randomSuffix, type Workshop } from './workshop.ts';

const revisionLabel = 'controller-revision-hash';

/** Starts the pods of every StatefulSet one after the other, and replaces those of an older template from the last on. */
export function runStatefulSets(workshop: Workshop): void {
  for (const set of workshop.list<Workload>('StatefulSet')) {
    if (set.metadata.deletionTimestamp !== undefined) continue;
    const { name, generation = 1 } = set.metadata;
    const revision = `${name}-${hashOf(set.spec.template)}`;
    const wanted = set.spec.replicas ?? 1;
    const all = workshop.ownedBy<Pod>(set, 'Pod');
    const pods = workshop.podsOf(set);
    const podAt = (index: number): Pod | undefined => all.find(({ metadata }) => metadata.name === `${name}-${index}`);
    const current = pods.filter(({ metadata }) => metadata.labels?.[revisionLabel] === revision);
    const places = Array.from({ length: wanted }, (_, index) => index);
    const first = places.find((index) => {
      const pod = podAt(index);
      return pod === undefined || !isReady(pod);
    });
    const superfluous = pods.find((pod) => places.every((index) => podAt(index) !== pod));
    const outdated = places
      .toReversed()
      .map(podAt)
      .find((pod) => pod !== undefined && !current.includes(pod));
    if (superfluous !== undefined) workshop.stop(superfluous, set);
    else if (first !== undefined && podAt(first) === undefined) createMember(workshop, set, first, revision);
    else if (outdated !== undefined && (first === undefined || podAt(first) === outdated)) workshop.stop(outdated, set);
    const isDone = current.length === wanted && pods.length === wanted && first === undefined;
    const status = set.status ?? {};
    workshop.setStatus(set, {
      observedGeneration: generation,
      replicas: pods.length,
      readyReplicas: pods.filter(isReady).length,
      availableReplicas: pods.filter(isReady).length,
      updatedReplicas: current.length,
      currentReplicas: isDone ? wanted : pods.length - current.length,
      currentRevision: isDone ? revision : (status['currentRevision'] ?? revision),
      updateRevision: revision,
      collisionCount: 0,
    });
  }
}

function createMember(workshop: Workshop, set: Workload, index: number, revision: string): void {
  const name = `${set.metadata.name}-${index}`;
  const { template } = set.spec;
  const labels = {
    ...template.metadata?.labels,
    [revisionLabel]: revision,
    'statefulset.kubernetes.io/pod-name': name,
  };
  workshop.createPod(set, name, { ...template, metadata: { ...template.metadata, labels } });
}

/** Keeps the one pod of every DaemonSet that the only node takes. */
export function runDaemonSets(workshop: Workshop): void {
  for (const set of workshop.list<Workload>('DaemonSet')) {
    if (set.metadata.deletionTimestamp !== undefined) continue;
    const { template } = set.spec;
    const revision = hashOf(template);
    const pods = workshop.podsOf(set);
    const current = pods.filter(({ metadata }) => metadata.labels?.[revisionLabel] === revision);
    for (const pod of pods) if (!current.includes(pod)) workshop.stop(pod, set);
    if (workshop.ownedBy(set, 'Pod').length === 0) {
      const generation = set.metadata.annotations?.[templateGeneration] ?? '1';
      const numbers = { [revisionLabel]: revision, 'pod-template-generation': generation };
      const labels = { ...template.metadata?.labels, ...numbers };
      const labelled = { ...template, metadata: { ...template.metadata, labels } };
      workshop.createPod(set, `${set.metadata.name}-${randomSuffix()}`, labelled);
    }
    const ready = pods.filter(isReady).length;
    workshop.setStatus(set, {
      observedGeneration: set.metadata.generation ?? 1,
      desiredNumberScheduled: 1,
      currentNumberScheduled: pods.length,
      updatedNumberScheduled: current.length,
      numberReady: ready,
      numberAvailable: ready,
      numberUnavailable: 1 - ready,
      numberMisscheduled: 0,
    });
  }
}

/** Runs the pods of every Job, one at a time, until enough ended well or too many did not. */
export function runJobs(workshop: Workshop): void {
  for (const job of workshop.list<Workload>('Job')) {
    if (job.metadata.deletionTimestamp !== undefined || job.status?.conditions !== undefined) continue;
    const pods = workshop.podsOf(job);
    const [good, bad] = ['Succeeded', 'Failed'].map(
      (phase) => pods.filter(({ status }) => status?.phase === phase).length,
    ) as [number, number];
    const active = pods.length - good - bad;
    const [completions, backoffLimit] = [Number(job.spec['completions'] ?? 1), Number(job.spec['backoffLimit'] ?? 6)];
    const startTime = job.status?.['startTime'] ?? new Date().toISOString().replace(/\.\d+/, '');
    const numbers = {
      startTime,
      ...(active > 0 && { active }),
      ...(good > 0 && { succeeded: good }),
      ...(bad > 0 && { failed: bad }),
    };
    const lastTransitionTime = new Date().toISOString().replace(/\.\d+/, '');
    if (good >= completions) {
      workshop.tell(job, { type: 'Normal', reason: 'Completed', message: 'Job completed', by: 'job-controller' });
      const conditions = ['SuccessCriteriaMet', 'Complete'].map((type) => ({
        type,
        status: 'True',
        reason: 'CompletionsReached',
        lastTransitionTime,
      }));
      workshop.setStatus(job, { ...numbers, completionTime: lastTransitionTime, conditions });
    } else if (bad > backoffLimit) {
      const said = { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };
      workshop.tell(job, { type: 'Warning', ...said, by: 'job-controller' });
      const conditions = ['FailureTarget', 'Failed'].map((type) => ({
        type,
        status: 'True',
        ...said,
        lastTransitionTime,
      }));
      workshop.setStatus(job, { ...numbers, conditions });
    } else {
      workshop.setStatus(job, numbers);
      const owner = { ...job, apiVersion: 'batch/v1' };
      if (active === 0) workshop.createPod(owner, `${job.metadata.name}-${randomSuffix()}`, job.spec.template);
    }
  }
}
