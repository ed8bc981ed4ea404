import { startPipeline } from '../test/bench/pipeline.ts';
import { deliverCharts } from './demo/charts.ts';
import { handOver } from './demo/handoff.ts';
import { proveWithRealHelm } from './demo/proof.ts';
import { chapter } from './demo/timeline.ts';

// The delivery on this machine: the built tasks, real helm, and Azure on loopback under its real host names.

console.log('Helm Delivery for AKS. Azure is played on loopback; the tasks and helm are real and do not know.');
const pipeline = await startPipeline();
try {
  const pushed = await deliverCharts(pipeline);
  await proveWithRealHelm(pipeline, pushed);
  await handOver(pipeline, pushed);
  chapter('Done.');
} finally {
  await pipeline.close();
}
