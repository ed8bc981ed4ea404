import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ClientConfig, type ClientLogin, configText } from './client-config.ts';

/** What each client has now. */
export interface ClientConfigs {
  readonly docker: ClientConfig;
  readonly helm: ClientConfig;
  readonly containers: ClientConfig;
}

/** The files of this job, which hold the logins. */
export interface ClientFiles {
  readonly dockerFolder: string;
  readonly dockerFile: string;
  readonly helmFile: string;
  readonly containersFile: string;
}

/** Writes a file for each client, which only this user can read, into a private folder. */
export async function writeClientFiles(
  configs: ClientConfigs,
  logins: readonly ClientLogin[],
  folder: string,
): Promise<ClientFiles> {
  const dockerFolder = path.join(folder, 'docker');
  const files = {
    dockerFolder,
    dockerFile: path.join(dockerFolder, 'config.json'),
    helmFile: path.join(folder, 'helm-registry.json'),
    containersFile: path.join(folder, 'containers-auth.json'),
  };
  await mkdir(dockerFolder, { mode: 0o700 });
  const write = (file: string, config: ClientConfig): Promise<void> =>
    writeFile(file, configText(config, logins), { mode: 0o600, flag: 'wx' });
  await write(files.dockerFile, configs.docker);
  await write(files.helmFile, configs.helm);
  await write(files.containersFile, configs.containers);
  return files;
}

/** What docker finds beside its config.json: where it works, its plugins such as buildx, the builders, keys to sign with. */
const besideConfig = ['contexts', 'cli-plugins', 'buildx', 'trust'];

/** Lets docker find these folders beside the new config, too, by links; a junction on Windows needs no right to make links. */
export async function linkBesides(oldFolder: string, newFolder: string): Promise<void> {
  for (const name of besideConfig) {
    const real = await realpath(path.join(oldFolder, name)).catch(() => undefined);
    if (real !== undefined) await symlink(real, path.join(newFolder, name), 'junction');
  }
}
