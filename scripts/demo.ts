import { startPipeline } from '../test/bench/pipeline.ts';
import { realProgram } from '../test/real/index.ts';
import { useCluster } from './demo/aks.ts';
import { deliverCharts } from './demo/charts.ts';
import { handOver } from './demo/handoff.ts';
import { proveWithRealHelm } from './demo/proof.ts';
import { chapter } from './demo/timeline.ts';

// The delivery on this machine: the built tasks, real helm, and Azure on loopback under its real host names.

console.log(
  'Helm Delivery for AKS. Azure is played on loopback; the tasks, helm, kubectl and kubelogin are real and do not know.',
);
// The first run on a machine may have to build it, which takes a minute: it begins now, and the last chapter waits for it.
void realProgram('kubelogin').catch(() => undefined);
const pipeline = await startPipeline();
try {
  const pushed = await deliverCharts(pipeline);
  await proveWithRealHelm(pipeline, pushed);
  await handOver(pipeline, pushed);
  await useCluster(pipeline.azure);
  chapter('Done.');
} finally {
  await pipeline.close();
}
