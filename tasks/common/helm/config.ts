import { realpath, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readPlainYaml } from '../go/document.ts';
import { isMapping } from '../go/mapping.ts';
import { goYamlText } from '../go/write-yaml.ts';
import type { ClientAuth } from '../registry/index.ts';
import { readRegularFile } from '../task/job-files.ts';
import { learnSecret } from '../text/shown.ts';
import type { HelmCli } from './cli.ts';

/** The files in which helm keeps what users told it, by the names that `helm env` gives them. */
type ConfigFile = 'HELM_REPOSITORY_CONFIG' | 'HELM_REGISTRY_CONFIG';

/** In bytes; more than the files of any agent. */
const largest = 1024 * 1024;

/** A field of one of this agent's own files, which may be a link; undefined when the file or the field is missing, or is broken. */
async function configField(file: ConfigFile, field: string, helm: Pick<HelmCli, 'setting'>): Promise<unknown> {
  const place = await helm.setting(file);
  // Without HOME it starts from where a program runs, and no agent's file is there.
  if (!path.isAbsolute(place)) return undefined;
  try {
    const bytes = await readRegularFile(await realpath(place), largest);
    const content = readPlainYaml(bytes?.toString() ?? '', place);
    return isMapping(content) ? content[field] : undefined;
  } catch {
    return undefined;
  }
}

/** What `helm registry login` left on this agent, by registry: helm forgets it when it is given another file. */
export async function knownLogins(helm: Pick<HelmCli, 'setting'>): Promise<Record<string, { auth: string }>> {
  const entries = await configField('HELM_REGISTRY_CONFIG', 'auths', helm);
  if (!isMapping(entries)) return {};
  return Object.fromEntries(
    Object.entries(entries).flatMap(([registry, login]) =>
      isMapping(login) && typeof login['auth'] === 'string' ? [[registry, { auth: login['auth'] }]] : [],
    ),
  );
}

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
  known
    .map((entry) => entry['password'])
    .filter((password) => typeof password === 'string')
    .forEach(learnSecret);
  const missing = addresses.filter((address) => !known.some((entry) => sameAddress(entry['url'], address)));
  const added = missing.map((url, index) => ({ name: `${hostOf(url)}-dependency-${index + 1}`, url }));
  await writeFile(file, goYamlText({ apiVersion: 'v1', repositories: [...known, ...added] }), { mode: 0o600 });
  return { HELM_REPOSITORY_CONFIG: file, HELM_REPOSITORY_CACHE: path.join(folder, 'repository-cache') };
}

const sameAddress = (a: unknown, b: string): boolean =>
  typeof a === 'string' && a.replace(/\/$/, '') === b.replace(/\/$/, '');

/** Helm's messages name a repository, and a file, by its name. */
const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).hostname : 'chart');

function secretsIn(auth: ClientAuth): string[] {
  if ('identitytoken' in auth) return [auth.identitytoken];
  const whole = Buffer.from(auth.auth, 'base64').toString();
  return [whole, whole.slice(whole.indexOf(':') + 1)];
}

/** Writes sign-ins, by login server, to a config file that only this user can read. Returns its path. */
export async function writeLogins(folder: string, auths: Readonly<Record<string, ClientAuth>>): Promise<string> {
  for (const secret of Object.values(auths).flatMap(secretsIn)) learnSecret(secret);
  const file = path.join(folder, 'registry-config.json');
  await writeFile(file, JSON.stringify({ auths }), { mode: 0o600 });
  return file;
}
