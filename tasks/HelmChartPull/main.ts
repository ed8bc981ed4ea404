import path from 'node:path';
import { readingIn } from '../common/chart/archive/inspect.ts';
import { unpackArchive } from '../common/chart/archive/unpack.ts';
import { versionWarning } from '../common/chart/metadata/identity.ts';
import { openRegistryToPull, pullChart } from '../common/registry/index.ts';
import type { TaskContext } from '../common/task/context.ts';
import { given } from '../common/task/inputs.ts';
import { checkJobPlace } from '../common/task/job-files.ts';
import type { Inputs, Output } from './inputs.gen.ts';
import { wantedChart } from './wanted-chart.ts';

/** Pulls one chart, checks that it is what was asked for, and unpacks it if wanted. */
export async function main(inputs: Inputs, context: TaskContext<Output>): Promise<string> {
  const { referred, ...chart } = wantedChart(inputs);
  const wanted = { ...chart, limit: 'input maxUnpackedMB allows to unpack' };
  const registry = openRegistryToPull({ ...inputs, registry: given(inputs, 'registry') }, context, referred);
  const folder = path.resolve(inputs.destination ?? defaultFolder(context));
  await checkJobPlace(folder, context);
  const reading = readingIn(context);
  const pulled = await pullChart(registry, wanted, folder, reading);
  const { metadata } = pulled.facts;
  const odd = versionWarning(metadata);
  if (odd !== undefined) context.log.warning(odd);
  const chartPath = inputs.unpack
    ? await unpackArchive(pulled.file, folder, { ...reading, maxUnpackedBytes: wanted.maxUnpacked })
    : pulled.file;

  context.setOutput('chartPath', chartPath);
  context.setForeignOutput('chartVersion', metadata.version);
  context.setOutput('chartDigest', pulled.digest);
  context.setForeignOutput('appVersion', metadata.appVersion ?? '');
  return `Pulled ${metadata.name} ${metadata.version} (${pulled.digest}) to ${chartPath}`;
}

function defaultFolder(context: TaskContext<Output>): string {
  return path.join(
    context.variable('Pipeline.Workspace') ?? context.variable('System.DefaultWorkingDirectory') ?? '.',
    'charts',
  );
}
