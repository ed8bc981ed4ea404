import assert from 'node:assert/strict';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { startAzure, type Azure, type EmulatedRegistry } from '../azure/index.ts';
import { realProgram } from '../real/index.ts';
import { entriesOf } from './archive-entries.ts';
import { packed } from './odd-charts.ts';
import { loginServer, startPipelineOn, type Pipeline, type PipelineOptions } from './pipeline.ts';
import { chartYaml, writeFiles } from './write-files.ts';

/** A token of the registry that may pull the charts in it. */
export const puller = { username: 'puller', password: 'p:ss/w+rd=%41' };

/** The lines of a Chart.yaml that depends on the chart `common`. */
export function commonAt(repository: string): string {
  return `dependencies:\n- {name: common, version: 1.x, repository: "${repository}"}\n`;
}

/** Jobs of one Azure whose sources hold the chart `app`; to be made where a `describe` starts. */
export class AppJobs {
  #azure: Azure | undefined;
  #registry: EmulatedRegistry | undefined;
  readonly #open: Pipeline[] = [];
  /** A real helm. */
  helm = '';

  constructor() {
    before(async () => {
      this.helm = await realProgram('helm-4.1');
      this.#azure = await startAzure();
      const tokens = [{ ...puller, scopeMap: { 'helm/*': ['pull' as const] } }];
      this.#registry = this.azure.registry(loginServer, { tokens });
      await this.seed(this.#registry, 'helm', 'common', '1.2.0');
    });
    afterEach(async () => {
      for (const pipeline of this.#open.splice(0)) await pipeline.close();
    });
    after(() => this.#azure?.close());
  }

  get azure(): Azure {
    assert.ok(this.#azure !== undefined);
    return this.#azure;
  }

  /** Puts a small chart into a registry. */
  async seed(target: EmulatedRegistry, namespace: string, name: string, version: string): Promise<void> {
    await target.seedChart(namespace, { name, version, archive: this.archive(name, version) });
  }

  /** A small chart, packed. */
  archive(name: string, version: string): Buffer {
    return Buffer.from(packed(this.helm, name, version));
  }

  /** A job whose chart `app` has these dependencies. */
  async jobWith(dependencies: string, options: PipelineOptions = {}): Promise<Pipeline> {
    assert.ok(this.#registry !== undefined);
    const pipeline = await startPipelineOn(this.azure, this.#registry, options);
    this.#open.push(pipeline);
    const folder = path.join(pipeline.job.folders.sources, 'app');
    writeFiles(folder, { 'Chart.yaml': chartYaml('app', '1.0.0', dependencies) });
    pipeline.commit('2026-03-01T12:00:00Z');
    return pipeline;
  }
}

/** Saves the chart `app`. */
export function saveApp(pipeline: Pipeline, inputs: Record<string, string> = {}): Promise<StepResult> {
  return pipeline.run('HelmChartSave', { inputs: { chartPath: 'app', ...inputs }, watchCommandLines: true });
}

/** The step succeeded, and its archive has this file. */
export async function assertHolds(step: StepResult, file: string): Promise<void> {
  assert.equal(step.result, 'Succeeded', step.log.join('\n'));
  assert.deepEqual(step.violations, []);
  assert.ok((await entriesOf(step.outputs['chartPath'] ?? '')).has(file));
}

/** No secret of the job was printed, stood on a command line or is on the disk after the job, which ends here. */
export async function assertNoSecretAnywhere({ job }: Pipeline, step: StepResult): Promise<void> {
  await job.finish();
  assert.deepEqual(job.secretLeaks(step), []);
  assert.deepEqual(job.secretsOnCommandLines(step), []);
  assert.deepEqual(await job.secretsOnDisk(), []);
}
