import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import type { TaskContext } from '../task/context.ts';

/**
 * Makes a repositories file in which helm knows the https repositories of a chart's dependencies: `helm dependency
 * build` refuses those that nobody added. What was added on this agent before stays known.
 * @returns the environment that makes helm use it.
 */
export async function repositoriesFor(
  addresses: readonly string[],
  folder: string,
  context: Pick<TaskContext, 'exec'>,
): Promise<Record<string, string>> {
  const file = path.join(folder, 'repositories.yaml');
  const known = await knownRepositories(context);
  const missing = addresses.filter((address) => !known.some((entry) => sameAddress(entry['url'], address)));
  const added = missing.map((url, index) => ({ name: `dependency-${index + 1}`, url }));
  await writeFile(file, stringify({ apiVersion: 'v1', repositories: [...known, ...added] }), { mode: 0o600 });
  return { HELM_REPOSITORY_CONFIG: file, HELM_REPOSITORY_CACHE: path.join(folder, 'repository-cache') };
}

type Entry = Readonly<Record<string, unknown>>;

async function knownRepositories(context: Pick<TaskContext, 'exec'>): Promise<Entry[]> {
  const { stdout } = await context.exec('helm', ['env', 'HELM_REPOSITORY_CONFIG'], { show: false });
  try {
    const content: unknown = parse(await readFile(stdout.trim(), 'utf8'));
    const entries =
      content !== null && typeof content === 'object' && 'repositories' in content ? content.repositories : [];
    return Array.isArray(entries)
      ? entries.filter((entry): entry is Entry => entry !== null && typeof entry === 'object')
      : [];
  } catch {
    return [];
  }
}

const sameAddress = (a: unknown, b: string): boolean =>
  typeof a === 'string' && a.replace(/\/$/, '') === b.replace(/\/$/, '');
