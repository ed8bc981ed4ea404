import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the real programs are kept from run to run: a folder of the user's own, at the system's usual place. */
export function cacheFolder(): string {
  return join(systemCache(), 'helm-delivery-for-aks', 'tools');
}

function systemCache(): string {
  const { env, platform } = process;
  if (platform === 'win32') return env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  return env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
}
