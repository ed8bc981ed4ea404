import path from 'node:path';
import type { HelmCli } from '../../helm/index.ts';
import type { TaskContext } from '../../task/context.ts';
import type { Given } from '../../task/inputs.ts';
import { noNetwork, toolNetwork } from '../../task/network.ts';
import { type ArchiveFacts, inspectArchive, readingIn, warnOfSize } from '../archive/inspect.ts';
import { makeReproducible } from '../archive/reproducible.ts';
import { addDependencies, type DependencyRules } from '../dependencies/add.ts';
import { ChartCopies } from '../dependencies/copies.ts';
import { inTermsOfSources, placeOf } from '../dependencies/source-terms.ts';
import type { FoundChart } from '../folder/find.ts';
import { gitFiles } from '../folder/git-files.ts';
import type { ChartMetadata } from '../metadata/metadata.ts';
import { checkSchemas } from '../schemas/check.ts';

/** How a chart of the sources becomes an archive. */
export interface Packaging {
  /** Its Chart.yaml, as it stands in the sources. */
  readonly chart: ChartMetadata;
  /** What it is packaged as instead of the versions in Chart.yaml. */
  readonly versions: { readonly chart?: string | undefined; readonly app?: string | undefined };
  /** Modification time of all that is in the archive (see source-time.ts). */
  readonly time: Date;
  readonly dependencies: DependencyRules;
  readonly lint: boolean;
  /** Whether values schemas may refer to the web. */
  readonly schemaReferences: Given<boolean>;
  /** Asked for once the chart was copied, so that nothing is installed for one that is refused. */
  helm(): Promise<HelmCli>;
}

/** An archive that was read and checked. */
export interface PackagedChart {
  readonly file: string;
  readonly facts: ArchiveFacts;
}

/**
 * Makes a reproducible archive of a chart in the sources: a copy of it gets its dependencies, its schemas are looked at,
 * helm lints and packages it, and the archive is made the same for everyone. Nothing is written into the sources.
 * @param destination the folder that gets the archive, `<name>-<version>.tgz`
 * @throws TaskError naming the file in the sources that is wrong, or with helm's reason
 */
export async function packageFolder(
  { sources, files }: FoundChart,
  packaging: Packaging,
  destination: string,
  context: TaskContext,
): Promise<PackagedChart> {
  const { chart, versions, time, dependencies } = packaging;
  const copies = new ChartCopies({ sources, mode: dependencies.build.value }, context);
  const copy = await inTermsOfSources(sources, context, () => copies.of(files, () => chart));
  const helm = await packaging.helm();
  const target = path.join(destination, `${chart.name}-${versions.chart ?? chart.version}.tgz`);
  const reading = readingIn(context, (archived) => placeOf(copy, archived));
  await inTermsOfSources(sources, context, async () => {
    const lockIsNew = await addDependencies(copy, { helm, rules: dependencies, sources }, context);
    await checkAndLint(helm, copy.folder, packaging, context);
    const packaged = await helm.package(copy.folder, context.privateFolder(), versions);
    const leaveOut = gitFiles(files.hasGit, context);
    await makeReproducible(packaged, target, time, { lockIsNew, leaveOut, limits: reading });
  });
  const facts = await inspectArchive(target, reading);
  warnOfSize(target, facts.size, context);
  return { file: target, facts };
}

/** When the dependencies are there, whose schemas count as well. */
async function checkAndLint(
  helm: HelmCli,
  folder: string,
  { lint, schemaReferences }: Packaging,
  context: TaskContext,
): Promise<void> {
  await checkSchemas(folder, schemaReferences, context);
  if (!lint) return;
  const taken = await helm.lint(folder, schemaReferences.value ? toolNetwork(context.network) : noNetwork);
  if (taken === '') return;
  context.log.info(`helm package takes what helm lint calls an error, so the step goes on: ${taken}`);
}
