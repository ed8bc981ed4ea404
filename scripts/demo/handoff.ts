import { randomBytes } from 'node:crypto';
import type { StepResult } from '../../test/agent/index.ts';
import type { PlayedRun } from '../../test/azure/index.ts';
import { download, finishedRun, startDeployment } from '../../test/bench/deployment.ts';
import { loginServer, type Pipeline } from '../../test/bench/pipeline.ts';
import { chapter, told } from './timeline.ts';

export const artifact = 'build-artifact';
const connection = { azureSubscription: 'contoso-azure', registry: loginServer };
/** Inputs of HandoffImport: all that it can check. */
export const checked = { ...connection, sealKey: '$(handoffSealKey)' };

/** A finished CI run with the handoff that it published. */
export interface HandedOver {
  readonly run: PlayedRun;
  readonly files: Readonly<Record<string, string | Buffer>>;
  readonly sealKey: string;
}

/** Hands the chart that step `push` of this CI run pushed to a second pipeline, which pulls it by digest. */
export async function handOver(pipeline: Pipeline): Promise<HandedOver> {
  const sealKey = randomBytes(32).toString('base64');
  const run = await publish(pipeline, sealKey);
  const handed = { run, files: run.artifacts[0]?.files ?? {}, sealKey };

  chapter('The deployment pipeline checks the handoff and pulls the chart by its digest');
  await inDeployment(pipeline, handed, async (cd) => {
    download(cd.job, artifact, handed.files);
    told('HandoffImport@1', await cd.run('HandoffImport', { name: 'handoff', inputs: checked }));
    const inputs = { ...connection, chartRef: '$(handoff.chartDigestRef)' };
    told('HelmChartPull@1', await cd.run('HelmChartPull', { name: 'pullByDigest', inputs }));
  });
  return handed;
}

/**
 * Tampers with the handoff and with the registry, and shows that both are noticed. The version's tag points to another chart
 * afterwards.
 */
export async function tamper(pipeline: Pipeline, pushed: StepResult, handed: HandedOver): Promise<void> {
  chapter('Somebody edits the file; somebody else pushes over the tag');
  await inDeployment(pipeline, handed, async (cd) => {
    const edited = handed.files['variables.json']?.toString().replace('"replicas": "2"', '"replicas": "20"') ?? '';
    download(cd.job, artifact, { 'variables.json': edited });
    const step = await cd.run('HandoffImport', { name: 'edited', inputs: checked });
    told('HandoffImport@1', step, { failure: 'refused' });
  });
  await inDeployment(pipeline, handed, async (cd) => {
    const chart = { name: 'go-template-app', version: pushed.outputs['chartVersion'] ?? '' };
    await pipeline.registry.seedChart('helm', { ...chart, archive: Buffer.from('another chart') });
    download(cd.job, artifact, handed.files);
    const step = await cd.run('HandoffImport', { name: 'moved', inputs: checked });
    told('HandoffImport@1', step, { failure: 'refused' });
  });
}

/** The last steps of the CI run. Returns the run as Azure DevOps remembers it. */
async function publish(pipeline: Pipeline, sealKey: string): Promise<PlayedRun> {
  chapter('CI hands over what it built');
  pipeline.registry.seedManifest('go-template-app', '4f6c2a9', { schemaVersion: 2, config: {}, layers: [] });
  pipeline.job.variables.set('handoffSealKey', sealKey, { secret: true });
  const inputs = {
    ...connection,
    chartDigestRef: '$(push.chartDigestRef)',
    chartVersion: '$(push.chartVersion)',
    appVersion: '$(save.appVersion)',
    images: 'app=go-template-app:4f6c2a9',
    variables: 'replicas=2',
    sealKey: '$(handoffSealKey)',
  };
  told('HandoffPublish@1', await pipeline.run('HandoffPublish', { name: 'publish', inputs }));
  return finishedRun(pipeline.azure, pipeline.job);
}

async function inDeployment(
  { azure, registry }: Pipeline,
  { run, sealKey: handoffSealKey }: HandedOver,
  work: (cd: Pipeline) => Promise<void>,
): Promise<void> {
  const cd = await startDeployment(azure, registry, run, { job: { secretVariables: { handoffSealKey } } });
  try {
    await work(cd);
  } finally {
    await cd.close();
  }
}
