import type { Cluster } from '../../test/azure/index.ts';
import type { PipelineRecord } from '../../test/agent/pipelines/run/index.ts';
import { Administrator } from '../../test/bench/administrator.ts';
import type { Delivered, Rehearsal } from './rehearsal.ts';

/** What runs where, as rows of a table with a head. */
export async function whatRuns(rehearsal: Rehearsal, deliveries: readonly Delivered[]): Promise<string[][]> {
  const rows: string[][] = [];
  for (const cluster of rehearsal.world.clusters.values()) {
    for (const labels of await releasesOf(rehearsal, cluster)) rows.push(row(cluster, labels, deliveries));
  }
  const head = ['Cluster', 'Release', 'Revision', 'Chart', 'Digest', 'Commit', 'CI run', 'Approved by'];
  return rows.length === 0 ? [] : [head, ...rows];
}

type Labels = Readonly<Record<string, string>>;

/** Helm keeps what it deployed in Secrets of the release's namespace; the newest one that is deployed counts. */
async function releasesOf({ azure }: Rehearsal, cluster: Cluster): Promise<Labels[]> {
  const administrator = new Administrator(azure, cluster);
  const selector = encodeURIComponent('owner=helm,status=deployed');
  const secrets = await administrator.list(`/api/v1/secrets?labelSelector=${selector}`);
  return secrets.map(({ metadata: { labels = {} } }) => labels);
}

function row(cluster: Cluster, labels: Labels, deliveries: readonly Delivered[]): string[] {
  const label = (name: string): string => labels[`helm-delivery/${name}`] ?? '';
  const digest = `sha256:${label('digest-1')}${label('digest-2')}`;
  const delivery = deliveries.find(({ ci }) => String(ci.run.id) === label('ci-run'));
  const stage = delivery?.cd.stages.find(({ name }) => cluster.name.includes(name === 'production' ? 'prod' : name));
  return [
    cluster.name,
    labels['name'] ?? '',
    labels['version'] ?? '',
    chartVersion(delivery?.ci),
    digest,
    label('commit').slice(0, 12),
    label('ci-run'),
    stage?.approvers.join(', ') || 'nobody was asked',
  ];
}

function chartVersion(ci: PipelineRecord | undefined): string {
  const steps = ci?.stages.flatMap(({ jobs }) => jobs.flatMap(({ parts }) => parts.flatMap((part) => part.steps)));
  return steps?.find(({ name }) => name === 'push')?.outputs['chartVersion'] ?? '';
}
