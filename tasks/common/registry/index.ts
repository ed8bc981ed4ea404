export { pullChart, type PulledChart } from './chart/pull.ts';
export { pushChart, type PushedArchive, type PushReceipt } from './chart/push.ts';
export {
  openPublicRegistry,
  openRegistry,
  openRegistryAs,
  openRegistryToPull,
  type ChartRegistry,
  type ProvenLogin,
} from './connection.ts';
export { chosenConnection, type ChosenConnection, type Referred, registryOf } from './named.ts';
export type { ClientAuth } from './sign-in.ts';
