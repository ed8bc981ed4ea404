import type { KubernetesObject } from '../objects.ts';
import type { Container } from './shapes.ts';

// What kubelet, containerd and the scheduler print. Sources: kubernetes 1.35, pkg/kubelet/images, pkg/kubelet/kuberuntime,
// pkg/kubelet/prober and pkg/scheduler; containerd 2.0, client/pull.go and core/remotes/docker/resolver.go; runc 1.3,
// libcontainer/standard_init_linux.go.

/** Why an image cannot be pulled that is not there. */
export function pullError({ image = '' }: Container): string {
  return (
    `rpc error: code = NotFound desc = failed to pull and unpack image "${image}": ` +
    `failed to resolve reference "${image}": ${image}: not found`
  );
}

export const pullBackOff = ({ image = '' }: Container): string => `Back-off pulling image "${image}"`;

export const badImageName = ({ image = '' }: Container): string =>
  `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`;

/** Names the first ConfigMap that the container takes variables from. */
export function missingConfig({ name, envFrom = [] }: Container): string {
  const named = envFrom.find(({ configMapRef }) => configMapRef !== undefined)?.configMapRef?.name;
  return `configmap "${named ?? `${name}-settings`}" not found`;
}

export function missingCommand({ command = [] }: Container): string {
  const named = command[0] ?? 'serve';
  const why = named.includes('/') ? `stat ${named}: no such file or directory` : 'executable file not found in $PATH';
  return (
    'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ' +
    `unable to start container process: error during container init: exec: "${named}": ${why}`
  );
}

export const failedProbe = 'Readiness probe failed: HTTP probe failed with statuscode: 503';

export const noNode =
  '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: ' +
  '0/1 nodes are available: 1 No preemption victims found for incoming pod.';

/** A pod in the words of a kubelet. */
export function titleOf({ metadata: { name, namespace = '', uid = '' } }: KubernetesObject): string {
  return `${name}_${namespace}(${uid})`;
}

/** @param ms of the back-off here, which is a tenth of a kubelet's */
export function restartBackOff(pod: KubernetesObject, { name }: Container, ms: number): string {
  const seconds = Math.round(ms / 100);
  const time = seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
  return `back-off ${time} restarting failed container=${name} pod=${titleOf(pod)}`;
}
