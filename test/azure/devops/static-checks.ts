import type { QueuedRun, RunTemplate } from '../../agent/pipelines/run/service.ts';
import { listIn, mappingOf, type Settings } from './check-form.ts';
import { inputsOf } from './environment-checks.ts';
import type { PlayedEnvironment } from './played-environment.ts';
import { projectName } from './project-name.ts';
import { matchesExactly } from './wildcard.ts';

const unplayed = ['restApi', 'azureFunction', 'azureMonitor'] as const;

/** Why an environment's checks refuse a run without asking anybody or waiting; undefined: they do not. */
export function staticRefusal(
  { name, configurations }: PlayedEnvironment,
  { branch, sources: { refs, extended } = { refs: [] } }: Pick<QueuedRun, 'branch' | 'sources'>,
): string | undefined {
  for (const check of configurations.enabled('branchControl')) {
    const { allowedBranches = '', ensureProtectionOfBranch = '' } = inputsOf(check);
    const branches = allowedBranches.split(',').map((each) => each.trim());
    const shutOut = [branch, ...refs].find((ref) => !allows(branches, ref));
    if (shutOut !== undefined) return `Branch control of environment ${name} does not allow ${shutOut}.`;
    if (ensureProtectionOfBranch.toLowerCase() === 'true') {
      return `Branch control of environment ${name} wants protected branches, which is not played.`;
    }
  }
  for (const check of configurations.enabled('template')) {
    const wanted = listIn(check.settings, 'extendsChecks').map(mappingOf);
    if (extended !== undefined && wanted.some((each) => isSame(each, extended))) continue;
    return `The pipeline does not extend a template that environment ${name} requires.`;
  }
  const other = unplayed.find((kind) => configurations.enabled(kind).length > 0);
  return other && `Environment ${name} has a check of kind ${other}, which is not played.`;
}

function allows(branches: readonly string[], branch: string): boolean {
  return branches.some((pattern) => matchesExactly(pattern, branch));
}

/** Whether a template is the one of a check, which need not name the project of a repository of the service's own. */
function isSame(wanted: Settings, { type, repository, ref, path }: RunTemplate): boolean {
  const { repositoryType, repositoryName, repositoryRef, templatePath } = wanted;
  const isOfRepository = repositoryType === type && inFull(type, repositoryName) === inFull(type, repository);
  return isOfRepository && repositoryRef === ref && `/${String(templatePath).replace(/^\//, '')}` === path;
}

function inFull(type: string, repository: unknown): string {
  const name = String(repository).toLowerCase();
  return type === 'git' && !name.includes('/') ? `${projectName}/${name}` : name;
}
