import { mkdir, mkdtemp, rename } from 'node:fs/promises';
import path from 'node:path';
import type { HelmCli } from '../../helm/index.ts';
import type { TaskContext } from '../../task/context.ts';
import { type Given, given } from '../../task/inputs.ts';
import { TaskError } from '../../task/outcome.ts';
import { shown } from '../../text/shown.ts';
import { checkSchemas } from '../schemas/check.ts';
import { fromArchive } from './from-archive.ts';
import { folderNamed, fromFolder } from './from-folder.ts';
import { fromRegistry } from './from-registry.ts';
import { fromRepository } from './from-repository.ts';
import { type ChartNames, type NamedChart, namedChart } from './named-chart.ts';
import { type ChartConnections, RegistryAccess } from './registry-access.ts';
import type { TakenChart } from './taken-chart.ts';

/** The inputs by which a step finds its chart, and helm, which is asked for where it has work to do. */
export interface ChartRequest extends ChartNames, ChartConnections {
  /** Whether values schemas may refer to the web, from where helm would fetch what they refer to. */
  readonly schemaReferences: Given<boolean>;
  helm(): Promise<HelmCli>;
}

/** The inputs of a task that say where its chart comes from, but for the chart itself. */
export interface ChartInputs {
  readonly chartRepository: string | undefined;
  readonly chartVersion: string | undefined;
  readonly azureSubscription: string | undefined;
  readonly registryConnection: string | undefined;
  readonly containerRegistry: string | undefined;
  readonly registry: string | undefined;
  readonly allowSchemaReferences: boolean;
}

/** What the inputs say of a chart, each with its name. */
export function chartRequest(chart: Given<string>, inputs: ChartInputs, helm: () => Promise<HelmCli>): ChartRequest {
  return {
    chart,
    repository: given(inputs, 'chartRepository'),
    version: given(inputs, 'chartVersion'),
    azureSubscription: given(inputs, 'azureSubscription'),
    registryConnection: given(inputs, 'registryConnection'),
    containerRegistry: given(inputs, 'containerRegistry'),
    registry: given(inputs, 'registry'),
    schemaReferences: given(inputs, 'allowSchemaReferences'),
    helm,
  };
}

/** A chart that helm may have: its archive was read through and found harmless. */
export interface ChartToDeploy {
  /** A `.tgz` in the private folder. */
  readonly archive: string;
  readonly name: string;
  readonly version: string;
  readonly appVersion: string | undefined;
  /** Digest of the manifest where it came from a registry, else of the archive. */
  readonly digest: string;
  readonly from: 'registry' | 'archive' | 'folder' | 'repository';
  /** Where it came from, as it is shown to people. */
  readonly reference: string;
}

/**
 * Gets the chart that the inputs name into the private folder: out of a registry, by our own client; an archive; a folder,
 * packaged as HelmChartSave does; or out of a chart repository, by helm.
 * @throws TaskError with what was given and what to do, when there is no such chart, or helm should not have it
 */
export async function chartToDeploy(request: ChartRequest, context: TaskContext): Promise<ChartToDeploy> {
  const named = namedChart(request);
  const folder = await mkdtemp(path.join(context.privateFolder(), 'chart-'));
  const { from, taken } = await take(named, request, folder, context);
  const { metadata } = taken.facts;
  const { name, version } = metadata;
  if (from === 'archive' || from === 'folder') checkVersion(named.version, version, request);
  const archive = await putInto(folder, taken.file, `${name}-${version}.tgz`);
  // Those of a folder were looked at before it was packaged.
  if (from !== 'folder') await checkSchemas(folder, request.schemaReferences, context);
  return {
    archive,
    name,
    version,
    appVersion: metadata.appVersion,
    digest: taken.digest,
    from,
    reference: taken.reference,
  };
}

async function take(
  named: NamedChart,
  request: ChartRequest,
  folder: string,
  context: TaskContext,
): Promise<{ from: ChartToDeploy['from']; taken: TakenChart }> {
  const { from } = named;
  const { input } = request.chart;
  if (from === 'registry') {
    const access = new RegistryAccess(request, context);
    return { from, taken: await fromRegistry(named, { input, access, folder }, context) };
  }
  if (from === 'repository') {
    return { from, taken: await fromRepository(named, { helm: await request.helm(), folder }, context) };
  }
  const chartFolder = await folderNamed(named.path, context);
  if (chartFolder === undefined) return { from: 'archive', taken: await fromArchive(request, folder, context) };
  const rules = { ...folderRules(request, context), helm: () => request.helm() };
  const places = { folder: chartFolder, destination: folder };
  return { from: 'folder', taken: await fromFolder(request.chart, places, rules, context) };
}

function folderRules(request: ChartRequest, context: TaskContext) {
  const { azureSubscription, registryConnection, containerRegistry, registry } = request;
  return {
    schemaReferences: request.schemaReferences,
    dependencies: {
      build: { input: request.chart.input, value: 'auto' },
      registries: registry,
      connection: new RegistryAccess(request, context).forDependencies(),
      advice:
        `give it as ${registryConnection.input} or ${azureSubscription.input}, and its login server as ${registry.input}, or as ` +
        containerRegistry.input,
    },
  } as const;
}

/** Where helm, and what looks through packed charts, find it: `charts/` holds packed charts. */
async function putInto(folder: string, file: string, name: string): Promise<string> {
  const charts = path.join(folder, 'charts');
  await mkdir(charts);
  const archive = path.join(charts, name);
  await rename(file, archive);
  return archive;
}

function checkVersion(wanted: string | undefined, found: string, { chart, version }: ChartRequest): void {
  if (wanted === undefined || wanted === found) return;
  throw new TaskError(
    `Input ${version.input} is '${wanted}', but the chart at ${shown(chart.value)} has the version ${shown(found)}: leave ` +
      `${version.input} empty, or package the chart with that version.`,
  );
}
