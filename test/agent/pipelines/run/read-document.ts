import type { ExpandedPipeline } from '../expand.ts';
import { NotSupported } from '../yaml/refusal.ts';
import { valueOf, type MappingToken, type Token } from '../yaml/token.ts';
import type {
  LockBehavior,
  PipelineDocument,
  PipelineResource,
  PipelineTrigger,
  RepositoryResource,
  StageDocument,
} from './document.ts';
import { flag, given, items, needed, text, texts } from './fields.ts';
import { readJob, readVariables } from './read-job.ts';
import { fullBranch } from './resources.ts';

/** Reads an expanded pipeline. Throws NotSupported for what this runner does not play, by its name. */
export function readPipeline(root: ExpandedPipeline): PipelineDocument {
  if (root.kind !== 'mapping') throw new NotSupported('a pipeline that is no mapping');
  const resources = valueOf(root, 'resources');
  return {
    variables: readVariables(root),
    pipelines: resources === undefined ? [] : items(resources, 'pipelines').map(readResource),
    repositories: resources === undefined ? [] : items(resources, 'repositories').map(readRepository),
    stages: items(root, 'stages').map(readStage),
    ...given<Pick<PipelineDocument, 'name' | 'lockBehavior' | 'extended'>>({
      extended: root.extended,
      name: text(root, 'name'),
      lockBehavior: lockBehavior(root),
    }),
  };
}

/** Without a ref it is main, which is every default branch here. */
function readRepository(resource: MappingToken): RepositoryResource {
  const alias = needed(resource, 'repository');
  return {
    alias,
    type: text(resource, 'type') ?? 'git',
    name: text(resource, 'name') ?? alias,
    ref: fullBranch(text(resource, 'ref') ?? 'main'),
  };
}

function readStage(stage: MappingToken): StageDocument {
  return {
    name: needed(stage, 'stage'),
    variables: readVariables(stage),
    isManual: text(stage, 'trigger') === 'manual',
    jobs: items(stage, 'jobs').map(readJob),
    ...given<Pick<StageDocument, 'displayName' | 'dependsOn' | 'condition' | 'lockBehavior'>>({
      displayName: text(stage, 'displayName'),
      dependsOn: texts(stage, 'dependsOn'),
      condition: text(stage, 'condition'),
      lockBehavior: lockBehavior(stage),
    }),
  };
}

function lockBehavior(place: MappingToken): LockBehavior | undefined {
  const value = text(place, 'lockBehavior');
  if (value === undefined || value === 'sequential' || value === 'runLatest') return value;
  throw new NotSupported(`lockBehavior: ${value}`);
}

/** A source may be written with its folder, `\delivery\orders-ci`; a pipeline is known by its name. */
function readResource(resource: MappingToken): PipelineResource {
  const source = needed(resource, 'source');
  return {
    alias: needed(resource, 'pipeline'),
    source: source.slice(source.lastIndexOf('\\') + 1),
    tags: texts(resource, 'tags') ?? [],
    ...given<Pick<PipelineResource, 'project' | 'version' | 'branch' | 'trigger'>>({
      project: text(resource, 'project'),
      version: text(resource, 'version'),
      branch: text(resource, 'branch'),
      trigger: readTrigger(valueOf(resource, 'trigger')),
    }),
  };
}

function readTrigger(trigger: Token | undefined): PipelineTrigger | undefined {
  if (trigger === undefined) return undefined;
  const everything = { branches: { include: [], exclude: [] }, stages: [], tags: [] };
  if (trigger.kind === 'scalar') return trigger.text.toLowerCase() === 'true' ? everything : undefined;
  if (!flag(trigger, 'enabled', true)) return undefined;
  const branches = valueOf(trigger, 'branches');
  const isList = branches?.kind === 'sequence';
  return {
    branches: {
      include: (isList ? texts(trigger, 'branches') : branches && texts(branches, 'include')) ?? [],
      exclude: (isList || branches === undefined ? undefined : texts(branches, 'exclude')) ?? [],
    },
    stages: texts(trigger, 'stages') ?? [],
    tags: texts(trigger, 'tags') ?? [],
  };
}
