import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PipelineRecord } from '../agent/pipelines/run/index.ts';
import { PipelineSteps, readCatalogue } from '../agent/steps/index.ts';
import { startAzure, type Azure } from '../azure/index.ts';
import {
  namedIn,
  Project,
  type ProjectPipeline,
  type RunRequest,
  SampleRepository,
  templatesFolder,
  World,
} from '../delivery/index.ts';
import { Administrator } from './administrator.ts';
import { clusterPrograms } from './cluster-pipeline.ts';

/** A project that was made by copying templates/examples, and the Azure that its pipelines name. */
export interface TemplateProject {
  readonly azure: Azure;
  readonly world: World;
  /** Looks into a cluster, past the pipelines. */
  readonly administrator: (cluster: string) => Administrator;
  /** Commits files, by their path in the sources. */
  readonly commit: (files: Readonly<Record<string, string>>) => void;
  /** Plays a pipeline of the sources, such as `rollback.yml`. */
  readonly run: (file: string, parameters?: Readonly<Record<string, unknown>>) => Promise<PipelineRecord>;
  /** Plays ci.yml, and what its end triggers. */
  readonly deliver: () => Promise<{ readonly ci: PipelineRecord; readonly cd: PipelineRecord | undefined }>;
  readonly close: () => Promise<void>;
}

/**
 * @param files in the place of those of the examples, from the beginning
 * @param environments whether they are there already, without checks, or left to `environments.yml`
 */
export async function startTemplateProject(
  files: Readonly<Record<string, string>> = {},
  environments: 'there' | 'left' = 'there',
): Promise<TemplateProject> {
  const azure = await startAzure();
  const folder = mkdtempSync(path.join(tmpdir(), 'template-project-'));
  const repository = new SampleRepository(path.join(folder, 'go-template-app'));
  for (const [name, text] of Object.entries(files)) repository.write(name, text);
  let commit = repository.commit('Begin');
  const extension = { publisher: 'contoso', id: 'helm-delivery-for-aks' };
  const catalogue = await readCatalogue({ tasks: path.join(templatesFolder, 'dist/tasks'), ...extension });
  const repositories = [
    { alias: 'self', name: 'go-template-app', folder: repository.folder },
    { alias: 'delivery', name: 'helm-delivery', folder: templatesFolder },
  ];
  const steps = new PipelineSteps(catalogue, { standInForDocker: true });
  const projectOf = (...pipelines: readonly ProjectPipeline[]): Project =>
    new Project(azure.organization, steps, repositories, pipelines);
  const project = projectOf(...['ci.yml', 'cd.yml', 'environments.yml'].map(pipelineOf));
  const named = namedIn(project.documents, catalogue);
  const sources = environments === 'left' ? { sources: repository.folder } : {};
  const world = await World.make(azure, named, { programs: [...clusterPrograms, 'gator'], ...sources });
  const request = (): RunRequest => ({ branch: 'refs/heads/main', commit, requestedFor: 'Robin Contoso' });
  return {
    azure,
    world,
    administrator: (name) => new Administrator(azure, world.clusters.get(name) ?? azure.cluster(name)),
    commit(changed) {
      for (const [name, text] of Object.entries(changed)) repository.write(name, text);
      commit = repository.commit('Change the application');
    },
    run: (file, parameters = {}) =>
      projectOf(pipelineOf(file)).run(pipelineOf(file).name, { ...request(), parameters }, 'Manual'),
    async deliver() {
      const ci = await project.run('go-template-app-ci', request());
      const [cd] = await project.runTriggered(ci, request());
      return { ci, cd };
    },
    async close() {
      await world.close();
      rmSync(folder, { recursive: true });
      await azure.close();
    },
  };
}

const pipelineOf = (file: string): ProjectPipeline => ({ name: `go-template-app-${path.parse(file).name}`, file });
