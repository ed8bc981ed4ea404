import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import type { RegistrySettings } from '../azure/index.ts';
import { dockerConnection } from '../bench/connections.ts';
import { dockerFinds } from '../bench/login-clients.ts';
import { homeFile, logIn } from '../bench/login-runs.ts';
import { startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';
import { together } from '../bench/together.ts';

interface Refusal {
  /** Role of the connection's identity on the registry. */
  readonly role?: string;
  readonly registry?: Partial<RegistrySettings>;
  readonly variables?: Readonly<Record<string, string>>;
  readonly arrange?: (pipeline: Pipeline) => unknown;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly says: readonly RegExp[];
}

const user = { username: 'pipeline-token', password: 'the-right-password-of-the-token' };
const byPassword = { azureSubscription: '', registry: '', containerRegistry: 'contoso-docker' };
const audience = 'https://containerregistry.azure.net';

const refusals: Readonly<Record<string, Refusal>> = {
  'the identity has no role': {
    role: 'Reader',
    says: [
      /^contoso\.azurecr\.io refused the sign-in \(HTTP 401 UNAUTHORIZED/,
      /assign AcrPush to push, AcrPull to pull /,
      /'Container Registry Repository Writer' or 'Container Registry Repository Reader'/,
    ],
  },
  'the registry denies the exchange': {
    role: 'Reader',
    registry: { exchangeRefusal: 'denied' },
    says: [/HTTP 403 DENIED: retrieving permissions failed/, /assign AcrPush to push, AcrPull to pull /],
  },
  'the firewall is closed': {
    registry: { firewall: true },
    says: [/^The firewall of contoso\.azurecr\.io .*203\.0\.113\.7/, /Networking settings/],
  },
  'the tenant lacks the audience, and the registry refuses that of Azure Resource Manager': {
    registry: { armAudience: 'disabled' },
    arrange: ({ azure }) => azure.accessTokens.missingResources.add(audience),
    says: [/azureADAuthenticationAsArmPolicy to 'enabled'/],
  },
  'one of several registries refuses': {
    arrange: ({ azure }) => azure.registry('fabrikam.azurecr.io'),
    inputs: { registry: 'contoso.azurecr.io\nfabrikam.azurecr.io' },
    says: [/^fabrikam\.azurecr\.io refused the sign-in /],
  },
  'the password of the connection is wrong': {
    registry: { tokens: [{ ...user, password: 'another-password-than-that', scopeMap: {} }] },
    inputs: byPassword,
    says: [
      /^contoso\.azurecr\.io refused the sign-in \(HTTP 401/,
      /the user '.*' or the password of the Docker registry connection is wrong/,
    ],
  },
  'the firewall is closed to the password': {
    registry: { firewall: true },
    inputs: byPassword,
    says: [/^The firewall of contoso\.azurecr\.io /],
  },
  'the Docker registry connection is for another registry': {
    inputs: { ...byPassword, registry: 'fabrikam.azurecr.io' },
    says: [/^The Docker registry connection is for contoso\.azurecr\.io, not for fabrikam\.azurecr\.io/],
  },
  'no registry is named': { inputs: { registry: ' \n ' }, says: [/^Input registry is empty; .* one a line\.$/] },
  'no connection is given': { inputs: { azureSubscription: '' }, says: [/^Give exactly one of .*; none are set\.$/] },
  'both connections are given': {
    inputs: { containerRegistry: 'contoso-docker' },
    says: [/^Give exactly one of .*; both are set\.$/],
  },
  'a registry is given by its mere name': {
    inputs: { registry: 'contoso' },
    says: [/a name without its suffix: .* such as contoso\.azurecr\.io\.$/],
  },
  'a registry is of another cloud': {
    inputs: { registry: 'contoso.azurecr.cn' },
    says: [/contoso\.azurecr\.cn is none of the service connection's cloud \(AzureCloud\)/],
  },
  "docker's config is broken": {
    arrange: (pipeline) => homeFile(pipeline, '.docker/config.json', '{"auths": {"ghcr.io": {"auth": "c2VjcmV0'),
    says: [/\.docker\/config\.json is no JSON object, .* correct it .* or remove it\.$/],
  },
  "helm's config is broken": {
    arrange: (pipeline) => homeFile(pipeline, '.config/helm/registry/config.json', '[]'),
    says: [/\.config\/helm\/registry\/config\.json is no JSON object/],
  },
  "buildah's config is broken": {
    arrange: (pipeline) => homeFile(pipeline, '.config/containers/auth.json', 'auths:'),
    says: [/\.config\/containers\/auth\.json is no JSON object/],
  },
  "docker's config is a folder": {
    arrange: ({ job }) => mkdirSync(path.join(job.folders.home, '.docker/config.json'), { recursive: true }),
    says: [/\.docker\/config\.json is no regular file/],
  },
  "docker's config is too large": {
    arrange: (pipeline) => homeFile(pipeline, '.docker/config.json', ' '.repeat(1024 * 1024 + 1)),
    says: [/\.docker\/config\.json has more than the 1048576 bytes/],
  },
  'docker is told of a place that is none': {
    variables: { DOCKER_CONFIG: '.docker' },
    says: [/^The variable DOCKER_CONFIG of this job is ".docker"/],
  },
};

const foldersOf = ({ job }: Pipeline): string[] => [
  ...readdirSync(job.folders.temp),
  ...readdirSync(job.folders.machineTemp),
];

describe('ContainerRegistryLogin refuses when', () => {
  together(
    refusals,
    async ({ role, registry = {}, variables = {}, arrange, inputs }) => {
      const connections = [dockerConnection('contoso.azurecr.io', user.username, user.password)];
      const job = { variables };
      const pipeline = await startPipeline({ helm: null, registry, connections, job, ...(role && { role }) });
      await arrange?.(pipeline);
      const step = await logIn(pipeline, inputs);
      const [left, leaks] = [foldersOf(pipeline), pipeline.job.secretLeaks(step)];
      const changed = pipeline.job.variables.get('HELM_REGISTRY_CONFIG');
      await pipeline.close();
      return { step, left, leaks, changed };
    },
    ({ step, left, leaks, changed }, { says }) => {
      const message = refusalOf(step);
      for (const words of says) assert.match(message, words);
      assert.doesNotMatch(message, /c2VjcmV0/);
      assert.deepEqual([left, leaks, changed], [[], [], undefined]);
    },
  );
});

function succeeded(step: StepResult): StepResult {
  assert.equal(step.result, 'Succeeded', step.log.join('\n'));
  return step;
}

describe('ContainerRegistryLogin', () => {
  let pipeline: Pipeline;
  beforeEach(async () => {
    pipeline = await startPipeline({ helm: null });
  });
  afterEach(() => pipeline.close());

  it('leaves nothing when it is cancelled, and what a step before it left as it was', async () => {
    const before = succeeded(await logIn(pipeline)).outputs['dockerConfigPath'];
    const cancel = new AbortController();
    pipeline.azure.fault({
      kind: 'hang',
      match: ({ path: at }) => {
        if (at === '/oauth2/exchange') setImmediate(() => cancel.abort());
        return at === '/oauth2/exchange';
      },
    });
    const step = await logIn(pipeline, {}, { cancel: cancel.signal });
    assert.equal(step.result, 'Canceled', step.log.join('\n'));
    assert.deepEqual([step.violations, step.outputs], [[], {}]);
    assert.equal(pipeline.job.variables.get('DOCKER_CONFIG'), path.dirname(before ?? ''));
    assert.equal(foldersOf(pipeline).length, 1);
  });

  it('follows a link to the config, and tells of one that others may read', async () => {
    const file = homeFile(pipeline, 'dotfiles/docker.json', { auths: { 'ghcr.io': { auth: 'YTpi' } } }, 0o644);
    chmodSync(file, 0o644);
    const link = homeFile(pipeline, '.docker/beside', '').replace(/beside$/, 'config.json');
    symlinkSync(file, link);
    const { issues } = succeeded(await logIn(pipeline));
    assert.deepEqual(
      issues.map(({ type, message }) => [type, message]),
      [['warning', `${link} holds passwords, and other users of this machine may read it: chmod 600 it.`]],
    );
  });

  it('says that a program for all registries is asked for none', async () => {
    homeFile(pipeline, '.docker/config.json', { credsStore: 'ecr-login' });
    const { issues } = succeeded(await logIn(pipeline));
    assert.match(issues[0]?.message ?? '', /^The credsStore of .* is asked for none: .* as credHelpers\.$/);
  });

  it('lets nobody sign in to a registry elsewhere with the identity of Azure', async () => {
    const step = await logIn(pipeline, { registry: 'registry.fabrikam.example' });
    assert.match(refusalOf(step), /which is no host of Azure Container Registry/);
    assert.deepEqual(pipeline.azure.requests, []);
  });
});

describe('ContainerRegistryLogin with user and password', () => {
  const own = 'registry.fabrikam.example';
  let pipeline: Pipeline;
  beforeEach(async () => {
    const connections = [dockerConnection(own, user.username, user.password)];
    pipeline = await startPipeline({ helm: null, connections });
  });
  afterEach(() => pipeline.close());

  it('signs in to a registry that is none of Azure, after trying it there and nowhere else', async () => {
    pipeline.azure.passwordRegistry(own, user);
    const step = await logIn(pipeline, byPassword);
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    const hosts = pipeline.azure.requests.filter(({ method }) => method !== 'CONNECT').map(({ host }) => host);
    assert.deepEqual(new Set(hosts), new Set([own]));
    assert.match(step.log.join('\n'), /now use registry\.fabrikam\.example with the service connection\./);
    assert.deepEqual(dockerFinds(pipeline.job, own), { login: `${user.username}:${user.password}` });
    assert.deepEqual(pipeline.job.secretLeaks(step), []);
  });

  it('is refused by it', async () => {
    pipeline.azure.passwordRegistry(own, { ...user, password: 'another-password-than-that' });
    const message = refusalOf(await logIn(pipeline, byPassword));
    assert.match(message, /^registry\.fabrikam\.example refused the sign-in \(HTTP 401\): the user /);
  });
});
