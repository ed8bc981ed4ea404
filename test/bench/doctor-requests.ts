import type { RecordedRequest } from '../azure/index.ts';
import type { ClusterPipeline } from './cluster-pipeline.ts';

/** What the doctor of one step asked of the API server, by the kinds' plural names in order. */
export interface DoctorRequests {
  /** First pages of lists. */
  readonly lists: readonly string[];
  readonly watches: readonly string[];
  /** Logs and whatever else is read of objects, by their paths. */
  readonly others: readonly string[];
}

/**
 * The task's other requests are about Leases and records of helm, or have a selector of labels; helm's own have another
 * agent.
 */
export function requestsOfDoctor({ azure, cluster }: Pick<ClusterPipeline, 'azure' | 'cluster'>): DoctorRequests {
  const asked = azure.requests.filter(
    ({ host, method, path, query, headers }) =>
      host === cluster.fqdn &&
      method === 'GET' &&
      !/^Helm\/|^kubectl/.test(headers['user-agent'] ?? '') &&
      path.includes('/namespaces/') &&
      !/\/leases\/|\/namespaces\/[^/]+$/.test(path) &&
      !query.has('labelSelector'),
  );
  return {
    lists: asked
      .filter(({ query }) => query.has('limit') && !query.has('continue'))
      .map(plural)
      .sort(),
    watches: asked
      .filter(({ query }) => query.has('watch'))
      .map(plural)
      .sort(),
    others: asked.filter(({ query }) => !query.has('limit') && !query.has('watch')).map(({ path }) => path),
  };
}

const plural = ({ path }: RecordedRequest): string => path.split('/').at(-1) ?? '';
