import type { HandoffImage } from '../common/handoff/index.ts';
import type { ChartRegistry } from '../common/registry/index.ts';
import { checkRepository } from '../common/registry/reference.ts';
import { TaskError } from '../common/task/outcome.ts';
import { shown } from '../common/text/shown.ts';

/** An image as a line of the input names it. */
export interface WantedImage {
  readonly name: string;
  /** Without login server. */
  readonly repository: string;
  readonly tag: string;
}

/**
 * Takes `repository:tag` apart, with or without the login server before it.
 * @throws TaskError when it is malformed or names another registry.
 */
export function wantedImage(name: string, text: string, loginServer: string): WantedImage {
  const [, host, path = '', tag = ''] =
    /^(?:([^/]*[.:][^/]*)\/)?([^:@]+):([A-Za-z0-9_][\w.-]{0,127})$/.exec(text) ?? [];
  if (tag === '') {
    throw new TaskError(
      `Input images has ${shown(text)} for ${shown(name)}: give repository:tag, such as ${loginServer}/web:1.2.3.`,
    );
  }
  if (host !== undefined && host.toLowerCase() !== loginServer) {
    throw new TaskError(
      `Image ${shown(name)} is in the registry ${shown(host)}, the chart in ${loginServer}; a handoff covers one registry. ` +
        'Hand other images over as free variables.',
    );
  }
  return { name, repository: checkRepository(path), tag };
}

/** Finds the digests behind the tags. @throws TaskError when the registry does not have one of the images. */
export async function resolveImages(images: readonly WantedImage[], registry: ChartRegistry): Promise<HandoffImage[]> {
  const resolved: HandoffImage[] = [];
  for (const { name, repository, tag } of images) {
    const manifest = await registry.repository(repository).find(tag, 'pull');
    if (manifest === undefined) {
      throw new TaskError(
        `Image ${name}, ${registry.loginServer}/${repository}:${tag}, does not exist: push it before this step.`,
      );
    }
    resolved.push({ name, repository: `${registry.loginServer}/${repository}`, tag, digest: manifest.digest });
  }
  return resolved;
}
