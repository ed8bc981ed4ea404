import type { KubernetesClient, KubernetesObject } from '../cluster/client.ts';
import { isMapping } from '../go/mapping.ts';
import type { TaskContext } from '../task/context.ts';
import { messageOf } from '../task/outcome.ts';
import type { ReleaseName } from './history.ts';

/** An image that a workload of a release runs. All of it is what the cluster says. */
export interface RunningImage {
  /** Such as `Deployment shop`. */
  readonly workload: string;
  readonly container: string;
  /** As the workload names it, with tag, digest or both. */
  readonly image: string;
}

const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;
/** More than anybody reads; the rest is counted. */
const most = 50;

/**
 * The images of a release's workloads, as they stand in the cluster now; undefined where they may not be listed.
 * Helm marks what belongs to a release (helm/helm, pkg/action/validate.go).
 */
export async function imagesOf(
  { name, namespace }: ReleaseName,
  client: Pick<KubernetesClient, 'list'>,
  { log, signal }: Pick<TaskContext, 'log' | 'signal'>,
): Promise<RunningImage[] | undefined> {
  const selection = { labelSelector: 'app.kubernetes.io/managed-by=Helm' };
  try {
    const found: RunningImage[] = [];
    for (const kind of kinds) {
      const path = `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/${kind.toLowerCase()}s`;
      const { items } = await client.list(path, selection, { signal });
      const own = items.filter(({ metadata }) => metadata.annotations?.['meta.helm.sh/release-name'] === name);
      found.push(...own.flatMap((workload) => imagesIn(kind, workload)));
    }
    return found.slice(0, most);
  } catch (error) {
    signal.throwIfAborted();
    log.debug(`The images of the release are not known: ${messageOf(error)}`);
    return undefined;
  }
}

function imagesIn(kind: string, workload: KubernetesObject): RunningImage[] {
  const template = field(field(workload['spec'], 'template'), 'spec');
  const containers: unknown[] = ['initContainers', 'containers'].flatMap((list) => {
    const value = field(template, list);
    return Array.isArray(value) ? value : [];
  });
  return containers.map((container) => ({
    workload: `${kind} ${workload.metadata.name ?? ''}`,
    container: text(field(container, 'name')),
    image: text(field(container, 'image')),
  }));
}

const field = (value: unknown, name: string): unknown => (isMapping(value) ? value[name] : undefined);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
