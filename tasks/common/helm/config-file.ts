import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { HelmCli } from './helm-cli.ts';

/** The files in which helm keeps what users told it, by the names that `helm env` gives them. */
export type ConfigFile = 'HELM_REPOSITORY_CONFIG' | 'HELM_REGISTRY_CONFIG';

/** A field of one of this agent's own files; undefined when the file or the field is missing, or is broken. */
export async function configField(file: ConfigFile, field: string, helm: Pick<HelmCli, 'setting'>): Promise<unknown> {
  const path = await helm.setting(file);
  try {
    const content: unknown = parse(await readFile(path, 'utf8'));
    return isMapping(content) ? content[field] : undefined;
  } catch {
    return undefined;
  }
}

export type Mapping = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Mapping {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
