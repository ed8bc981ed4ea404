import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import { configField, isMapping } from './config-file.ts';
import type { HelmCli } from './helm-cli.ts';

/**
 * Makes a repositories file in which helm knows the https repositories of a chart's dependencies: `helm dependency
 * build` refuses those that nobody added. What was added on this agent before stays known.
 * @returns the environment that makes helm use it.
 */
export async function repositoriesFor(
  addresses: readonly string[],
  folder: string,
  helm: Pick<HelmCli, 'setting'>,
): Promise<Record<string, string>> {
  const file = path.join(folder, 'repositories.yaml');
  const entries = await configField('HELM_REPOSITORY_CONFIG', 'repositories', helm);
  const known = Array.isArray(entries) ? entries.filter(isMapping) : [];
  const missing = addresses.filter((address) => !known.some((entry) => sameAddress(entry['url'], address)));
  const added = missing.map((url, index) => ({ name: `${hostOf(url)}-dependency-${index + 1}`, url }));
  await writeFile(file, stringify({ apiVersion: 'v1', repositories: [...known, ...added] }), { mode: 0o600 });
  return { HELM_REPOSITORY_CONFIG: file, HELM_REPOSITORY_CACHE: path.join(folder, 'repository-cache') };
}

const sameAddress = (a: unknown, b: string): boolean =>
  typeof a === 'string' && a.replace(/\/$/, '') === b.replace(/\/$/, '');

/** Helm's messages name a repository, and a file, by its name. */
const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).hostname : 'chart');
