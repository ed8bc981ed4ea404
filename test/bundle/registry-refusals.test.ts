import assert from 'node:assert/strict';
import type { StepResult } from '../agent/index.ts';
import type { RegistrySettings } from '../azure/index.ts';
import { pull, push, seedApp, stageApp } from '../bench/chart-steps.ts';
import { dockerConnection } from '../bench/connections.ts';
import { startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';
import { together } from '../bench/together.ts';

interface Refusal {
  /** Role of the connection's identity on the registry. */
  readonly role?: string;
  readonly registry?: Partial<RegistrySettings>;
  readonly arrange?: (pipeline: Pipeline) => unknown;
  readonly run: (pipeline: Pipeline) => Promise<StepResult>;
  readonly says: readonly RegExp[];
}

const registryAudience = 'https://containerregistry.azure.net';
const user = { username: 'pipeline-token', password: 'the-right-password-of-the-token' };
const byPassword = { azureSubscription: '', registry: '', containerRegistry: 'contoso-docker' };
const onlyPull: readonly ('pull' | 'push')[] = ['pull'];
const missing = `sha256:${'a'.repeat(64)}`;

const refusals: Readonly<Record<string, Refusal>> = {
  'the identity has no role: push': {
    role: 'Reader',
    run: push,
    says: [/refused the sign-in \(HTTP 401 UNAUTHORIZED/, /assign AcrPush /, /'Container Registry Repository Writer'/],
  },
  'the identity has no role: pull': {
    role: 'Reader',
    run: pull,
    says: [/refused the sign-in \(HTTP 401 UNAUTHORIZED/, /assign AcrPull /, /'Container Registry Repository Reader'/],
  },
  'the registry denies the exchange': {
    role: 'Reader',
    registry: { exchangeRefusal: 'denied' },
    run: push,
    says: [/HTTP 403 DENIED: retrieving permissions failed/, /assign AcrPush /],
  },
  'the identity may only pull': {
    role: 'AcrPull',
    run: push,
    says: [/does not let the identity of the service connection push helm\/app \(HTTP 401/, /assign AcrPush /],
  },
  'the registry has ABAC permissions: push': {
    registry: { abac: true },
    run: push,
    says: [/push helm\/app/, /where AcrPush does not count, 'Container Registry Repository Writer'/],
  },
  'the registry has ABAC permissions: pull': {
    registry: { abac: true },
    run: pull,
    says: [/pull helm\/app/, /where AcrPull does not count, 'Container Registry Repository Reader'/],
  },
  'the firewall is closed: push': {
    registry: { firewall: true },
    run: push,
    says: [/^The firewall of contoso\.azurecr\.io .*203\.0\.113\.7/, /Networking settings/],
  },
  'the firewall is closed: pull': { registry: { firewall: true }, run: pull, says: [/^The firewall of contoso/] },
  'the tenant lacks the audience, and the registry refuses that of Azure Resource Manager': {
    registry: { armAudience: 'disabled' },
    arrange: ({ azure }) => azure.accessTokens.missingResources.add(registryAudience),
    run: push,
    says: [/azureADAuthenticationAsArmPolicy to 'enabled'/],
  },
  'there is no such repository': {
    run: pull,
    says: [/^oci:\/\/contoso\.azurecr\.io\/helm\/app:1\.2\.3 does not exist/],
  },
  'there is no such version': {
    arrange: (pipeline) => seedApp(pipeline),
    run: (pipeline) => pull(pipeline, { chartVersion: '9.9.9' }),
    says: [/helm\/app:9\.9\.9 does not exist/],
  },
  'there is no such digest': {
    arrange: (pipeline) => seedApp(pipeline),
    run: (pipeline) => pull(pipeline, { chartVersion: '', chartDigest: missing }),
    says: [/helm\/app@sha256:a{64} does not exist/],
  },
  'the version points to another digest than asked': {
    arrange: (pipeline) => seedApp(pipeline),
    run: (pipeline) => pull(pipeline, { chartDigest: missing }),
    says: [/points to sha256:[0-9a-f]{64}, not to sha256:a{64} as asked: the tag was moved/],
  },
  'there is no such registry': {
    run: (pipeline) => push(pipeline, { registry: 'nowhere.azurecr.io' }),
    says: [/nowhere\.azurecr\.io could not be reached/, /Check the registry's name/],
  },
  'the password of the Docker registry connection is wrong': {
    registry: { tokens: [{ ...user, password: 'another', scopeMap: { '*': ['pull', 'push'] } }] },
    run: (pipeline) => push(pipeline, byPassword),
    says: [
      /refused the sign-in \(HTTP 401/,
      /password of the Docker registry connection is wrong, expired or disabled/,
    ],
  },
  'the token of the Docker registry connection may only pull': {
    registry: { tokens: [{ ...user, scopeMap: { 'helm/*': onlyPull } }] },
    run: (pipeline) => push(pipeline, byPassword),
    says: [
      /does not let the user of the Docker registry connection push helm\/app/,
      /content\/read and content\/write/,
    ],
  },
};

describe('The registry refuses, and one sentence says what to change', () => {
  together(
    refusals,
    async ({ role = 'AcrPush', registry = {}, arrange, run }) => {
      const connections = [dockerConnection('contoso.azurecr.io', user.username, user.password)];
      const pipeline = await startPipeline({ helm: null, role, registry, connections });
      stageApp(pipeline);
      await arrange?.(pipeline);
      const step = await run(pipeline);
      const leaks = pipeline.job.secretLeaks(step);
      await pipeline.close();
      return { step, leaks };
    },
    ({ step, leaks }, { says }) => {
      const message = refusalOf(step);
      for (const reason of says) assert.match(message, reason);
      assert.deepEqual(leaks, []);
    },
  );
});

describe('A tenant that does not know the registry audience', () => {
  it('signs in with the audience of Azure Resource Manager', async () => {
    const pipeline = await startPipeline({ helm: null });
    stageApp(pipeline);
    pipeline.azure.accessTokens.missingResources.add(registryAudience);
    const step = await push(pipeline);
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    const scopes = pipeline.azure.requests.flatMap(({ form }) => form?.getAll('scope') ?? []);
    assert.deepEqual(
      scopes.filter((scope) => scope.startsWith('https:')),
      [`${registryAudience}/.default`, 'https://management.azure.com/.default'],
    );
    await pipeline.close();
  });
});
