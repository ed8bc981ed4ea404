import { withKnownTexts, type PipelineDocument } from '../../test/agent/pipelines/run/index.ts';
import type { TaskCatalogue } from '../../test/agent/steps/index.ts';
import { startAzure, type Azure } from '../../test/azure/index.ts';
import { namedIn, programsIn, World, type Named, type NamedConnection } from '../../test/delivery/index.ts';
import { realProgram, type ProgramId } from '../../test/real/index.ts';

/** What a pipeline needs of Azure, and the programs that its agents need. */
export interface Needs {
  readonly named: Named;
  readonly programs: readonly ProgramId[];
  /** Where the files lie of which steps make environments; undefined where none does. */
  readonly sources: string | undefined;
}

const isOfAzure = ({ pulls, pushes, clusters }: NamedConnection): boolean =>
  pulls.size + pushes.size + clusters.size > 0;

/** Finds out what a pipeline needs, and obtains the programs: some are built at their first use, which takes a while. */
export async function needsOf(
  pipeline: PipelineDocument,
  catalogue: TaskCatalogue,
  variables: Readonly<Record<string, string>>,
  folder: string,
): Promise<Needs> {
  const known = [withKnownTexts(pipeline, variables)];
  const found = namedIn(known, catalogue);
  // Variable groups hold what nobody but their owner knows: a run that names one is refused, as by the service.
  const named = { ...found, variableGroups: [] };
  const ofAzure: ProgramId[] = found.connections.some(isOfAzure) ? ['helm-4.1'] : [];
  const ofClusters: ProgramId[] = found.clusters.length > 0 ? ['kubectl', 'kubelogin'] : [];
  const programs = [...new Set([...programsIn(known, catalogue), ...ofAzure, ...ofClusters])];
  await Promise.all(programs.map((program) => realProgram(program)));
  return { named, programs, sources: found.environmentFiles.length > 0 ? folder : undefined };
}

/** An Azure with just what a pipeline names: connections, registries, clusters, and environments without checks, unless a step makes them. */
export async function startPlayedAzure({ named, programs, sources }: Needs): Promise<PlayedAzure> {
  const azure = await startAzure();
  try {
    const world = await World.make(azure, named, { programs, ...(sources !== undefined && { sources }) });
    const close = async (): Promise<void> => {
      await world.close();
      await azure.close();
    };
    return { azure, world, close };
  } catch (error) {
    await azure.close();
    throw error;
  }
}

export interface PlayedAzure {
  readonly azure: Azure;
  readonly world: World;
  readonly close: () => Promise<void>;
}
