import { chartFolder } from '../common/chart/folder/find.ts';
import { readChartFolder } from '../common/chart/metadata/folder.ts';
import { packageFolder } from '../common/chart/source/package-folder.ts';
import { sourceTime } from '../common/chart/source/source-time.ts';
import { HelmCli } from '../common/helm/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import { given } from '../common/task/inputs.ts';
import { checkVersion } from '../common/task/outputs.ts';
import { dependencyRules } from './dependency-rules.ts';
import { destinationFolder } from './destination.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { replacedFields, wantedVersion } from './versions.ts';

/** Lints and packages a chart, and makes the archive the same for everyone who saves the same content. */
export async function main(inputs: Inputs, context: TaskContext<Output>): Promise<string> {
  const time = sourceTime(context);
  const found = await chartFolder(given(inputs, 'chartPath'), context);
  const chart = await readChartFolder(found.folder, {
    replaced: replacedFields(inputs),
    warn: (text) => context.log.warning(text),
  });
  checkAppVersion(inputs, chart.appVersion);
  const packaging = {
    chart,
    versions: { chart: wantedVersion(inputs, chart.version), app: inputs.appVersion },
    time,
    dependencies: dependencyRules(inputs, context),
    lint: inputs.lint,
    schemaReferences: given(inputs, 'allowSchemaReferences'),
    helm: () => HelmCli.find(context, given(inputs, 'helmVersion')),
  };
  const destination = await destinationFolder(inputs.destination, found.folder, context);
  const { file, facts } = await packageFolder(found, packaging, destination, context);
  const { metadata, digest } = facts;
  context.setOutput('chartName', metadata.name);
  context.setOutput('chartVersion', metadata.version);
  context.setOutput('appVersion', metadata.appVersion ?? '');
  context.setOutput('chartPath', file);
  context.setOutput('archiveDigest', digest);
  return `Saved ${metadata.name} ${metadata.version} to ${file} (${digest})`;
}

/** Before anything is packaged: the app version becomes an output, and later a tag or a value of the handoff. */
function checkAppVersion({ appVersion }: Inputs, inChart: string | undefined): void {
  if (appVersion !== undefined) checkVersion('Input appVersion', appVersion);
  else checkVersion('appVersion in Chart.yaml', inChart ?? '', ' Change it there, or give input appVersion.');
}
