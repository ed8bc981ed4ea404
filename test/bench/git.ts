import { execFileSync } from 'node:child_process';

const commits = Object.fromEntries(
  ['AUTHOR', 'COMMITTER'].flatMap((role) => [
    [`GIT_${role}_NAME`, 'Contoso'],
    [`GIT_${role}_EMAIL`, 'ci@contoso.example'],
    [`GIT_${role}_DATE`, '2026-03-01T12:00:00Z'],
  ]),
);

/** Runs git in a folder, without this machine's settings; commits are of one person and time. Gives what it printed. */
export function git(folder: string, ...args: string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', ...commits };
  return execFileSync('git', ['-C', folder, ...args], { env, stdio: 'pipe', encoding: 'utf8' });
}
