import type { PipelineDocument, StepDocument } from '../agent/pipelines/run/index.ts';
import type { TaskCatalogue } from '../agent/steps/index.ts';
import type { TaskDefinition } from '../agent/task-definition.ts';

/** What a service connection is used for. */
export interface NamedConnection {
  readonly name: string;
  /** Login servers that it pulls from. */
  readonly pulls: Set<string>;
  /** Login servers that it pushes to. */
  readonly pushes: Set<string>;
  readonly clusters: Set<string>;
  /** Whether it makes environments and their checks. */
  managesEnvironments: boolean;
}

export interface NamedCluster {
  readonly name: string;
  readonly resourceGroup: string;
}

/** What pipelines name and do not hold themselves. */
export interface Named {
  readonly connections: readonly NamedConnection[];
  readonly registries: readonly string[];
  readonly clusters: readonly NamedCluster[];
  /** Those that jobs deploy to. */
  readonly environments: readonly string[];
  /** Files, from the sources or in them by a variable, of which a step makes environments. */
  readonly environmentFiles: readonly string[];
  readonly variableGroups: readonly string[];
}

const pushingTasks = ['ContainerRegistryLogin', 'HelmChartPush'];
const environmentTask = 'EnvironmentChecks';
const connectionTypes = ['connectedService:AzureRM', 'connectedService:WorkloadIdentityUser'];

/** Finds out what pipelines name, by the inputs of their steps. What only a running step would know, as a macro, is left out. */
export function namedIn(pipelines: readonly PipelineDocument[], catalogue: TaskCatalogue): Named {
  const connections = new Map<string, NamedConnection>();
  const clusters = new Map<string, NamedCluster>();
  const registries = new Set<string>();
  const environmentFiles: string[] = [];
  for (const step of pipelines.flatMap(stepsOf)) {
    const definition = catalogue.find(step.task, step.version)?.definition;
    if (definition === undefined) continue;
    if (definition.name === environmentTask) environmentFiles.push(step.inputs['file'] ?? fileOf(definition));
    const servers = wordsOf(step.inputs['registry']);
    for (const server of servers) registries.add(server.toLowerCase());
    const cluster = clusterOf(step);
    if (cluster !== undefined) clusters.set(cluster.name, cluster);
    for (const name of connectionsOf(step, definition)) {
      const known = connections.get(name) ?? unused(name);
      connections.set(name, known);
      if (definition.name === environmentTask) known.managesEnvironments = true;
      for (const server of servers) known[pushingTasks.includes(definition.name) ? 'pushes' : 'pulls'].add(server);
      if (cluster !== undefined) known.clusters.add(cluster.name);
    }
  }
  return {
    connections: [...connections.values()],
    registries: [...registries],
    clusters: [...clusters.values()],
    environments: unique(pipelines.flatMap(environmentsOf)),
    environmentFiles: unique(environmentFiles),
    variableGroups: unique(pipelines.flatMap(groupsOf)),
  };
}

/** All steps of a pipeline. */
export function stepsOf({ stages }: PipelineDocument): StepDocument[] {
  return stages
    .flatMap(({ jobs }) => jobs)
    .flatMap((job) => (job.kind === 'job' ? job.steps : job.hooks.flatMap(({ steps }) => steps)));
}

function environmentsOf({ stages }: PipelineDocument): string[] {
  return stages
    .flatMap(({ jobs }) => jobs)
    .flatMap((job) => (job.kind === 'deployment' ? wordsOf(job.environment) : []));
}

function groupsOf({ variables, stages }: PipelineDocument): string[] {
  const ofStages = stages.flatMap((stage) => [...stage.variables, ...stage.jobs.flatMap((job) => job.variables)]);
  return [...variables, ...ofStages].flatMap((one) => (one.kind === 'group' ? [one.name] : []));
}

function connectionsOf({ inputs }: StepDocument, { inputs: declared = [] }: TaskDefinition): string[] {
  const names = declared.filter(({ type = '' }) => connectionTypes.includes(type)).map(({ name }) => name);
  return unique(names.flatMap((name) => wordsOf(inputs[name])));
}

function clusterOf({ inputs }: StepDocument): NamedCluster | undefined {
  const [name] = wordsOf(inputs['cluster']);
  const [resourceGroup] = wordsOf(inputs['resourceGroup']);
  return name === undefined || resourceGroup === undefined ? undefined : { name, resourceGroup };
}

/** What the task reads where its step names no file. */
const fileOf = ({ inputs }: TaskDefinition): string =>
  String(inputs?.find(({ name }) => name === 'file')?.defaultValue ?? '');

/** The lines of an input, without those that only a run can tell. */
function wordsOf(text = ''): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.includes('$('));
}

function unused(name: string): NamedConnection {
  return { name, pulls: new Set(), pushes: new Set(), clusters: new Set(), managesEnvironments: false };
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
