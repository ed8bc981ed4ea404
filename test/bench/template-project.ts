import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JobOptions } from '../agent/index.ts';
import { expandedPipeline } from '../agent/pipelines/expand.ts';
import { readPipeline, runPipeline, type PipelineRecord } from '../agent/pipelines/run/index.ts';
import { PipelineSteps, readCatalogue } from '../agent/steps/index.ts';
import { startAzure, type Azure, type Cluster } from '../azure/index.ts';
import { realProgram } from '../real/index.ts';
import { Administrator } from './administrator.ts';
import { clusterPrograms, userRole } from './cluster-pipeline.ts';
import { azureConnection } from './connections.ts';
import { git } from './git.ts';
import { chartsFolder, loginServer } from './pipeline.ts';
import { writeFiles } from './write-files.ts';

const root = path.resolve(import.meta.dirname, '../..');
const clusterNames = ['contoso-qa', 'contoso-prod'];

/** A project that was made by copying templates/examples, and the Azure that its pipelines name. */
export interface TemplateProject {
  readonly azure: Azure;
  /** Looks into a cluster, past the pipelines. */
  readonly administrator: (cluster: string) => Administrator;
  /** Commits files, by their path in the sources. */
  readonly commit: (files: Readonly<Record<string, string>>) => void;
  /** Plays a pipeline of the sources; a run of `ci` that triggered it may be given. */
  readonly run: (file: string, more?: { parameters?: unknown; ci?: PipelineRecord }) => Promise<PipelineRecord>;
  readonly close: () => Promise<void>;
}

/** Starts it: one connection with all roles, a registry, and the clusters contoso-qa and contoso-prod. */
export async function startTemplateProject(): Promise<TemplateProject> {
  const azure = await startAzure();
  azure.registry(loginServer);
  const clusters = new Map(
    clusterNames.map((name): [string, Cluster] => [name, azure.cluster(name, { resourceGroup: name })]),
  );
  azure.organization.agent = await agentOf(azure);
  const folder = sources();
  const steps = await tasks();
  return {
    azure,
    administrator: (name) => new Administrator(azure, clusters.get(name) ?? azure.cluster(name)),
    commit: (files) => commit(writeFiles(folder, files)),
    async run(file, { parameters = {}, ci } = {}) {
      const entry = { file: path.join(folder, file), repositories: new Map([['delivery', root]]), parameters };
      const reason = ci === undefined ? 'Manual' : 'ResourceTrigger';
      const head = { branch: 'refs/heads/main', commit: git(folder, 'rev-parse', 'HEAD').trim() };
      return runPipeline({
        pipeline: readPipeline(expandedPipeline(entry)),
        queued: {
          pipeline: `go-template-app-${path.parse(file).name}`,
          ...head,
          reason,
          requestedFor: 'Robin Contoso',
        },
        service: azure.organization,
        steps,
        repositories: [
          { alias: 'self', name: 'go-template-app', folder },
          { alias: 'delivery', name: 'contoso/helm-delivery', folder: root },
        ],
        ...(ci && {
          consumedRuns: new Map([['ci', azure.organization.consumedRun(ci.run.id)]]),
          triggeringAlias: 'ci',
        }),
      });
    },
    async close() {
      rmSync(folder, { recursive: true });
      await azure.close();
    },
  };
}

async function agentOf(azure: Azure): Promise<() => Promise<JobOptions>> {
  const roles = ['AcrPush', 'AcrPull'].map((role) => ({ role, scope: loginServer }));
  const onClusters = clusterNames.flatMap((scope) =>
    [userRole, 'Azure Kubernetes Service RBAC Cluster Admin'].map((role) => ({ role, scope })),
  );
  const identity = azure.identities.add({ kind: 'federated', roles: [...roles, ...onClusters] });
  const folders = await Promise.all(clusterPrograms.map(async (id) => path.dirname(await realProgram(id))));
  const PATH = [...folders, process.env['PATH'] ?? ''].join(path.delimiter);
  return () =>
    Promise.resolve({
      serviceConnections: [azureConnection(identity)],
      environment: { ...azure.environment, PATH },
    });
}

async function tasks(): Promise<PipelineSteps> {
  const extension = { publisher: 'contoso', id: 'helm-delivery-for-aks' };
  const catalogue = await readCatalogue({ tasks: path.join(root, 'dist/tasks'), ...extension });
  return new PipelineSteps(catalogue, { standInForDocker: true });
}

/** The examples, unchanged, beside the application that they are of. */
function sources(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'template-project-'));
  const chart = path.join(folder, 'charts/go-template-app');
  cpSync(path.join(root, 'templates/examples'), folder, { recursive: true });
  cpSync(path.join(chartsFolder, 'go-template-app'), chart, { recursive: true });
  cpSync(path.join(chartsFolder, 'contoso-common'), path.join(chart, 'charts/contoso-common'), { recursive: true });
  const values = { 'deploy/qa.yaml': '{}\n', 'deploy/production.yaml': '{}\n' };
  writeFiles(folder, { Dockerfile: 'FROM scratch\n', ...values });
  git(folder, 'init', '--quiet', '--initial-branch', 'main');
  commit(folder);
  return folder;
}

function commit(folder: string): void {
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', 'Change the application');
}
