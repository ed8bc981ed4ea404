import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PipelineError, type Job } from '../../agent/index.ts';
import type { ConsumedRun, StoredArtifact } from '../../agent/pipelines/run/service.ts';
import { workbench } from '../agent/workbench.ts';
import { ArtifactServer, contextOf, runSteps, stepDocument } from './steps-bench.ts';

const publishTask = 'ecdc45f6-832d-4ad9-b52b-ee49e94659be@1';
const downloadTask = '30f35852-3f7e-4c0c-9a88-e127b4f97211@1';

function put(folder: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

function texts({ name, kind, files }: StoredArtifact): unknown[] {
  return [name, kind, Object.fromEntries([...files].map(([file, content]) => [file, content.toString()]))];
}

describe('a step that publishes an artifact', () => {
  const bench = workbench();

  async function run(inputs: Record<string, string>, files: Record<string, string>, server = new ArtifactServer()) {
    const job = await bench.job({ variables: { 'System.StageName': 'publish', 'System.PhaseName': 'chart' } });
    put(job.folders.sources, files);
    const [step = assert.fail()] = await runSteps(job, [stepDocument(publishTask, inputs)], contextOf(job, server));
    const message = step.issues[0]?.message.replace(job.folders.build, '…') ?? '';
    return { result: step.result, message, artifacts: server.published.map(texts) };
  }

  it('takes a folder with those in it', async () => {
    const { artifacts } = await run({ path: 'out', artifactName: 'drop' }, { 'out/a.txt': 'A', 'out/b/c.txt': 'C' });
    assert.deepEqual(artifacts, [['drop', 'PipelineArtifact', { 'a.txt': 'A', 'b/c.txt': 'C' }]]);
  });

  it('takes one file', async () => {
    const { artifacts } = await run({ targetPath: 'out/a.txt', artifact: 'drop' }, { 'out/a.txt': 'A' });
    assert.deepEqual(artifacts, [['drop', 'PipelineArtifact', { 'a.txt': 'A' }]]);
  });

  it('names it by stage and job when nobody does', async () => {
    const { artifacts } = await run({ path: 'a.txt' }, { 'a.txt': 'A' });
    assert.deepEqual(artifacts, [['publish.chart', 'PipelineArtifact', { 'a.txt': 'A' }]]);
  });

  it('fails without the path', async () => {
    const { result, message } = await run({ path: 'out', artifactName: 'drop' }, {});
    assert.deepEqual([result, message], ['Failed', 'Path does not exist: …/s/out']);
  });

  it('fails where files are to be left out, which is not played', async () => {
    const { result, message } = await run({ path: 'out', artifactName: 'drop' }, { 'out/.artifactignore': '*.log' });
    assert.deepEqual([result, message], ['Failed', '…/s/out has a file .artifactignore, which is not supported.']);
  });

  it('fails for a name that is taken', async () => {
    const server = new ArtifactServer();
    await run({ path: 'a', artifactName: 'drop' }, { a: 'A' }, server);
    const { result, message, artifacts } = await run({ path: 'a', artifactName: 'Drop' }, { a: 'B' }, server);
    assert.deepEqual(
      [result, message, artifacts],
      ['Failed', 'Artifact Drop already exists for build 703.', [['drop', 'PipelineArtifact', { a: 'A' }]]],
    );
  });
});

describe('a step that uploads to an artifact', () => {
  const bench = workbench();

  it('gives its files to the run, with their folders, and adds to what others gave', async () => {
    const job = await bench.job();
    put(job.folders.staging, { 'one/sub/a.txt': 'A', 'two.txt': 'B' });
    const upload = '##vso[artifact.upload containerfolder=build-artifact;artifactname=build-artifact]';
    const steps = ['one', 'two.txt'].map((name) =>
      stepDocument('CmdLine@2', { script: `echo "${upload}${job.folders.staging}/${name}"` }),
    );
    const server = new ArtifactServer();
    const [first, second] = steps;
    await runSteps(job, first ? [first] : [], contextOf(job, server));
    assert.deepEqual(server.published.map(texts), [['build-artifact', 'Container', { 'sub/a.txt': 'A' }]]);
    await runSteps(job, second ? [second] : [], contextOf(job, server));
    assert.deepEqual(server.published.map(texts), [
      ['build-artifact', 'Container', { 'sub/a.txt': 'A', 'two.txt': 'B' }],
    ]);
    const [before] = server.published;
    await runSteps(job, [stepDocument('CmdLine@2', { script: 'true' })], contextOf(job, server));
    assert.equal(server.published[0], before, 'a step that uploads nothing publishes nothing');
  });
});

const artifact = (name: string, ...files: string[]): StoredArtifact => ({
  name,
  kind: 'PipelineArtifact',
  files: new Map(files.map((file) => [file, Buffer.from(`${name} ${file}`)])),
});

const ci: ConsumedRun = {
  projectId: '0d5e2f7a-6b1c-4e8d-8f3a-91c2b4d6e802',
  pipelineId: 12,
  pipelineName: 'orders-ci',
  id: 699,
  number: '20260105.1',
  branch: 'refs/heads/main',
  commit: '4f6c2a9b8d1e3f507192a4b6c8d0e2f4a6b8c0d2',
  requestedFor: 'Robin Doe',
};

describe('a step that downloads artifacts', () => {
  const bench = workbench();

  async function run(
    task: string,
    inputs: Record<string, string>,
  ): Promise<{ job: Job; found: string[]; failed: string }> {
    const job = await bench.job();
    const server = new ArtifactServer();
    server.published.push(artifact('site', 'index.html'));
    server.others.set(ci.id, [
      artifact('build-artifact', 'variables.json', 'values/qa.yaml'),
      artifact('logs', 'a.log'),
    ]);
    const context = contextOf(job, server, { consumedRuns: new Map([['ci', ci]]) });
    const [step = assert.fail()] = await runSteps(job, [stepDocument(task, inputs)], context);
    const all = readdirSync(job.folders.build, { recursive: true, encoding: 'utf8' });
    const found = all.filter((file) => statSync(path.join(job.folders.build, file)).isFile()).sort();
    assert.equal(step.result, step.issues.length === 0 ? 'Succeeded' : 'Failed');
    return { job, found, failed: step.issues.map(({ message }) => message).join('\n') };
  }

  it('puts one of another pipeline behind its alias and its name', async () => {
    const { job, found } = await run(downloadTask, { alias: 'ci', artifact: 'build-artifact' });
    assert.deepEqual(found, ['ci/build-artifact/values/qa.yaml', 'ci/build-artifact/variables.json']);
    const text = readFileSync(path.join(job.folders.build, 'ci/build-artifact/variables.json'), 'utf8');
    assert.equal(text, 'build-artifact variables.json');
  });

  it('takes all artifacts without a name', async () => {
    const { found } = await run(downloadTask, { alias: 'CI' });
    assert.deepEqual(found, ['ci/build-artifact/values/qa.yaml', 'ci/build-artifact/variables.json', 'ci/logs/a.log']);
  });

  it('takes what its patterns choose', async () => {
    const patterns = '**/*.yaml\nlogs/*\n!**/a.*';
    assert.deepEqual((await run(downloadTask, { alias: 'ci', patterns })).found, ['ci/build-artifact/values/qa.yaml']);
  });

  it('counts patterns from within an artifact that is named', async () => {
    const named = { alias: 'ci', artifact: 'build-artifact' };
    const found = await Promise.all(
      ['variables.json', 'build-artifact/variables.json'].map((patterns) => run(downloadTask, { ...named, patterns })),
    );
    assert.deepEqual(
      found.map((each) => each.found),
      [['ci/build-artifact/variables.json'], []],
    );
  });

  it('puts those of the run itself behind their name', async () => {
    assert.deepEqual((await run(downloadTask, { alias: 'current' })).found, ['site/index.html']);
  });

  it('takes nothing for none', async () => {
    assert.deepEqual((await run(downloadTask, { alias: 'none' })).found, []);
  });

  it('fails for an artifact that is not there', async () => {
    const { failed } = await run(downloadTask, { alias: 'ci', artifact: 'Build' });
    assert.equal(failed, 'Artifact Build was not found for build 699.');
  });

  it('is refused for a pipeline that is no resource', async () => {
    await assert.rejects(run(downloadTask, { alias: 'other' }), PipelineError);
  });

  const specific = { source: 'specific', runVersion: 'specific', runId: '699' };

  it('puts a named one of DownloadPipelineArtifact right into its path, several by their names', async () => {
    const task = 'DownloadPipelineArtifact@2';
    const named = { ...specific, artifact: 'logs', path: '$(Agent.BuildDirectory)/there' };
    assert.deepEqual((await run(task, named)).found, ['there/a.log']);
    assert.deepEqual((await run(task, { ...specific, patterns: '**/*.log' })).found, ['logs/a.log']);
    assert.deepEqual((await run(task, {})).found, ['site/index.html']);
  });
});

describe('a step that publishes test results', () => {
  const bench = workbench();

  it('leaves the files on the run', async () => {
    const job = await bench.job();
    put(job.folders.sources, { 'out/TEST-a.xml': '<a/>', 'out/b.xml': '<b/>' });
    const inputs = { testResultsFormat: 'JUnit', testRunTitle: 'unit $(Build.BuildId)' };
    const [step] = await runSteps(
      job,
      [stepDocument('PublishTestResults@2', inputs)],
      contextOf(job, new ArtifactServer()),
    );
    const [{ files, title } = assert.fail(step?.log.join('\n'))] = job.record.testResults;
    assert.deepEqual([[...files.keys()], title], [['out/TEST-a.xml'], 'unit 703']);
  });

  it('takes those of whole paths, and of several patterns', async () => {
    const job = await bench.job();
    put(job.folders.sources, { 'out/a.xml': '<a/>', 'out/b.xml': '<b/>', 'c.xml': '<c/>' });
    const testResultsFiles = '$(Build.SourcesDirectory)/out/*.xml\nc.xml\n!**/b.xml';
    const step = stepDocument('PublishTestResults@2', { testResultsFiles });
    await runSteps(job, [step], contextOf(job, new ArtifactServer()));
    const found = job.record.testResults.flatMap(({ files }) => [...files.keys()]);
    assert.deepEqual(found, ['c.xml', 'out/a.xml']);
  });

  it('warns when there are none, and fails where that is wanted', async () => {
    for (const [failTaskOnMissingResultsFile, result] of [
      ['false', 'Succeeded'],
      ['true', 'Failed'],
    ] as const) {
      const job = await bench.job();
      const step = stepDocument('PublishTestResults@2', { testResultsFiles: '*.xml', failTaskOnMissingResultsFile });
      const [done] = await runSteps(job, [step], contextOf(job, new ArtifactServer()));
      assert.equal(done?.result, result);
      assert.match(done?.issues[0]?.message ?? '', /^No test result files matching \*\.xml were found in /);
    }
  });
});
