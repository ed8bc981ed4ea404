import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startJob, type Job, type JobResult, type StepResult } from '../agent/index.ts';
import { aroundJob, type EndedJob } from '../agent/pipelines/run/dependencies.ts';
import { outputsOf } from '../agent/pipelines/run/record.ts';
import { RunVariables } from '../agent/pipelines/run/run-variables.ts';
import { startAzure, type Azure, type PlayedRun } from '../azure/index.ts';
import { sampleHandoff, startDeployment } from '../bench/deployment.ts';
import { loginServer } from '../bench/pipeline.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/handoff.md'), 'utf8');
/** The runtime expressions that the page shows. */
const shown = [...page.matchAll(/\$\[.*?\] \]/g)].map(([expression]) => expression);

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const chartDigestRef = `oci://contoso.azurecr.io/helm/app@${digest('a')}`;

/** Where a job stands in its pipeline. */
interface JobPlace {
  readonly stage: string;
  readonly job: string;
  /** The names of a deployment's outputs begin with its own name. */
  readonly isDeployment?: boolean;
  /** Jobs of the same stage in `dependsOn`. */
  readonly dependsOn?: readonly string[];
  /** Stages in the `dependsOn` of the job's stage. */
  readonly stageDependsOn?: readonly string[];
}

/** The outputs of jobs that are over, as the runner of pipelines hands them to later ones. */
class Ended {
  readonly #stages = new Map<string, Map<string, EndedJob>>();

  record({ stage, job, isDeployment }: JobPlace, { result, steps }: JobResult): void {
    const outputs = new Map(outputsOf({ steps }, isDeployment === true ? `${job}.` : ''));
    this.#stages.set(stage, new Map([...(this.#stages.get(stage) ?? []), [job, { result, outputs }]]));
  }

  /** The value of a job's variable that is declared like this. */
  value({ stage, job, dependsOn = [], stageDependsOn = [] }: JobPlace, expression: string): string {
    const jobs = [...dependsOn.map((name) => ({ name, dependsOn: [] })), { name: job, dependsOn }];
    const before = [...this.#stages].map(([name, ended]) => [name, { result: 'Succeeded', jobs: ended }] as const);
    const stages = { dependsOn: stageDependsOn, ended: new Map(before) };
    const around = aroundJob({ name: job, dependsOn }, jobs, this.#stages.get(stage) ?? new Map(), stages, false);
    return new RunVariables().worked(expression, around);
  }
}

describe('the values of a handoff, as docs/handoff.md shows', () => {
  let azure: Azure;
  let ci: PlayedRun;
  const outputs = new Ended();
  const read: JobPlace = { stage: 'import', job: 'read' };
  const app: JobPlace = { stage: 'qa', job: 'app', isDeployment: true, stageDependsOn: ['import'] };

  before(async () => {
    azure = await startAzure();
    azure.registry(loginServer);
    ci = azure.pipelineRuns.add({ projectId: azure.job.projectId, id: 703 });
    const handoff = sampleHandoff(ci, digest('a'), digest('b'));
    const files = { 'variables.json': Buffer.from(JSON.stringify(handoff)) };
    ci.artifacts.push({ name: 'build-artifact', kind: 'PipelineArtifact', files });
  });
  after(() => azure.close());

  /** A job that imports the handoff; its outputs are remembered. */
  async function importing(place: JobPlace, then?: (job: Job) => Promise<void>): Promise<void> {
    const pipeline = await startDeployment(azure, azure.registry(`${place.job}.azurecr.io`), ci);
    try {
      const step = await pipeline.run('HandoffImport', { name: 'handoff' });
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      await then?.(pipeline.job);
      outputs.record(place, await pipeline.job.finish());
    } finally {
      await pipeline.close();
    }
  }

  /** What a script of a later job reads of a variable that is declared like this. */
  async function readIn(place: JobPlace, expression: string): Promise<string> {
    const job = await startJob({ variables: { value: outputs.value(place, expression) } });
    try {
      const step: StepResult = await job.runScript({ script: 'printf %s "$VALUE"', env: { VALUE: '$(value)' } });
      return step.rawOutput.trim();
    } finally {
      await job.dispose();
    }
  }

  it('reach later steps of the same job, by macro and by environment', () =>
    importing(read, async (job) => {
      const script = 'echo "$REPLICAS $HANDOFF_VAR_REPLICAS $(handoff.chartDigestRef)"';
      const step = await job.runScript({ script, env: { REPLICAS: '$(handoff.var_replicas)' } });
      assert.equal(step.rawOutput.trim(), `2 2 ${chartDigestRef}`);
    }));

  it('come out of a deployment job too', () => importing(app));

  const inStage: JobPlace = { stage: 'import', job: 'use', dependsOn: ['read'] };
  const inQa: JobPlace = { stage: 'qa', job: 'test', dependsOn: ['app'], stageDependsOn: ['import'] };
  const inProduction: JobPlace = { stage: 'production', job: 'deploy', stageDependsOn: ['import', 'qa'] };
  const expected: Readonly<Record<string, readonly [JobPlace, string]>> = {
    "$[ dependencies.read.outputs['handoff.chartDigestRef'] ]": [inStage, chartDigestRef],
    "$[ stageDependencies.import.read.outputs['handoff.chartDigestRef'] ]": [inProduction, chartDigestRef],
    "$[ stageDependencies.import.read.outputs['handoff.image_web_digest'] ]": [inQa, digest('b')],
    "$[ dependencies.app.outputs['app.handoff.chartDigestRef'] ]": [inQa, chartDigestRef],
    "$[ stageDependencies.qa.app.outputs['app.handoff.var_replicas'] ]": [inProduction, '2'],
  };

  it('are shown there by the expressions that are proved here', () => {
    assert.deepEqual(shown.toSorted(), Object.keys(expected).toSorted());
  });

  for (const [expression, [place, value]] of Object.entries(expected)) {
    it(`reach stage ${place.stage}, job ${place.job}, by ${expression}`, async () => {
      assert.equal(await readIn(place, expression), value);
    });
  }

  it('do not come without dependsOn, nor out of a deployment job without its name', async () => {
    const reference = "$[ stageDependencies.import.read.outputs['handoff.chartDigestRef'] ]";
    assert.equal(await readIn({ ...inProduction, stageDependsOn: ['qa'] }, reference), '');
    assert.equal(await readIn(inProduction, "$[ stageDependencies.qa.app.outputs['handoff.var_replicas'] ]"), '');
  });
});
