import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PipelineSteps, readCatalogue, type TaskCatalogue } from '../../test/agent/steps/index.ts';
import type { PipelineRecord, RunEvent } from '../../test/agent/pipelines/run/index.ts';
import { isGroup, person, type Person } from '../../test/azure/devops/index.ts';
import { startAzure, type Azure } from '../../test/azure/index.ts';
import {
  namedIn,
  Project,
  SampleRepository,
  templatesFolder,
  World,
  type WorldOptions,
} from '../../test/delivery/index.ts';
import extension from '../../vss-extension.json' with { type: 'json' };

const [ci, cd, environments] = ['go-template-app-ci', 'go-template-app-cd', 'go-template-app-environments'];
const registry = 'contoso.azurecr.io';
const branch = 'refs/heads/main';

/** Who looks after production. */
export const approver: Person = person('Kim Contoso');
const requestedFor = 'Robin Contoso';

/** What one commit led to. */
export interface Delivered {
  readonly ci: PipelineRecord;
  readonly cd: PipelineRecord;
}

/** A repository with the shipped examples, their pipelines, and the Azure that they name. */
export class Rehearsal {
  readonly repository = new SampleRepository(
    path.join(mkdtempSync(path.join(tmpdir(), 'sources-')), 'go-template-app'),
  );
  readonly azure: Azure;
  readonly #catalogue: TaskCatalogue;
  readonly #project: Project;
  #world: World | undefined;
  #ciRun: PipelineRecord | undefined;

  private constructor(azure: Azure, catalogue: TaskCatalogue) {
    this.azure = azure;
    this.#catalogue = catalogue;
    const repositories = [
      { alias: 'self', name: 'go-template-app', folder: this.repository.folder },
      { alias: 'delivery', name: 'helm-delivery', folder: templatesFolder },
    ];
    const pipelines = [
      { name: ci, file: 'ci.yml' },
      { name: cd, file: 'cd.yml' },
      { name: environments, file: 'environments.yml' },
    ];
    const steps = new PipelineSteps(catalogue, { standInForDocker: true });
    this.#project = new Project(azure.organization, steps, repositories, pipelines);
  }

  static async start(): Promise<Rehearsal> {
    const { publisher, id } = extension;
    const tasks = path.resolve(import.meta.dirname, '../../dist/tasks');
    return new Rehearsal(await startAzure(), await readCatalogue({ tasks, publisher, id }));
  }

  get world(): World {
    if (this.#world === undefined) throw new Error('The world is not made yet.');
    return this.#world;
  }

  /** Makes what the pipelines, as they are now, name, but the environments; the approver belongs to the group that is asked. */
  async makeWorld(options: WorldOptions): Promise<World> {
    const named = namedIn(this.#project.documents, this.#catalogue);
    this.#world = await World.make(this.azure, named, { ...options, sources: this.repository.folder });
    const { people } = this.azure.organization;
    for (const asked of people.search('LocalGroupName', 'Release approvers'))
      if (isGroup(asked)) asked.members.push(approver);
    people.add(approver);
    return this.#world;
  }

  /** Runs the pipeline that makes the environments with their approvals and checks. */
  makeEnvironments(listener: (event: RunEvent) => void): Promise<PipelineRecord> {
    const request = { branch, commit: this.repository.commit('Begin'), requestedFor, listener };
    return this.#project.run(environments, request, 'Manual');
  }

  /** Commits what is there, which triggers CI, whose end triggers CD. */
  async deliver(
    message: string,
    listener: (event: RunEvent) => void,
    between?: () => Promise<void> | void,
  ): Promise<Delivered> {
    const request = { branch, commit: this.repository.commit(message), requestedFor, listener };
    this.#ciRun = await this.#project.run(ci, request);
    await between?.();
    const [triggered] = await this.#project.runTriggered(this.#ciRun, request);
    if (triggered === undefined) throw new Error(`${ci} ended as ${this.#ciRun.result}, and triggered nothing.`);
    return { ci: this.#ciRun, cd: triggered };
  }

  /** Lets the tag of the chart that CI pushed point to another one. */
  async moveTag(): Promise<void> {
    const outputs = this.#ciRun?.stages.flatMap(({ jobs }) =>
      jobs.flatMap(({ parts }) => parts.flatMap(({ steps }) => steps)),
    );
    const version = outputs?.find(({ name }) => name === 'push')?.outputs['chartVersion'] ?? '';
    const chart = { name: 'go-template-app', version, archive: Buffer.from('another chart') };
    await this.world.registries.get(registry)?.seedChart('helm', chart);
  }

  /** Changes a values file in the artifact of the CI run. */
  tamper(): void {
    const { projectId } = this.azure.job;
    const artifact = this.azure.pipelineRuns.find(projectId, this.#ciRun?.run.id ?? 0)?.artifacts[0];
    if (artifact === undefined) throw new Error('The CI run has no artifact.');
    artifact.files = {
      ...artifact.files,
      'files/deploy/qa.yaml': Buffer.from('config:\n  GREETING: Hello from nobody\n'),
    };
  }

  async close(): Promise<void> {
    await this.#world?.close();
    await this.azure.close();
  }
}
