import { type HelmCli, pullFromRepository } from '../../helm/index.ts';
import type { TaskContext } from '../../task/context.ts';
import { TaskError } from '../../task/outcome.ts';
import { shown } from '../../text/shown.ts';
import { inspectArchive, readingIn } from '../archive/inspect.ts';
import type { NamedChart } from './named-chart.ts';
import type { TakenChart } from './taken-chart.ts';

/**
 * Lets helm fetch a chart of a chart repository.
 * @param folder a private one that is empty
 * @throws TaskError when the repository has no such chart, or gives another one
 */
export async function fromRepository(
  chart: Extract<NamedChart, { from: 'repository' }>,
  { helm, folder }: { helm: HelmCli; folder: string },
  context: TaskContext,
): Promise<TakenChart> {
  const file = await pullFromRepository(helm, chart, folder, context);
  const facts = await inspectArchive(file, readingIn(context));
  const { name, version } = facts.metadata;
  const reference = `${chart.name} ${chart.version} of ${chart.repository}`;
  if (name !== chart.name || plain(version) !== plain(chart.version)) {
    throw new TaskError(
      `${chart.repository} gave the chart ${shown(name)} ${shown(version)} for ${chart.name} ${chart.version}: its index is ` +
        'wrong or was tampered with. Ask its owner.',
    );
  }
  return { file, facts, digest: facts.digest, reference };
}

/** Helm finds v1.2.3 by 1.2.3 as well. */
const plain = (version: string): string => version.replace(/^v/, '');
