export type { RealCluster } from './real-cluster.ts';
export { controlPlane, startCluster } from './start-cluster.ts';
