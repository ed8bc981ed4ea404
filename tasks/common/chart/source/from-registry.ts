import { chartReference, digestReference } from '../../registry/reference.ts';
import { pullChart } from '../../registry/index.ts';
import type { TaskContext } from '../../task/context.ts';
import { readingIn } from '../archive/inspect.ts';
import type { NamedChart } from './named-chart.ts';
import type { RegistryAccess } from './registry-access.ts';
import { type TakenChart, unpackedLimit } from './taken-chart.ts';

/**
 * Pulls a chart by our own client, so that no login of helm exists.
 * @param input the one that holds the reference
 * @param folder a private one, which gets the archive
 * @throws TaskError when the registry lacks it, refuses it, or has something else under that name
 */
export async function fromRegistry(
  { loginServer, repository, version, digest }: Extract<NamedChart, { from: 'registry' }>,
  { input, access, folder }: { input: string; access: RegistryAccess; folder: string },
  context: TaskContext,
): Promise<TakenChart> {
  const registry = access.open(input, loginServer);
  const wanted = { repository, version, digest, ...unpackedLimit };
  const pulled = await pullChart(registry, wanted, folder, readingIn(context));
  const reference =
    version === undefined
      ? digestReference(loginServer, repository, pulled.digest)
      : `${chartReference(loginServer, repository, version)}@${pulled.digest}`;
  return { file: pulled.file, facts: pulled.facts, digest: pulled.digest, reference };
}
