import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/**
 * Puts the sources of a repository into a folder, which may be there already, with folders of other checkouts in it. Gives what
 * the log says of them. Of a git repository it takes the commit `version`; where that is what is checked out there, or the
 * repository does not know it, what is checked out, with what is changed and not committed. Nothing that git ignores comes along.
 */
export async function copyRepository(source: string, folder: string, version: string): Promise<string> {
  if (!existsSync(path.join(source, '.git'))) {
    await cp(source, folder, { recursive: true });
    return 'a copy of a folder that is no git repository';
  }
  const clone = `${folder}.git-clone`;
  await git('clone', '--quiet', '--no-hardlinks', source, clone);
  await cp(clone, folder, { recursive: true });
  await rm(clone, { recursive: true });
  await git('-C', folder, 'checkout', '--quiet', '--detach');
  const head = (await git('-C', folder, 'rev-parse', 'HEAD')).trim();
  if (version !== head && (await knows(folder, version))) {
    await git('-C', folder, 'checkout', '--quiet', version);
    return `commit ${version}`;
  }
  const changes = await copyChanges(source, folder);
  return changes === 0 ? `commit ${head}` : `commit ${head} with changes that are not committed: ${changes}`;
}

/** Gives how many files differ from the commit. */
async function copyChanges(source: string, folder: string): Promise<number> {
  const listed = await git('-C', source, 'status', '--porcelain', '--no-renames', '--untracked-files=all', '-z');
  // Two letters and a space stand before each path.
  const changed = listed.split('\0').flatMap((line) => (line === '' ? [] : [line.slice(3)]));
  for (const file of changed) {
    const [from, to] = [path.join(source, file), path.join(folder, file)];
    if (existsSync(from)) await cp(from, to, { recursive: true });
    else await rm(to, { force: true });
  }
  return changed.length;
}

async function knows(folder: string, commit: string): Promise<boolean> {
  if (!/^[\da-f]{40}$/.test(commit)) return false;
  return git('-C', folder, 'cat-file', '-e', `${commit}^{commit}`).then(
    () => true,
    () => false,
  );
}

const execute = promisify(execFile);

/** Git tells its hooks by variables which repository they belong to; that is not the one meant here. */
async function git(...args: string[]): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  return (await execute('git', args, { env, maxBuffer: 2 ** 26 })).stdout;
}
