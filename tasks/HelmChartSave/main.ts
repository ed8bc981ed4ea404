import path from 'node:path';
import { inspectArchive } from '../common/chart/archive/inspect.ts';
import { makeReproducible } from '../common/chart/archive/reproducible.ts';
import { readChartFolder } from '../common/chart/metadata/folder.ts';
import { HelmCli } from '../common/helm/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import { checkWord } from '../common/task/outputs.ts';
import { chartFolder, refuseOutsideDependencies } from './chart-folder.ts';
import { withDependencies } from './dependencies.ts';
import { destinationFolder } from './destination.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { gitFiles } from './git-files.ts';
import { explainedByLfs } from './lfs-pointers.ts';
import { repositoriesOf } from './repositories.ts';
import { sourceTime } from './source-time.ts';
import { replacedFields, wantedVersion } from './versions.ts';

/** Lints and packages a chart, and makes the archive the same for everyone who saves the same content. */
export async function main(inputs: Inputs, context: TaskContext<Output>): Promise<string> {
  const time = sourceTime(context);
  const place = await chartFolder(inputs.chartPath, context);
  const { folder } = place;
  const chart = await readChartFolder(folder, {
    replaced: replacedFields(inputs),
    warn: (text) => context.log.warning(text),
  });
  const repositories = await repositoriesOf(folder, chart);
  await refuseOutsideDependencies(place, repositories);
  checkAppVersion(inputs, chart.appVersion);
  const version = wantedVersion(inputs, chart.version);
  const destination = await destinationFolder(inputs.destination, folder, context);
  const helm = await HelmCli.find(context, inputs.helmVersion);
  const name = `${chart.name}-${version ?? chart.version}.tgz`;
  const target = path.join(destination, name);

  await withDependencies({ helm, folder, chart, repositories, inputs }, context, async (lockIsNew) => {
    const taken = inputs.lint ? await helm.lint(folder) : '';
    if (taken !== '')
      context.log.info(`helm package takes what helm lint calls an error, so the step goes on: ${taken}`);
    const packaged = await helm.package(folder, context.privateFolder(), {
      chart: version,
      app: inputs.appVersion,
    });
    await makeReproducible(packaged, target, time, {
      lockIsNew,
      leaveOut: gitFiles(context),
      limits: { signal: context.signal },
    });
  }).catch((error: unknown) => explainedByLfs(error, folder, context.signal));

  const { metadata, digest } = await inspectArchive(target, { signal: context.signal });
  context.setOutput('chartName', metadata.name);
  context.setOutput('chartVersion', metadata.version);
  context.setOutput('appVersion', metadata.appVersion ?? '');
  context.setOutput('chartPath', target);
  context.setOutput('archiveDigest', digest);
  return `Saved ${metadata.name} ${metadata.version} to ${target} (${digest})`;
}

/** Before anything is packaged: the app version becomes an output, and later a tag or a value of the handoff. */
function checkAppVersion({ appVersion }: Inputs, inChart: string | undefined): void {
  if (appVersion !== undefined) checkWord('Input appVersion', appVersion);
  else checkWord('appVersion in Chart.yaml', inChart ?? '', ' Change it there, or give input appVersion.');
}
