import { measureDeliveries } from '../scripts/bench/deliveries.ts';
for (const p of await measureDeliveries(Number(process.argv[2] ?? 0))) console.log(p.name, p.ours, p.theirs, (p.ours.ms / p.theirs.ms).toFixed(2));
process.exit(0);
