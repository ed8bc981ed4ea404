import path from 'node:path';
import { inspectArchive } from '../common/chart/archive/inspect.ts';
import { readingIn, warnOfSize } from '../common/chart/archive/inspect.ts';
import { makeReproducible } from '../common/chart/archive/reproducible.ts';
import { readChartFolder } from '../common/chart/metadata/folder.ts';
import { HelmCli } from '../common/helm/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import { given } from '../common/task/inputs.ts';
import { noNetwork, toolNetwork } from '../common/task/network.ts';
import { checkVersion } from '../common/task/outputs.ts';
import { chartFolder } from './chart-folder.ts';
import { ChartCopies } from './chart-parts.ts';
import { checkSchemas } from './check-schemas.ts';
import { addDependencies } from './dependencies.ts';
import { destinationFolder } from './destination.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { gitFiles } from './git-files.ts';
import { sourceTime } from './source-time.ts';
import { inTermsOfSources, placeOf } from './source-terms.ts';
import { replacedFields, wantedVersion } from './versions.ts';

/** Lints and packages a chart, and makes the archive the same for everyone who saves the same content. */
export async function main(inputs: Inputs, context: TaskContext<Output>): Promise<string> {
  const time = sourceTime(context);
  const { folder, sources, files } = await chartFolder(inputs.chartPath, context);
  const chart = await readChartFolder(folder, {
    replaced: replacedFields(inputs),
    warn: (text) => context.log.warning(text),
  });
  checkAppVersion(inputs, chart.appVersion);
  const version = wantedVersion(inputs, chart.version);
  const destination = await destinationFolder(inputs.destination, folder, context);
  const copies = new ChartCopies({ sources, mode: inputs.buildDependencies }, context);
  const copy = await inTermsOfSources(sources, context, () => copies.of(files, () => chart));
  const helm = await HelmCli.find(context, given(inputs, 'helmVersion'));
  const name = `${chart.name}-${version ?? chart.version}.tgz`;
  const target = path.join(destination, name);

  const reading = readingIn(context, (archived) => placeOf(copy, archived));

  await inTermsOfSources(sources, context, async () => {
    const lockIsNew = await addDependencies(copy, { helm, inputs, sources }, context);
    await checkAndLint(helm, copy.folder, inputs, context);
    const versions = { chart: version, app: inputs.appVersion };
    const packaged = await helm.package(copy.folder, context.privateFolder(), versions);
    const leaveOut = gitFiles(files.hasGit, context);
    await makeReproducible(packaged, target, time, { lockIsNew, leaveOut, limits: reading });
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

/** When the dependencies are there, whose schemas count as well. */
async function checkAndLint(
  helm: HelmCli,
  folder: string,
  { lint, allowSchemaReferences }: Inputs,
  context: TaskContext<Output>,
): Promise<void> {
  await checkSchemas(folder, allowSchemaReferences, context);
  if (!lint) return;
  const taken = await helm.lint(folder, allowSchemaReferences ? toolNetwork(context.network) : noNetwork);
  if (taken === '') return;
  context.log.info(`helm package takes what helm lint calls an error, so the step goes on: ${taken}`);
}

/** Before anything is packaged: the app version becomes an output, and later a tag or a value of the handoff. */
function checkAppVersion({ appVersion }: Inputs, inChart: string | undefined): void {
  if (appVersion !== undefined) checkVersion('Input appVersion', appVersion);
  else checkVersion('appVersion in Chart.yaml', inChart ?? '', ' Change it there, or give input appVersion.');
}
