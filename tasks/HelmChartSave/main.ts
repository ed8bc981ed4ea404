import path from 'node:path';
import { checkChartVersion } from '../common/chart/metadata/identity.ts';
import { inspectArchive } from '../common/chart/archive/inspect.ts';
import { readingIn, warnOfSize } from '../common/chart/archive/reading.ts';
import { makeReproducible } from '../common/chart/archive/reproducible.ts';
import { readChartFolder } from '../common/chart/metadata/folder.ts';
import { HelmCli } from '../common/helm/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import { checkWord } from '../common/task/outputs.ts';
import { chartFolder } from './chart-folder.ts';
import { ChartCopies } from './chart-parts.ts';
import { addDependencies } from './dependencies.ts';
import { destinationFolder } from './destination.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { gitFiles } from './git-files.ts';
import { sourceTime } from './source-time.ts';
import { inTermsOfSources, placeOf } from './source-terms.ts';

/** Lints and packages a chart, and makes the archive the same for everyone who saves the same content. */
export async function main(inputs: Inputs, context: TaskContext<Output>): Promise<string> {
  const { folder, sources, files } = await chartFolder(inputs.chartPath, context);
  const chart = await readChartFolder(folder);
  checkAppVersion(inputs, chart.appVersion);
  const version = inputs.chartVersion && checkChartVersion(inputs.chartVersion, 'input chartVersion');
  const destination = await destinationFolder(inputs.destination, folder, context);
  const copies = new ChartCopies({ sources, mode: inputs.buildDependencies }, context);
  const copy = await inTermsOfSources(sources, context, () => copies.of(files, () => chart));
  const helm = await HelmCli.find(context, inputs.helmVersion);
  const time = sourceTime(context);
  const name = `${chart.name}-${version ?? chart.version}.tgz`;
  const target = path.join(destination, name);

  const reading = readingIn(context, (archived) => placeOf(copy, archived));
  await inTermsOfSources(sources, context, async () => {
    const lockIsNew = await addDependencies(copy, { helm, inputs, sources }, context);
    if (inputs.lint) await helm.lint(copy.folder);
    const packaged = await helm.package(copy.folder, context.privateFolder(), {
      chart: version,
      app: inputs.appVersion,
    });
    await makeReproducible(packaged, target, time, {
      lockIsNew,
      leaveOut: gitFiles(files.hasGit, context),
      limits: reading,
    });
  });

  const { metadata, digest, size } = await inspectArchive(target, reading);
  warnOfSize(target, size, context);
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
