import path from 'node:path';
import type { TaskContext } from '../task/context.ts';
import { isInside } from '../task/job-files.ts';
import { realPath } from '../task/job-files.ts';
import { visible } from '../text/shown.ts';

/**
 * The variables that tell helm, and what is in it of docker, where plugins, settings and caches are (helm/helm,
 * pkg/helmpath, pkg/cli/environment.go), and those that such places start from.
 */
const places =
  /^(?:HELM_(?:PLUGINS|(?:DATA|CONFIG|CACHE)_HOME|(?:REGISTRY|REPOSITORY)_CONFIG|(?:REPOSITORY|CONTENT)_CACHE)|XDG_(?:DATA|CONFIG|CACHE)_HOME|DOCKER_CONFIG|HOME|USERPROFILE|APPDATA)$/i;

/**
 * Takes from helm every place that lies in the sources, with a warning: they may hold anything, a plugin included, and a
 * chart's dependency may name it (`repository: scheme://…`). Without HOME helm's own defaults are relative, and start from
 * the folder that programs run in, which is none of the sources.
 * @returns names of variables that helm must not have.
 */
export async function placesInSources(
  { variable, log }: Pick<TaskContext, 'variable' | 'log'>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Record<string, undefined>> {
  const given = [variable('Build.SourcesDirectory'), variable('System.DefaultWorkingDirectory')];
  const sources = await Promise.all(given.map(async (folder) => folder && realPath(folder)));
  const taken: Record<string, undefined> = {};
  for (const [name, place = ''] of Object.entries(environment)) {
    if (!places.test(name) || place === '') continue;
    const real = (await realPath(place)) ?? path.resolve(place);
    if (!sources.some((folder) => folder && isInside(real, folder))) continue;
    log.warning(
      `${name} leads into the sources (${visible(place, 200)}), which may hold anything, so helm does not look there: set it ` +
        'to a folder elsewhere, such as one in $(Agent.ToolsDirectory) or $(Pipeline.Workspace).',
    );
    taken[name] = undefined;
  }
  return taken;
}
