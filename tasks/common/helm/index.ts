export { HelmCli } from './helm-cli.ts';
export { knownLogins } from './logins.ts';
export { repositoriesFor } from './repositories.ts';
