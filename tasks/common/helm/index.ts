export { HelmCli } from './cli.ts';
export { knownLogins, repositoriesFor, writeLogins } from './config.ts';
