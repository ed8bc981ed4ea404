import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { StepResult } from '../../agent/index.ts';
import type { StepDocument } from '../../agent/pipelines/run/document.ts';
import { imageOf } from '../../agent/steps/docker/image.ts';
import { loginServer, startPipeline, type Pipeline } from '../../bench/pipeline.ts';
import { ArtifactServer, contextOf, pipelineSteps, runSteps, stepDocument } from './steps-bench.ts';

const image = `${loginServer}/team/orders`;
const login = stepDocument('ContainerRegistryLogin@1', { azureSubscription: 'contoso-azure', registry: loginServer });
const script = (text: string): StepDocument => stepDocument('CmdLine@2', { script: text });

/** The digest that docker prints after a push. */
function digestIn(step: StepResult | undefined): string {
  const log = step?.log.join('\n') ?? '';
  return /digest: (sha256:[\da-f]{64})/.exec(log)?.[1] ?? assert.fail(log);
}

/** How many requests of uploads there were. */
function uploads({ azure }: Pipeline): number {
  return azure.requests.filter(({ path: at }) => at.includes('/blobs/uploads/')).length;
}

describe('the stand-in for docker', () => {
  let pipeline: Pipeline;
  beforeEach(async () => {
    pipeline = await startPipeline({ helm: null });
    writeFileSync(path.join(pipeline.job.folders.sources, 'Dockerfile'), 'FROM scratch\n');
  });
  afterEach(() => pipeline.close());

  async function run(...steps: readonly StepDocument[]): Promise<StepResult[]> {
    const context = contextOf(pipeline.job, new ArtifactServer());
    const results = await runSteps(pipeline.job, steps, context, { standInForDocker: true });
    assert.deepEqual(
      results.flatMap((step) => pipeline.job.secretLeaks(step)),
      [],
    );
    return results;
  }

  it('pushes with the login of an earlier step what the handoff then finds', async () => {
    const server = new ArtifactServer();
    const chart = { name: 'app', version: '1.2.3', archive: Buffer.from('chart') };
    const chartDigest = await pipeline.registry.seedChart('helm', chart);
    const steps = [
      login,
      script(`docker build -t ${image}:1 .`),
      script(`docker push ${image}:1`),
      stepDocument('HandoffPublish@1', {
        azureSubscription: 'contoso-azure',
        registry: loginServer,
        images: 'web=team/orders:1',
        chartDigestRef: `oci://${loginServer}/helm/app@${chartDigest}`,
        chartVersion: '1.2.3',
      }),
    ];
    const context = contextOf(pipeline.job, server);
    const results = await runSteps(pipeline.job, steps, context, { standInForDocker: true });
    const [, built, pushed, published] = results;
    assert.equal(published?.result, 'Succeeded', results.map(({ log }) => log.join('\n')).join('\n'));
    for (const step of [built, pushed]) {
      assert.ok(
        step?.log.every((line) => line.startsWith('stand-in for docker: ')),
        step?.log.join('\n'),
      );
    }
    assert.deepEqual(await pipeline.registry.tags('team/orders'), ['1']);
    const handoff = server.published[0]?.files.get('variables.json')?.toString() ?? '{}';
    const { images } = JSON.parse(handoff) as { images: { digest: string }[] };
    assert.deepEqual(
      images.map(({ digest }) => digest),
      [digestIn(pushed)],
    );
  });

  it('does what Docker@2 says, by tags of several lines', async () => {
    const inputs = { command: 'buildAndPush', repository: image, tags: '$(Build.BuildId)\nlatest' };
    const [, step] = await run(login, stepDocument('Docker@2', inputs));
    assert.equal(step?.result, 'Succeeded', step?.log.join('\n'));
    assert.deepEqual(await pipeline.registry.tags('team/orders'), ['703', 'latest']);
  });

  it('gives its images a layer that tar can read', () => {
    const [, layer = assert.fail()] = imageOf('sha256:1').blobs;
    const listed = execFileSync('tar', ['-xzOvf', '-'], { input: layer.content, stdio: 'pipe' }).toString();
    assert.equal(listed, 'sha256:1\n');
  });

  it('makes the same image of the same sources, and another of others', async () => {
    const build = `docker build -t ${image}:1 . && docker push ${image}:1`;
    const [, first, second, , third] = await run(
      login,
      script(build),
      script(build),
      script('echo x > new'),
      script(build),
    );
    assert.equal(digestIn(second), digestIn(first));
    assert.notEqual(digestIn(third), digestIn(first));
  });

  it('counts build arguments among the sources, but nothing of git', async () => {
    const push = `docker push ${image}:1`;
    const build = `docker build -t ${image}:1 . && ${push}`;
    const other = `docker build -t ${image}:1 --build-arg VERSION=2 . && ${push}`;
    const steps = [build, `git init --quiet; ${build}`, other].map(script);
    const [, first, second, third] = await run(login, ...steps);
    assert.equal(digestIn(second), digestIn(first));
    assert.notEqual(digestIn(third), digestIn(first));
  });

  it('sends no blob that the registry has', async () => {
    const [, , first] = await run(login, script(`docker build -t ${image}:1 .`), script(`docker push ${image}:1`));
    const before = uploads(pipeline);
    const [second] = await run(script(`docker push ${image}:1`));
    assert.equal(digestIn(second), digestIn(first));
    assert.deepEqual([before > 0, uploads(pipeline)], [true, before]);
  });

  it('gives an image another name', async () => {
    const [, step] = await run(
      login,
      script(`docker build -t orders . && docker tag orders ${image}:2 && docker push ${image}:2`),
    );
    assert.equal(step?.result, 'Succeeded', step?.log.join('\n'));
    assert.deepEqual(await pipeline.registry.tags('team/orders'), ['2']);
  });

  it('is refused by the registry without a login', async () => {
    const [step] = await run(script(`docker build -t ${image}:1 . && docker push ${image}:1`));
    assert.deepEqual([step?.result, await pipeline.registry.tags('team/orders')], ['Failed', []]);
    assert.match(step?.log.join('\n') ?? '', /stand-in for docker: The registry answered 401: .*UNAUTHORIZED/);
  });

  for (const [command, answer] of [
    ['login', "'docker login' is not supported: use the task ContainerRegistryLogin."],
    ['run orders', "'docker run' is not supported."],
    ['build --squash .', "'docker build' with --squash is not supported."],
    ['build -f none .', 'There is no Dockerfile none.'],
    ['push orders:9', 'There is no image docker.io/orders:9: build or tag it first.'],
  ] as const) {
    it(`refuses 'docker ${command}' by name`, async () => {
      const [step] = await run(script(`docker ${command}`));
      assert.deepEqual([step?.result, step?.log[0]], ['Failed', `stand-in for docker: ${answer}`]);
    });
  }

  it('is there only where it is wanted', async () => {
    const steps = [script('command -v docker || echo none')];
    const [step] = await runSteps(pipeline.job, steps, contextOf(pipeline.job, new ArtifactServer()));
    assert.doesNotMatch(step?.log.join('\n') ?? '', /stand-in/);
    assert.equal((await pipelineSteps()).unplayed(stepDocument('Docker@2')), 'task Docker@2');
    const wanted = await pipelineSteps({ standInForDocker: true });
    assert.equal(wanted.unplayed(stepDocument('Docker@2', { command: 'start' })), 'Docker@2 with command start');
    assert.equal(
      wanted.unplayed(stepDocument('Docker@2', { containerRegistry: 'x' })),
      'Docker@2 with containerregistry',
    );
  });
});
