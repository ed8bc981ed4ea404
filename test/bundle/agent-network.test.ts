import assert from 'node:assert/strict';
import path from 'node:path';
import type { JobOptions, StepResult } from '../agent/index.ts';
import { startAzure, type Azure, type RecordedRequest } from '../azure/index.ts';
import { push, stageApp } from '../bench/chart-steps.ts';
import { startPipelineOn } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';
import { together } from '../bench/together.ts';

const credentials = { username: 'contoso\\agent', password: 'p@ss:wörd/of the proxy' };
const noProxy = { HTTPS_PROXY: '', HTTP_PROXY: '' };
const noAuthority = { NODE_EXTRA_CA_CERTS: '', SSL_CERT_FILE: '' };
/** An address that refuses at once where it is asked directly, and that no proxy knows. */
const refusing = 'https://0.0.0.0:1/oidctoken';

interface Network {
  readonly guarded?: boolean;
  readonly job: (azure: Azure) => JobOptions;
  readonly check: (step: StepResult, requests: readonly RecordedRequest[]) => void;
}

const succeeded = (step: StepResult): void => assert.equal(step.result, 'Succeeded', step.log.join('\n'));

const networks: Readonly<Record<string, Network>> = {
  "the agent's proxy, with user and password": {
    guarded: true,
    job: (azure) => ({ environment: noProxy, proxy: { url: azure.proxyUrl, ...credentials } }),
    check: succeeded,
  },
  'the proxy of the environment, with user and password': { guarded: true, job: () => ({}), check: succeeded },
  'a proxy that does not take the password': {
    guarded: true,
    job: (azure) => ({ environment: noProxy, proxy: { url: azure.proxyUrl, ...credentials, password: 'another' } }),
    check: (step) =>
      assert.match(refusalOf(step), /The proxy wants a user and a password \(HTTP 407 .*--proxypassword/),
  },
  'a proxy that is not there': {
    job: () => ({ environment: noProxy, proxy: { url: 'http://127.0.0.1:1' } }),
    check: (step) => assert.match(refusalOf(step), /connection to contoso\.azurecr\.io failed: connect ECONNREFUSED/),
  },
  "a host that the agent's bypass list names": {
    job: (azure) => ({
      environment: noProxy,
      proxy: { url: azure.proxyUrl, bypass: ['^https://0\\.0\\.0\\.0'] },
      variables: { 'System.OidcRequestUri': refusing },
    }),
    check: (step, requests) => {
      assert.match(refusalOf(step), /issued no OIDC token .*connect ECONNREFUSED 0\.0\.0\.0:1/);
      assert.ok(requests.every(({ host }) => host !== '0.0.0.0'));
    },
  },
  'a host that no bypass list names': {
    job: (azure) => ({
      environment: noProxy,
      proxy: { url: azure.proxyUrl, bypass: ['^https://nowhere\\.example'] },
      variables: { 'System.OidcRequestUri': refusing },
    }),
    check: (step, requests) => {
      assert.match(refusalOf(step), /issued no OIDC token .*\(HTTP 502\)/);
      assert.ok(requests.some(({ host, method }) => host === '0.0.0.0' && method === 'CONNECT'));
    },
  },
  "the agent's certificate authority": {
    job: (azure) => ({ caFile: azure.caFile, environment: noAuthority }),
    check: succeeded,
  },
  'no certificate authority for the registry': {
    job: () => ({ environment: noAuthority }),
    check: (step) =>
      assert.match(refusalOf(step), /certificate of contoso\.azurecr\.io is not trusted here \(.*config --sslcacert/),
  },
  'a certificate authority that is not there': {
    job: () => ({ caFile: path.resolve('no-such-folder/ca.pem'), environment: noAuthority }),
    check: (step) => assert.match(refusalOf(step), /certificate authorities cannot be read \(ENOENT.*Agent\.CAInfo/),
  },
};

describe("A step goes the agent's way through the network", () => {
  together(
    networks,
    async ({ guarded = false, job }) => {
      const azure = await startAzure(guarded ? { proxyCredentials: credentials } : {});
      const pipeline = await startPipelineOn(azure, azure.registry('contoso.azurecr.io'), {
        helm: null,
        job: job(azure),
      });
      stageApp(pipeline);
      const step = await push(pipeline);
      const told = pipeline.job.secretLeaks(step);
      await pipeline.close();
      const onDisk = await pipeline.job.secretsOnDisk().catch(() => []);
      await azure.close();
      return { step, leaks: [...told, ...onDisk], requests: azure.requests };
    },
    ({ step, leaks, requests }, { check }) => {
      check(step, requests);
      assert.deepEqual(leaks, []);
    },
    6,
  );
});
