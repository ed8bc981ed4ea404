import type { TaskContext } from '../task/context.ts';

export type ResourceContext = Pick<TaskContext, 'variable' | 'variableNames'>;

/**
 * The pipeline resource that triggered this run. A container, a webhook, a package or a repository may have done so, too,
 * whose alias stands in the same variable.
 */
export function triggering(context: ResourceContext): string | undefined {
  const alias = context.variable('Resources.TriggeringAlias');
  const category = context.variable('Resources.TriggeringCategory')?.toLowerCase();
  if (alias === undefined || (category !== undefined && category !== 'pipeline')) return undefined;
  return category === 'pipeline' || aliases(context).some((one) => one.toLowerCase() === alias.toLowerCase())
    ? alias
    : undefined;
}

/** Of all pipeline resources of this run. */
export function aliases(context: ResourceContext): string[] {
  return context
    .variableNames()
    .map((name) => /^resources\.pipeline\.(.+)\.runid$/i.exec(name)?.[1])
    .filter((alias) => alias !== undefined);
}
