import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import { startAzure } from '../azure/index.ts';
import { chartArchive, stage } from '../bench/chart-steps.ts';
import { azureConnection, dockerConnection } from '../bench/connections.ts';
import { helms, obtainHelms } from '../bench/helms.ts';
import { buildahFinds, dockerFinds, statusWith } from '../bench/login-clients.ts';
import { homeFile, logIn, seedImage } from '../bench/login-runs.ts';
import { startPipeline, startPipelineOn, type Pipeline, type PipelineOptions } from '../bench/pipeline.ts';

const contoso = 'contoso.azurecr.io';
const fabrikam = 'fabrikam.azurecr.io';
const auth = (text: string): { auth: string } => ({ auth: Buffer.from(text).toString('base64') });

/** The real docker, without its daemon: wherever it is on PATH. */
const hasDocker = (process.env['PATH'] ?? '')
  .split(path.delimiter)
  .some((folder) => existsSync(path.join(folder, 'docker')));

describe('ContainerRegistryLogin: clients of later steps', () => {
  obtainHelms();
  let pipeline: Pipeline;
  afterEach(() => pipeline.close());

  async function start(options: PipelineOptions = {}): Promise<void> {
    pipeline = await startPipeline(options);
    await seedImage(pipeline.registry);
  }

  async function loggedIn(inputs: Readonly<Record<string, string>> = {}): Promise<StepResult> {
    const step = await logIn(pipeline, inputs, { watchCommandLines: true });
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.deepEqual([step.violations, pipeline.job.secretLeaks(step)], [[], []]);
    assert.deepEqual(pipeline.job.secretsOnCommandLines(step), []);
    return step;
  }

  async function scripted(script: string): Promise<string> {
    const step = await pipeline.job.runScript({ script, watchCommandLines: true });
    const log = step.log.join('\n');
    assert.equal(step.result, 'Succeeded', log);
    assert.deepEqual(pipeline.job.secretLeaks(step), []);
    assert.deepEqual(pipeline.job.secretsOnCommandLines(step), []);
    return log;
  }

  /** What the clients get of the image in a registry. */
  async function statuses(registry: string): Promise<number[]> {
    const image = `${registry}/app:1`;
    const found = [dockerFinds(pipeline.job, registry), buildahFinds(pipeline.job, `${registry}/app`)];
    return Promise.all(found.map((one) => statusWith(pipeline.azure, one, image)));
  }

  for (const helm of helms) {
    it(`${helm} pushes and pulls`, async () => {
      await start({ helm });
      await loggedIn();
      const chart = stage(pipeline, 'app-1.2.3.tgz', chartArchive('app', '1.2.3'));
      const pulled = path.join(pipeline.job.folders.staging, 'pulled');
      await scripted(
        `set -e\nhelm push '${chart}' oci://${contoso}/helm\nmkdir '${pulled}'\n` +
          `helm pull oci://${contoso}/helm/app --version 1.2.3 --destination '${pulled}'`,
      );
      assert.deepEqual(readdirSync(pulled), ['app-1.2.3.tgz']);
      assert.deepEqual(await pipeline.registry.tags('helm/app'), ['1.2.3']);
    });
  }

  it("helm does not take an old login of its own file, and finds others' there", async () => {
    await start({ helm: 'helm-4.1' });
    const other = pipeline.azure.registry(fabrikam, {
      tokens: [{ username: 'other', password: 'a-login-from-before', scopeMap: { '*': ['pull', 'push'] } }],
    });
    await other.seedChart('helm', { name: 'app', version: '1.2.3', archive: chartArchive('app', '1.2.3') });
    const auths = { [contoso]: auth('old:login'), [fabrikam]: auth('other:a-login-from-before') };
    homeFile(pipeline, '.config/helm/registry/config.json', { auths });
    const chart = stage(pipeline, 'app-1.2.3.tgz', chartArchive('app', '1.2.3'));
    await loggedIn();
    await scripted(`set -e\nhelm push '${chart}' oci://${contoso}/helm\nhelm pull oci://${fabrikam}/helm/app`);
  });

  it('docker itself reads a manifest, with its plugins, and not without the login', async function () {
    if (!hasDocker) this.skip();
    await start();
    const plugin =
      '#!/bin/sh\nif [ "$1" = docker-cli-plugin-metadata ]; then\n' +
      'echo \'{"SchemaVersion":"0.1.0","Vendor":"Contoso","ShortDescription":"says hello"}\'\nelse echo HELLO; fi\n';
    homeFile(pipeline, '.docker/cli-plugins/docker-hello', plugin, 0o755);
    homeFile(pipeline, '.docker/config.json', { credsStore: 'nowhere', auths: { 'ghcr.io': {} } });
    await loggedIn();
    const inspect = `docker manifest inspect ${contoso}/app:1`;
    const log = await scripted(
      `set -e\n${inspect}\ndocker hello\nif env -u DOCKER_CONFIG ${inspect} 2>/dev/null; then exit 1; fi`,
    );
    assert.match(log, /"schemaVersion": 2/);
    assert.match(log, /^HELLO$/m);
  });

  it('docker and buildah, played by stand-ins, read by several registries of one step', async () => {
    await start();
    pipeline.identity.roles.push({ role: 'AcrPull', scope: fabrikam });
    await seedImage(pipeline.azure.registry(fabrikam));
    const step = await loggedIn({ registry: `${contoso}\n\n ${fabrikam} \n${contoso}` });
    assert.match(
      step.log.join('\n'),
      /now use contoso\.azurecr\.io, fabrikam\.azurecr\.io with .* until \d\d:\d\d UTC\./,
    );
    assert.deepEqual(
      [await statuses(contoso), await statuses(fabrikam)],
      [
        [200, 200],
        [200, 200],
      ],
    );
  });

  it('… and of several steps, with connections of their own, each registry once', async () => {
    const own = { username: 'fabrikam-token', password: 'the-password-of-fabrikam' };
    await start({ connections: [dockerConnection(fabrikam, own.username, own.password)] });
    await seedImage(pipeline.azure.registry(fabrikam, { tokens: [{ ...own, scopeMap: { app: ['pull'] } }] }));
    await loggedIn();
    const first = pipeline.job.variables.get('DOCKER_CONFIG');
    await loggedIn({ azureSubscription: '', registry: '', containerRegistry: 'contoso-docker' });
    await loggedIn();
    assert.notEqual(pipeline.job.variables.get('DOCKER_CONFIG'), first);
    assert.deepEqual(dockerFinds(pipeline.job, fabrikam), { login: `${own.username}:${own.password}` });
    assert.deepEqual(
      [await statuses(contoso), await statuses(fabrikam)],
      [
        [200, 200],
        [200, 200],
      ],
    );
  });

  it('… find what the job had before where they did', async () => {
    await start();
    homeFile(pipeline, '.docker/config.json', {
      auths: { 'quay.io': auth('from:docker'), 'ghcr.io': {}, 'registry.example': auth('from:docker') },
      credsStore: 'pass',
      credHelpers: { [contoso]: 'acr-env', 'public.ecr.aws': 'ecr-login' },
    });
    homeFile(pipeline, '.config/containers/auth.json', {
      auths: { 'quay.io/team': auth('a:team'), 'quay.io': auth('a:b') },
    });
    const step = await loggedIn();
    assert.match(step.log.join('\n'), /credsStore of .*config\.json would hide this login, .* alone: ghcr\.io\./);
    const { job } = pipeline;
    assert.deepEqual(dockerFinds(job, 'quay.io'), { login: 'from:docker' });
    assert.deepEqual(dockerFinds(job, 'ghcr.io'), { program: 'pass' });
    assert.deepEqual(dockerFinds(job, 'public.ecr.aws'), { program: 'ecr-login' });
    assert.deepEqual(buildahFinds(job, 'quay.io/team/app'), { login: 'a:team' });
    assert.deepEqual(buildahFinds(job, 'quay.io/app'), { login: 'a:b' });
    assert.deepEqual(buildahFinds(job, 'registry.example/app'), { login: 'from:docker' });
    assert.deepEqual(await statuses(contoso), [200, 200]);
  });

  it('… in the cloud of the connection', async () => {
    const scope = 'contoso.azurecr.us';
    const azure = await startAzure();
    const registry = azure.registry(scope);
    const roles = [{ role: 'AcrPull', scope }];
    const identity = azure.identities.add({ kind: 'federated', cloud: 'AzureUSGovernment', roles });
    const connections = [{ ...azureConnection(identity), name: 'government' }];
    pipeline = await startPipelineOn(azure, registry, { helm: null, role: 'none', connections });
    await seedImage(registry);
    await loggedIn({ azureSubscription: 'government', registry: scope });
    assert.deepEqual(await statuses(scope), [200, 200]);
    await azure.close();
  });

  it('leave nothing behind', async () => {
    await start();
    const { job } = pipeline;
    const { outputs } = await loggedIn();
    const files = [
      outputs['dockerConfigPath'],
      job.variables.get('HELM_REGISTRY_CONFIG'),
      job.variables.get('REGISTRY_AUTH_FILE'),
    ].map((file) => file ?? '');
    assert.deepEqual(
      files.map((file) => statSync(file).mode & 0o777),
      [0o600, 0o600, 0o600],
    );
    assert.equal(path.dirname(files[0] ?? ''), job.variables.get('DOCKER_CONFIG'));
    homeFile(pipeline, '.docker/contexts/kept', '');
    assert.equal((await logIn(pipeline)).result, 'Succeeded');
    assert.ok((await job.secretsOnDisk()).length > 0, 'the audit finds nothing even while the files are there');
    const { postJobSteps } = await job.finish();
    assert.deepEqual(
      postJobSteps.map(({ result, issues }) => [result, issues]),
      [
        ['Succeeded', []],
        ['Succeeded', []],
      ],
    );
    assert.deepEqual(readdirSync(job.folders.temp), []);
    assert.deepEqual(await job.secretsOnDisk(), []);
    assert.ok(existsSync(path.join(job.folders.home, '.docker/contexts/kept')), 'what a link leads to stays');
  });
});
