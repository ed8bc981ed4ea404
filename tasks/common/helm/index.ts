export { HelmCli } from './cli.ts';
export { knownLogins, repositoriesFor } from './config.ts';
