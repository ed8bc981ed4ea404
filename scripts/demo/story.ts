import { startPipeline } from '../../test/bench/pipeline.ts';
import { realProgram } from '../../test/real/index.ts';
import { clusterName } from '../../test/bench/cluster-pipeline.ts';
import { useCluster } from './aks.ts';
import { deliverCharts } from './charts.ts';
import { clusterUser } from './cluster-user.ts';
import { handOver, tamper } from './handoff.ts';
import { proveWithRealHelm } from './proof.ts';
import { rollOut } from './releases.ts';
import { chapter, keepTelling } from './timeline.ts';

// The delivery on this machine: the built tasks, real helm, and Azure on loopback under its real host names.

console.log(
  'Helm Delivery for AKS. Azure is played on loopback; the tasks, helm, kubectl and kubelogin are real and do not know.',
);
keepTelling();
// Leaving in the ordinary way ends the steps that are under way.
process.once('SIGTERM', () => process.exit(1));
// The first run on a machine may have to build it, which takes a minute: it begins now, and the chapters with a cluster wait for it.
void realProgram('kubelogin').catch(() => undefined);
const pipeline = await startPipeline();
try {
  const pushed = await deliverCharts(pipeline);
  await proveWithRealHelm(pipeline, pushed);
  const handed = await handOver(pipeline);
  const cluster = pipeline.azure.cluster(clusterName);
  const user = await clusterUser();
  await rollOut({ azure: pipeline.azure, cluster, user, handed });
  await tamper(pipeline, pushed, handed);
  await useCluster(pipeline.azure, cluster, user);
  chapter('Done.');
} finally {
  await pipeline.close();
}
