import type { ChartRegistry } from '../registry/index.ts';
import { parseChartReference } from '../registry/reference.ts';
import { TaskError } from '../task/errors.ts';
import type { Handoff } from './handoff.ts';

/**
 * Whether the registry still has what the handoff names: each tag must point to the digest beside it. Nothing is asked
 * of another registry than this one, since a tampered file must not choose who gets our sign-in.
 * @throws TaskError when a tag is gone or moved, or lies in another registry.
 */
export async function checkRegistry({ chart, images }: Handoff, registry: ChartRegistry): Promise<void> {
  await checkTag(`chart ${chart.name}`, chart.reference, chart.digest, registry);
  for (const { name, repository, tag, digest } of images) {
    await checkTag(`image ${name}`, `${repository}:${tag}`, digest, registry);
  }
}

async function checkTag(what: string, reference: string, digest: string, registry: ChartRegistry): Promise<void> {
  const { registry: loginServer, repository, tag = '' } = parseChartReference(reference);
  if (loginServer !== registry.loginServer) {
    throw new TaskError(
      `The handoff's ${what} is in the registry ${loginServer}, but the step is connected to ${registry.loginServer}: ` +
        'correct input registry, or find out who changed the file.',
    );
  }
  const manifest = await registry.repository(repository).find(tag, 'pull');
  if (manifest === undefined) {
    throw new TaskError(`The handoff's ${what}, ${reference}, does not exist (any more); run the CI pipeline again.`);
  }
  if (manifest.digest !== digest) {
    throw new TaskError(
      `The handoff's ${what} was ${digest}, but ${reference} points to ${manifest.digest} now: the tag was moved after ` +
        'the CI run. Find out who pushed over it, and run the CI pipeline again.',
    );
  }
}
