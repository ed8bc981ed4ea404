import { realpath, stat } from 'node:fs/promises';
import { readRegularFile } from '../common/task/job-files.ts';
import type { Log } from '../common/task/log.ts';
import { messageOf, TaskError } from '../common/task/outcome.ts';
import { type ClientConfig, emptyConfig, holdsSecrets, readConfig } from './client-config.ts';

/** In bytes; more than the files of any agent. */
const largest = 1024 * 1024;

/**
 * The config at a place where a client would read it, which may be a link, as the client follows it; empty when there is
 * none. What others on the machine can read is told.
 * @throws TaskError when it cannot be read, or is none
 */
export async function foundConfig(file: string, log: Pick<Log, 'warning'>): Promise<ClientConfig> {
  const real = await realpath(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    // Docker and podman pass over what another user keeps.
    if (error.code === 'EACCES') return undefined;
    throw new TaskError(`${file} cannot be read (${messageOf(error)}).`);
  });
  if (real === undefined) return emptyConfig;
  const bytes = await readRegularFile(real, largest);
  const config = readConfig(bytes?.toString() ?? '', file);
  if (process.platform !== 'win32' && holdsSecrets(config)) {
    const { mode } = await stat(real);
    if ((mode & 0o077) !== 0) {
      log.warning(`${file} holds passwords, and other users of this machine may read it: chmod 600 it.`);
    }
  }
  return config;
}
