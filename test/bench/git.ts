import { execFileSync } from 'node:child_process';

/** Runs git in a folder, without this machine's settings. Gives what it printed. */
export function git(folder: string, ...args: string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  return execFileSync('git', ['-C', folder, ...args], { env, stdio: 'pipe', encoding: 'utf8' });
}
