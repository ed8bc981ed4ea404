export { HelmCli } from './cli.ts';
export { knownLogins, repositoriesFor, writeLogins } from './config.ts';
export {
  checkWishes,
  type HelmWait,
  type RollbackRequest,
  type TestRequest,
  toRelease,
  type UninstallRequest,
  type UpgradeRequest,
  type WaitStrategy,
} from './flags.ts';
export { type HelmEnd, HelmReleases } from './releases.ts';
export { pullFromRepository, type RepositoryChart } from './pull.ts';
