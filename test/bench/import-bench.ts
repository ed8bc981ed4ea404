import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import type { StepResult } from '../agent/index.ts';
import { startAzure, type Azure, type EmulatedRegistry, type PlayedRun } from '../azure/index.ts';
import { download, sampleHandoff, startDeployment, type SampleHandoff } from './deployment.ts';
import { loginServer, type Pipeline } from './pipeline.ts';
import { refusalOf } from './refusal.ts';

const handoffSealKey = 'a-key-that-both-pipelines-have';

/** Inputs that have the tags checked in the registry. */
export const checked = { azureSubscription: 'contoso-azure', registry: loginServer };
/** Input that has the seal checked. */
export const withKey = { sealKey: '$(handoffSealKey)' };

type Inputs = Record<string, string>;

/** A deployment job that imports the handoff of CI run 703, on branch main of an Azure of its own. */
export class ImportBench {
  readonly azure: Azure;
  readonly registry: EmulatedRegistry;
  readonly ci: PlayedRun;
  readonly pipeline: Pipeline;
  chartDigest = '';
  imageDigest = '';

  private constructor(azure: Azure, registry: EmulatedRegistry, ci: PlayedRun, pipeline: Pipeline) {
    this.azure = azure;
    this.registry = registry;
    this.ci = ci;
    this.pipeline = pipeline;
  }

  static async start(): Promise<ImportBench> {
    const azure = await startAzure();
    const registry = azure.registry(loginServer);
    const ci = azure.pipelineRuns.add({ projectId: azure.job.projectId, id: 703 });
    const pipeline = await startDeployment(azure, registry, ci, {
      job: { secretVariables: { handoffSealKey }, variables: { emptyKey: '' } },
    });
    return new ImportBench(azure, registry, ci, pipeline);
  }

  async close(): Promise<void> {
    await this.pipeline.close();
    await this.azure.close();
  }

  /** Makes run and registry sound again, with no artifact published or downloaded. */
  async reset(): Promise<void> {
    const archive = Buffer.from('chart');
    this.chartDigest = await this.registry.seedChart('helm', { name: 'app', version: '1.2.3', archive });
    this.imageDigest = this.registry.seedManifest('web', '4f6c2a9', { schemaVersion: 2, config: {}, layers: [] });
    Object.assign(this.ci, { branch: 'refs/heads/main', status: 'completed', result: 'succeeded' });
    this.ci.artifacts.length = 0;
    download(this.pipeline.job, 'build-artifact', undefined);
  }

  sample(): SampleHandoff {
    return sampleHandoff(this.ci, this.chartDigest, this.imageDigest);
  }

  /** The sample with something changed. */
  changed(change: (handoff: SampleHandoff) => void): SampleHandoff {
    const handoff = this.sample();
    change(handoff);
    return handoff;
  }

  run(inputs: Inputs = {}): Promise<StepResult> {
    return this.pipeline.run('HandoffImport', { name: 'handoff', inputs, condition: 'always()' });
  }

  /** Runs the step on a file that was downloaded before. */
  given(content: unknown, inputs: Inputs = {}): Promise<StepResult> {
    const text = Buffer.isBuffer(content) || typeof content === 'string' ? content : JSON.stringify(content);
    download(this.pipeline.job, 'build-artifact', { 'variables.json': text });
    return this.run(inputs);
  }

  /** Asserts that a step failed for this reason, set nothing and gave no secret away. */
  refused(step: StepResult, reason: RegExp): void {
    assert.match(refusalOf(step), reason);
    assert.deepEqual(this.pipeline.job.secretLeaks(step), []);
  }
}

/** The handoff with the seal of the key that the job has. */
export function seal(handoff: SampleHandoff): SampleHandoff {
  const { seal: _seal, ...content } = handoff;
  const value = createHmac('sha256', handoffSealKey)
    .update(JSON.stringify(sorted(content)))
    .digest('hex');
  return { ...handoff, seal: { algorithm: 'HMAC-SHA256', value } };
}

/** Keys sorted: with JSON.stringify enough of RFC 8785 for the sample. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}
