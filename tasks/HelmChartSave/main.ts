import path from 'node:path';
import { inspectArchive } from '../common/chart/archive/inspect.ts';
import { makeReproducible } from '../common/chart/archive/reproducible.ts';
import { readChartFolder } from '../common/chart/metadata/folder.ts';
import { HelmCli } from '../common/helm/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import { noNetwork, toolNetwork } from '../common/task/network.ts';
import { checkVersion } from '../common/task/outputs.ts';
import { chartFolder, refuseOutsideDependencies } from './chart-folder.ts';
import { checkSchemas } from './check-schemas.ts';
import { withDependencies } from './dependencies.ts';
import { destinationFolder } from './destination.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { gitFiles } from './git-files.ts';
import { repositoriesOf } from './repositories.ts';
import { sourceTime } from './source-time.ts';
import { replacedFields, wantedVersion } from './versions.ts';

/** Lints and packages a chart, and makes the archive the same for everyone who saves the same content. */
export async function main(inputs: Inputs, context: TaskContext<Output>): Promise<string> {
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
  const time = sourceTime(context);
  const name = `${chart.name}-${version ?? chart.version}.tgz`;
  const target = path.join(destination, name);

  await withDependencies({ helm, folder, chart, repositories, inputs }, context, async (lockIsNew) => {
    // After the dependencies are there, whose schemas count as well.
    await checkSchemas(folder, inputs.allowSchemaReferences, context);
    if (inputs.lint) await helm.lint(folder, inputs.allowSchemaReferences ? toolNetwork(context.network) : noNetwork);
    const packaged = await helm.package(folder, context.privateFolder(), {
      chart: version,
      app: inputs.appVersion,
    });
    await makeReproducible(packaged, target, time, {
      lockIsNew,
      leaveOut: gitFiles(context),
      limits: { signal: context.signal },
    });
  });

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
  if (appVersion !== undefined) checkVersion('Input appVersion', appVersion);
  else checkVersion('appVersion in Chart.yaml', inChart ?? '', ' Change it there, or give input appVersion.');
}
