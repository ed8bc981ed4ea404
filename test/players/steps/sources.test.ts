import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Job } from '../../agent/index.ts';
import { PipelineError } from '../../agent/index.ts';
import type { SourceRepository } from '../../agent/pipelines/run/steps.ts';
import { workbench } from '../agent/workbench.ts';
import { ArtifactServer, contextOf, runSteps, stepDocument, temporaryFolders } from './steps-bench.ts';

const checkoutTask = '6d15af64-176c-496d-b583-fd2ae21d4df4@1';

function repository(folder: string, alias: string, name: string): SourceRepository {
  mkdirSync(path.join(folder, 'charts'), { recursive: true });
  writeFileSync(path.join(folder, 'charts/name'), name);
  return { alias, name, folder };
}

/** A file in the build's folder. */
function read({ folders }: Job, file: string): string {
  return readFileSync(path.join(folders.build, file), 'utf8');
}

/** Runs git there; gives what it prints. */
function gitIn(folder: string): (...args: string[]) => string {
  const person = ['-c', 'user.name=Contoso', '-c', 'user.email=ci@contoso.example'];
  return (...args) =>
    execFileSync('git', ['-C', folder, ...person, ...args], { encoding: 'utf8', stdio: 'pipe' }).trim();
}

/** The places that the job tells its steps of, from the build's folder. */
function places({ variables, folders }: Job): (string | undefined)[] {
  const names = ['Build.SourcesDirectory', 'Build.Repository.LocalPath', 'System.DefaultWorkingDirectory'];
  return names.map((name) => path.relative(folders.build, variables.get(name) ?? ''));
}

describe('a checkout', () => {
  const bench = workbench();
  const folder = temporaryFolders();
  const orders = (): SourceRepository => repository(folder(), 'self', 'contoso/orders');
  const tools = (): SourceRepository => repository(folder(), 'tools', 'contoso/build-tools');

  it('puts the sources where the job works', async () => {
    const job = await bench.job();
    const context = contextOf(job, new ArtifactServer(), { repositories: [orders()] });
    const steps = [stepDocument(checkoutTask, { repository: 'self', fetchDepth: '1', clean: 'true' })];
    const [step, cat] = await runSteps(
      job,
      [...steps, stepDocument('CmdLine@2', { script: 'cat charts/name' })],
      context,
    );
    assert.deepEqual([step?.result, cat?.log], ['Succeeded', ['contoso/orders']], step?.log.join('\n'));
    assert.deepEqual(places(job), ['s', 's', 's']);
  });

  it('gives several repositories a folder each', async () => {
    const job = await bench.job();
    const repositories = [orders(), tools()];
    const context = contextOf(job, new ArtifactServer(), { repositories, checkouts: 2 });
    const steps = ['self', 'tools'].map((name) => stepDocument(checkoutTask, { repository: name }));
    await runSteps(job, steps, context);
    assert.deepEqual(
      [read(job, 's/orders/charts/name'), read(job, 's/build-tools/charts/name')],
      ['contoso/orders', 'contoso/build-tools'],
    );
    assert.deepEqual(places(job), ['s', 's/orders', 's']);
  });

  it('moves the job to a path of its own', async () => {
    const job = await bench.job();
    const context = contextOf(job, new ArtifactServer(), { repositories: [orders()] });
    const steps = [stepDocument(checkoutTask, { repository: 'self', path: 'go/src' })];
    const [, pwd] = await runSteps(
      job,
      [...steps, stepDocument('CmdLine@2', { script: 'cat charts/name; echo; pwd' })],
      context,
    );
    assert.deepEqual(pwd?.log, ['contoso/orders', path.join(job.folders.build, 'go/src')]);
    assert.deepEqual(places(job), ['go/src', 'go/src', 'go/src']);
  });

  it('stays in the folder of the job', async () => {
    const job = await bench.job();
    const context = contextOf(job, new ArtifactServer(), { repositories: [orders()] });
    const [step] = await runSteps(job, [stepDocument(checkoutTask, { repository: 'self', path: '../x' })], context);
    assert.equal(step?.result, 'Failed');
    assert.match(step?.issues[0]?.message ?? '', /^Input path '\.\.\/x' should resolve to a directory under/);
  });

  it('of none does nothing', async () => {
    const job = await bench.job();
    const context = contextOf(job, new ArtifactServer(), { repositories: [orders()] });
    const [step] = await runSteps(job, [stepDocument(checkoutTask, { repository: 'none' })], context);
    assert.equal(step?.result, 'Succeeded');
    assert.throws(() => read(job, 's/charts/name'), /ENOENT/);
  });

  it('of an unknown repository is refused', async () => {
    const job = await bench.job();
    const steps = [stepDocument(checkoutTask, { repository: 'tools' })];
    await assert.rejects(runSteps(job, steps, contextOf(job, new ArtifactServer())), PipelineError);
  });

  it('of a git repository has its commit, what changed since, and nothing that git ignores', async () => {
    const self = orders();
    const git = gitIn(self.folder);
    const put = (name: string, text: string): void => writeFileSync(path.join(self.folder, name), text);
    put('.gitignore', 'dist');
    put('gone', 'x');
    git('init', '--quiet', '--initial-branch=main');
    git('add', '--all');
    git('commit', '--quiet', '--message=Begin');
    put('dist', 'ignored');
    put('charts/name', 'changed');
    put('new file', 'new');
    rmSync(path.join(self.folder, 'gone'));
    const job = await bench.job();
    const context = contextOf(job, new ArtifactServer(), { repositories: [self] });
    const script = 'git rev-parse HEAD; git branch --show-current; cat charts/name "new file"; echo; ls';
    const steps = [stepDocument(checkoutTask, { repository: 'self' }), stepDocument('CmdLine@2', { script })];
    const [step, look] = await runSteps(job, steps, context);
    assert.deepEqual(look?.log, [git('rev-parse', 'HEAD'), 'changednew', 'charts', 'new file'], step?.log.join('\n'));
    assert.match(step?.log.at(-1) ?? '', /with changes that are not committed: 3\.$/);
  });

  it('of a git repository is not led to another one by what git tells its hooks', async () => {
    const self = orders();
    const git = gitIn(self.folder);
    git('init', '--quiet');
    git('add', '--all');
    git('commit', '--quiet', '--message=Begin');
    const job = await bench.job();
    const context = contextOf(job, new ArtifactServer(), { repositories: [self] });
    process.env['GIT_DIR'] = '/nowhere';
    try {
      const [step] = await runSteps(job, [stepDocument(checkoutTask, { repository: 'self' })], context);
      assert.equal(step?.result, 'Succeeded', step?.log.join('\n'));
    } finally {
      delete process.env['GIT_DIR'];
    }
  });

  it('of a git repository has the commit of the run, where that is an older one', async () => {
    const self = orders();
    const git = gitIn(self.folder);
    git('init', '--quiet');
    git('add', '--all');
    git('commit', '--quiet', '--message=Begin');
    const version = git('rev-parse', 'HEAD');
    writeFileSync(path.join(self.folder, 'charts/name'), 'newer');
    git('commit', '--quiet', '--all', '--message=Go on');
    writeFileSync(path.join(self.folder, 'charts/name'), 'newest');
    const job = await bench.job({ variables: { 'Build.SourceVersion': version } });
    const context = contextOf(job, new ArtifactServer(), { repositories: [self] });
    const [step] = await runSteps(job, [stepDocument(checkoutTask, { repository: 'self' })], context);
    assert.equal(read(job, 's/charts/name'), 'contoso/orders', step?.log.join('\n'));
    assert.match(step?.log.at(-1) ?? '', new RegExp(`commit ${version}\\.$`));
  });
});
