export { HelmCli } from './helm-cli.ts';
export { repositoriesFor } from './repositories.ts';
