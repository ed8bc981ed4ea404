import { listOf, type Values } from '../common/devops/rest.ts';
import { isMapping } from '../common/go/mapping.ts';
import type { Log } from '../common/task/log.ts';
import { visible } from '../common/text/shown.ts';
import { matchesWildcard } from '../common/text/wildcard.ts';
import { keyOf } from './kinds.ts';
import type { FoundState, WantedEnvironment } from './drift.ts';

/**
 * What branch control of an environment would keep from deploying without meaning to: it judges every repository of a run, that
 * of the templates too.
 */
interface ShutOut {
  /** Refs of the environment's required templates that are not allowed. */
  readonly refs: readonly string[];
  /** Whether no tag is allowed, where templates are often pinned to one, and no required template tells which ref it is. */
  readonly tags: boolean;
}

/** Required templates that the file does not manage count as they are. */
function shutOutBy({ checks }: WantedEnvironment, found: FoundState | undefined): ShutOut {
  const branches = checks.get('branches');
  if (branches === undefined || branches === 'none') return { refs: [], tags: false };
  const { inputs } = branches.settings;
  const allowed = isMapping(inputs) ? String(inputs['allowedBranches']).split(',') : [];
  const templates = templatesOf(checks.get('requiredTemplates'), found);
  const refs = new Set(templates.flatMap(({ repositoryRef: ref }) => (typeof ref === 'string' ? [ref] : [])));
  return {
    refs: [...refs].filter((ref) => !allowed.some((pattern) => matchesWildcard(pattern, ref))),
    tags:
      refs.size === 0 && !allowed.some((pattern) => pattern.startsWith('*') || /^refs\/(?:\*|tags\/)/.test(pattern)),
  };
}

function templatesOf(
  wanted: ReturnType<WantedEnvironment['checks']['get']>,
  found: FoundState | undefined,
): readonly Values[] {
  const ofFound = (found?.checks ?? []).filter((check) => keyOf(check) === 'requiredTemplates');
  const all =
    wanted === undefined ? ofFound.map(({ settings }) => settings) : wanted === 'none' ? [] : [wanted.settings];
  return all.flatMap((settings) => (isMapping(settings) ? listOf(settings['extendsChecks']) : []));
}

/** Warns of required templates that are shut out, and tells once where tags are. */
export function warnOfShutOut(
  environments: readonly WantedEnvironment[],
  states: ReadonlyMap<string, FoundState>,
  log: Pick<Log, 'info' | 'warning'>,
): void {
  const withoutTags: string[] = [];
  for (const wanted of environments) {
    const { refs, tags } = shutOutBy(wanted, states.get(wanted.name));
    if (tags) withoutTags.push(wanted.name);
    if (refs.length === 0) continue;
    log.warning(
      `Branch control of ${wanted.name} judges every repository of a run, that of a required template too, and shuts out ` +
        `${refs.map((ref) => visible(ref)).join(', ')}: no pipeline that extends it could deploy. Allow it among the branches.`,
    );
  }
  if (withoutTags.length === 0) return;
  log.info(
    `Branch control of ${visible(withoutTags.join(', '), 300)} allows no tag. It judges every repository of a run: where pipelines take ` +
      'their templates from a repository that is pinned to a tag, allow that tag (such as refs/tags/v1.0.0), too.',
  );
}
