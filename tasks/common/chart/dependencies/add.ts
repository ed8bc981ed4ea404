import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { repositoriesFor, type HelmCli } from '../../helm/index.ts';
import type { TaskContext } from '../../task/context.ts';
import type { Given } from '../../task/inputs.ts';
import { toolNetwork } from '../../task/network.ts';
import { TaskError } from '../../task/outcome.ts';
import type { BuildMode, ChartCopy } from './copies.ts';
import { ChartCompleter } from './complete.ts';
import { isFolder } from './folders.ts';
import { type DependencyAccess, signInForDependencies } from './sign-in.ts';
import { keepFolders, refuseMissing } from './vendored.ts';

/** What the pipeline says of a chart's dependencies. */
export interface DependencyRules extends DependencyAccess {
  readonly build: Given<BuildMode>;
  /** How a private registry gets a sign-in, as a clause: `give a connection as …`. */
  readonly advice: string;
}

interface Asked {
  readonly helm: HelmCli;
  readonly rules: DependencyRules;
  /** The folder of the run's sources, its links resolved. */
  readonly sources: string;
}

/**
 * Puts what a chart depends on into its copy, by helm where it is not there: from private registries that the pipeline
 * names without a login, from https repositories unasked.
 * @returns whether helm wrote a lock, with the clock's time in it
 * @throws TaskError with helm's reason, and what to add where helm was asked to go without a sign-in
 */
export async function addDependencies(
  copy: ChartCopy,
  { helm, rules, sources }: Asked,
  context: TaskContext,
): Promise<boolean> {
  const { build, advice, registries } = rules;
  if (build.value === 'never') refuseMissing(copy.chart, await keepFolders(copy, context.signal), build);
  const asking = [...new Set(withParts(copy))].filter(({ repositories }) => repositories.length > 0);
  for (const each of asking) warnUnlocked(each, context);
  const { env, missingLines } = await fetching(asking, { helm, rules }, context);
  try {
    const lock = await new ChartCompleter({ helm, env, advice, sources, context }).complete(copy);
    if (lock !== undefined) await copyFile(lock, path.join(copy.folder, path.basename(lock)));
    return lock !== undefined;
  } catch (error) {
    if (!(error instanceof TaskError) || missingLines.length === 0) throw error;
    throw new TaskError(
      `${error.message} The service connection is not shown to registries that only the chart names: if it may be, add ` +
        `to input ${registries.input} the ${missingLines.length === 1 ? 'line' : 'lines'} ${missingLines.join(', ')}.`,
    );
  }
}

function withParts(copy: ChartCopy): ChartCopy[] {
  return [copy, ...copy.parts.flatMap((part) => (part.copy === undefined ? [] : withParts(part.copy)))];
}

function warnUnlocked({ isLocked, repositories, chart, place }: ChartCopy, { log }: Pick<TaskContext, 'log'>): void {
  if (isLocked || repositories.every((repository) => isFolder(repository))) return;
  const lock = chart.apiVersion === 'v1' ? 'requirements.lock' : 'Chart.lock';
  log.warning(
    `The chart ${place} has dependencies but no ${lock}: run 'helm dependency update' and commit it, ` +
      'or the same commit may get other versions tomorrow.',
  );
}

/** What helm sees when it fetches for these charts. */
async function fetching(
  asking: readonly ChartCopy[],
  { helm, rules }: Pick<Asked, 'helm' | 'rules'>,
  context: Pick<TaskContext, 'privateFolder' | 'network'>,
): Promise<{ env: Record<string, string | undefined>; missingLines: readonly string[] }> {
  const repositories = asking.flatMap((copy) => copy.repositories);
  if (repositories.length === 0) return { env: {}, missingLines: [] };
  const addresses = repositories.map(({ address }) => address).filter((address) => /^https?:/.test(address));
  const unasked = new Set(addresses);
  const known = unasked.size === 0 ? {} : await repositoriesFor([...unasked], context.privateFolder(), helm);
  const { config, missingLines } = await signInForDependencies(repositories, rules, helm, context);
  return {
    env: { ...toolNetwork(context.network), ...known, ...(config && { HELM_REGISTRY_CONFIG: config }) },
    missingLines,
  };
}
