import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ClientAuth } from './sign-in.ts';

/** Sign-ins by login server. */
export type ClientAuths = Readonly<Record<string, ClientAuth>>;

/** Writes a config file as docker and helm read it, which only this user can read. Returns its path. */
export async function writeClientConfig(folder: string, auths: ClientAuths): Promise<string> {
  const file = path.join(folder, 'registry-config.json');
  await writeFile(file, JSON.stringify({ auths }), { mode: 0o600 });
  return file;
}
