import type { ChartRegistry } from '../registry/index.ts';
import { parseChartReference } from '../registry/reference.ts';
import { TaskError } from '../task/outcome.ts';
import type { Handoff } from './schema.ts';

/** What to do when the registry has something else than the handoff says; who writes it knows other causes than who reads. */
export interface RegistryAdvice {
  /** It is in another registry. */
  readonly elsewhere: string;
  /** The tag does not exist. */
  readonly gone: string;
  /** The tag points to another digest. */
  readonly moved: string;
}

/**
 * Whether the registry has what the handoff names: each tag must point to the digest beside it. Nothing is asked of
 * another registry than this one, since a tampered file must not choose who gets our sign-in.
 * @throws TaskError when a tag is gone or moved, or lies in another registry.
 */
export async function checkRegistry(
  { chart, images }: Handoff,
  registry: ChartRegistry,
  advice: RegistryAdvice,
): Promise<void> {
  const named = [
    { what: `chart ${chart.name}`, reference: chart.reference, digest: chart.digest },
    ...images.map(({ name, repository, tag, digest }) => ({
      what: `image ${name}`,
      reference: `${repository}:${tag}`,
      digest,
    })),
  ];
  for (const tag of named) await checkTag(tag, registry, advice);
}

async function checkTag(
  { what, reference, digest }: { what: string; reference: string; digest: string },
  registry: ChartRegistry,
  advice: RegistryAdvice,
): Promise<void> {
  const { registry: loginServer, repository, tag = '' } = parseChartReference(reference);
  if (loginServer !== registry.loginServer) {
    throw new TaskError(
      `The handoff's ${what} is in the registry ${loginServer}, but the step is connected to ${registry.loginServer}: ` +
        `${advice.elsewhere}.`,
    );
  }
  const manifest = await registry.repository(repository).find(tag, 'pull');
  if (manifest === undefined) {
    throw new TaskError(`The handoff's ${what}, ${reference}, does not exist: ${advice.gone}.`);
  }
  if (manifest.digest !== digest) {
    throw new TaskError(
      `The handoff's ${what} is ${digest}, but ${reference} points to ${manifest.digest}: ${advice.moved}.`,
    );
  }
}
