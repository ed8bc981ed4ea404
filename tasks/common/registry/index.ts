export { openRegistry, type ChartRegistry } from './open-registry.ts';
export { pushChart, type PushedArchive, type PushReceipt } from './push-chart.ts';
export { pullChart, type PulledChart } from './pull-chart.ts';
export { writeClientConfig } from './client-config.ts';
export type { ClientAuth } from './sign-in.ts';
