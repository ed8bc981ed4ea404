export { pullChart, type PulledChart } from './chart/pull.ts';
export { pushChart, type PushedArchive, type PushReceipt } from './chart/push.ts';
export { openRegistry, openRegistryToPull, type ChartRegistry } from './connection.ts';
export type { Referred } from './named.ts';
export type { ClientAuth } from './sign-in.ts';
