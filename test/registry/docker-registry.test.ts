import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { startAzure, type Azure, type Registry } from '../azure/index.ts';
import { helms, obtainHelms } from '../bench/helms.ts';
import { loginServer, startPipelineOn, type Pipeline } from '../bench/pipeline.ts';
import { runProgram } from '../bench/run-program.ts';
import { realProgram, startDockerRegistry, type DockerRegistry, type ProgramId } from '../real/index.ts';

const to = { azureSubscription: 'contoso-azure', registry: loginServer };
const reader = { username: 'reader', password: 'a-repository-scoped-token' };

/** The tasks against a real docker-registry, which takes the tokens of the played ACR front. */
describe('A real registry behind the sign-in of ACR', () => {
  obtainHelms();
  let azure: Azure;
  let docker: DockerRegistry;
  let pipeline: Pipeline<Registry>;

  before(async () => {
    azure = await startAzure();
    docker = await startDockerRegistry({ loginServer, tokenCertificate: azure.registryTokenCertificate });
    const scopeMap = { '*': ['pull', 'push'] } as const;
    const settings = { tokens: [{ ...reader, scopeMap }] };
    const registry = azure.dockerRegistry(loginServer, docker.url, settings);
    pipeline = await startPipelineOn(azure, registry);
    const chartPath = pipeline.addChart('hello');
    pipeline.commit('2026-03-01T12:00:00Z');
    const saved = await pipeline.run('HelmChartSave', {
      name: 'save',
      inputs: { chartPath, chartVersion: '1.2.3+b.7' },
    });
    assert.equal(saved.result, 'Succeeded', saved.log.join('\n'));
  });

  after(async () => {
    await pipeline.close();
    await docker.close();
    await azure.close();
  });

  const push = (name: string, inputs: Record<string, string> = {}) =>
    pipeline.run('HelmChartPush', { name, inputs: { ...to, chartPath: '$(save.chartPath)', ...inputs } });

  it('takes a chart, and finds it unchanged the second time', async () => {
    assert.equal((await push('first')).outputs['pushResult'], 'pushed');
    assert.equal((await push('second')).outputs['pushResult'], 'unchanged');
  });

  it('stores the same manifest for helm push 4.1.4 and for the task', async () => {
    const ours = await push('plain', { repositoryPrefix: 'task', sourceAnnotations: 'false' });
    const archive = path.join(pipeline.job.folders.staging, 'hello-1.2.3+b.7.tgz');
    const created = new Date('1980-01-01T00:00:00Z');
    utimesSync(archive, created, created);
    const helm = await signedIn('helm-4.1');
    const said = await helm('push', archive, `oci://${loginServer}/helm-push`);
    assert.match(said, new RegExp(`Digest: ${ours.outputs['chartDigest']}`));
  });

  for (const id of helms) {
    it(`gives the pushed bytes to ${id}, by version and by digest`, async () => {
      const pushed = await push(`for-${id.replace('.', '-')}`, { repositoryPrefix: id.replace('.', '-') });
      const saved = readFileSync(path.join(pipeline.job.folders.staging, 'hello-1.2.3+b.7.tgz'));
      const helm = await signedIn(id);
      const repository = (pushed.outputs['chartRef'] ?? '').replace(/:[^:]*$/, '');
      assert.deepEqual(await pulled(helm, repository, '--version', '1.2.3+b.7'), saved);
      assert.deepEqual(await pulled(helm, pushed.outputs['chartDigestRef'] ?? ''), saved);
    });
  }

  it('gives the chart back to the pull task, checked', async () => {
    await push('again');
    const back = await pipeline.run('HelmChartPull', {
      name: 'pull',
      inputs: { azureSubscription: 'contoso-azure', registry: loginServer, chartRef: '$(again.chartDigestRef)' },
    });
    assert.equal(back.outputs['chartVersion'], '1.2.3+b.7', back.log.join('\n'));
  });

  /** Runs helm and returns all it says: 3.17 and 4.1 print digests on stderr, 4.2 on stdout. */
  type Helm = (...args: string[]) => Promise<string>;

  async function signedIn(id: ProgramId): Promise<Helm> {
    const program = await realProgram(id);
    const home = mkdtempSync(path.join(pipeline.job.folders.temp, 'helm-home-'));
    const env = { ...azure.environment, PATH: process.env['PATH'], HOME: home, TZ: 'UTC' };
    const both = ['-c', '"$0" "$@" 2>&1', program];
    const login = ['registry', 'login', loginServer, '--username', reader.username, '--password-stdin'];
    await runProgram('/bin/sh', [...both, ...login], env, reader.password);
    return (...args) => runProgram('/bin/sh', [...both, ...args], env);
  }

  async function pulled(helm: Helm, ...args: string[]): Promise<Buffer> {
    const folder = mkdtempSync(path.join(pipeline.job.folders.temp, 'pulled-'));
    await helm('pull', ...args, '--destination', folder);
    return readFileSync(path.join(folder, readdirSync(folder)[0] ?? ''));
  }
});
