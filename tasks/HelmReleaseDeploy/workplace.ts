import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { KubernetesClient } from '../common/cluster/client.ts';
import { ensureNamespace } from '../common/cluster/namespace.ts';
import type { OpenCluster } from '../common/cluster/open-cluster.ts';
import { openTunnel } from '../common/cluster/tunnel.ts';
import { kubeconfigText } from '../common/cluster/write-kubeconfig.ts';
import { Doctor } from '../common/doctor/doctor.ts';
import { type HelmCli, HelmReleases } from '../common/helm/index.ts';
import type { ReleaseName } from '../common/rollout/history.ts';
import { newHolder, runAddress } from '../common/rollout/holder.ts';
import { ReleaseLease } from '../common/rollout/lease.ts';
import type { RolloutTools } from '../common/rollout/release.ts';
import type { TaskContext } from '../common/task/context.ts';
import { given } from '../common/task/inputs.ts';
import { ReleaseWatch } from '../common/watching/release-watch.ts';
import type { Checked } from './checked-inputs.ts';
import type { Inputs, Output } from './inputs.gen.ts';

/** What a step works with at a release. */
export interface Workplace extends RolloutTools {
  readonly client: KubernetesClient;
  /** Looks on; undefined for a roll-back that somebody asked for. */
  readonly doctor: Doctor | undefined;
}

interface Place {
  readonly release: ReleaseName;
  readonly cluster: OpenCluster;
  readonly helm: HelmCli;
  readonly inputs: Inputs;
  readonly checked: Checked;
}

/**
 * Works on a release while nobody else does: with the Lease on it, and a helm that reaches the API server through this step
 * alone. However the work ends, helm is cut off then, and the Lease given back.
 * @throws what the work throws; TaskError when the Lease cannot be had
 */
export async function atRelease<Result>(
  place: Place,
  context: TaskContext<Output>,
  work: (tools: Workplace) => Promise<Result>,
): Promise<Result> {
  const { release, cluster, helm, inputs } = place;
  // It outlives the cancelling of the run, since the Lease is given back then.
  const client = new KubernetesClient(cluster, { ...context, signal: new AbortController().signal });
  let lease: ReleaseLease | undefined;
  let doctor: Doctor | undefined;
  try {
    if (inputs.action === 'deploy') {
      const create = given(inputs, 'createNamespace');
      await ensureNamespace(release.namespace, create, client, context);
      doctor = doctorOf(place, client, context);
      doctor.begin();
    }
    lease = await takeLease(place, client, context);
    const tunnel = await openTunnel(cluster, () => lease?.holds() ?? true, context);
    const cut = (): void => tunnel.close();
    lease?.lost.addEventListener('abort', cut);
    try {
      const kubeconfig = path.join(context.privateFolder(), 'helm-kubeconfig');
      const text = kubeconfigText(cluster.access, { ...cluster, ...release, proxyUrl: tunnel.proxyUrl });
      await writeFile(kubeconfig, text, { mode: 0o600, flag: 'wx' });
      const releases = new HelmReleases(helm, kubeconfig, release.namespace);
      const isTold = (): boolean => doctor?.isTelling ?? false;
      const tools = { helm: releases, client, lease, isTold, context, doctor };
      return await work({ ...tools, troubles: () => tunnel.troubles });
    } finally {
      cut();
    }
  } catch (error) {
    throw lease?.lost.aborted && !context.signal.aborted ? await lease.whyLost() : error;
  } finally {
    doctor?.close();
    await lease?.release();
    client.close();
  }
}

function doctorOf(
  { release, inputs: { wait, waitStrategy, waitForJobs, endEarly }, checked: { timeoutMs } }: Place,
  client: KubernetesClient,
  context: TaskContext<Output>,
): Doctor {
  const watch = new ReleaseWatch(release, client, context);
  const strict = wait && waitStrategy !== 'hookOnly';
  return new Doctor({ watch, client, wait: { timeoutMs, strict, forJobs: wait && waitForJobs }, endEarly }, context);
}

async function takeLease(
  { release, inputs, checked }: Place,
  client: KubernetesClient,
  context: TaskContext<Output>,
): Promise<ReleaseLease | undefined> {
  if (inputs.lease === 'off') {
    context.log.warning(
      'Input lease is off: another run that works on the release at the same time is not noticed, and neither is a helm ' +
        'that outlives its step.',
    );
    return undefined;
  }
  const { name, namespace } = release;
  const request = {
    release: name,
    namespace,
    holder: newHolder(runAddress(context)),
    seconds: checked.leaseSeconds,
    waitMs: checked.waitForOtherMs,
    advice: 'set input lease to off, if no other run can be at work on the release at the same time',
  };
  return ReleaseLease.take(request, client, context);
}
