import type { PlayedEnvironment } from './played-environment.ts';
import { inputsOf } from './environment-checks.ts';
import { type CheckConfiguration, mappingOf } from './configurations.ts';
import { matchesExactly } from './wildcard.ts';

/** What the repositories of a run are, beside its own branch. Tests tell it for all runs. */
export interface LinkedRepositories {
  /** Full refs of the repository resources: branch control judges them, too. */
  refs: readonly string[];
  /** The template that the pipeline extends. */
  extended?: { readonly repository: string; readonly ref: string; readonly path: string };
}

const unplayed = ['restApi', 'azureFunction', 'azureMonitor'] as const;

/** Why an environment's checks refuse a run without asking anybody or waiting; undefined: they do not. */
export function staticRefusal(
  { name, configurations }: PlayedEnvironment,
  branch: string,
  { refs, extended }: LinkedRepositories,
): string | undefined {
  for (const check of configurations.enabled('branchControl')) {
    const branches = (inputsOf(check)['allowedBranches'] ?? '').split(',').map((each) => each.trim());
    const shutOut = [branch, ...refs].find((ref) => !allows(branches, ref));
    if (shutOut !== undefined) return `Branch control of environment ${name} does not allow ${shutOut}.`;
  }
  for (const check of configurations.enabled('template')) {
    if (templatesOf(check).some((wanted) => isSame(wanted, extended))) continue;
    return `The pipeline does not extend a template that environment ${name} requires.`;
  }
  const other = unplayed.find((kind) => configurations.enabled(kind).length > 0);
  return other && `Environment ${name} has a check of kind ${other}, which is not played.`;
}

function allows(branches: readonly string[], branch: string): boolean {
  return branches.some((pattern) => matchesExactly(pattern, branch));
}

function templatesOf({ settings }: CheckConfiguration): Readonly<Record<string, unknown>>[] {
  const templates: unknown[] = Array.isArray(settings['extendsChecks']) ? settings['extendsChecks'] : [];
  return templates.map(mappingOf);
}

function isSame(wanted: Readonly<Record<string, unknown>>, given: LinkedRepositories['extended']): boolean {
  const { repositoryName, repositoryRef, templatePath } = wanted;
  return repositoryName === given?.repository && repositoryRef === given?.ref && templatePath === given?.path;
}
