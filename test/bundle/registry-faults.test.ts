import assert from 'node:assert/strict';
import type { StepResult } from '../agent/index.ts';
import type { Fault, RecordedRequest } from '../azure/index.ts';
import { pull, push, seedApp, stageApp } from '../bench/chart-steps.ts';
import { startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';
import { together } from '../bench/together.ts';

const ever = { times: Infinity };
const toBlobHost = ({ host }: RecordedRequest): boolean => host.endsWith('.blob.core.windows.net');
const forManifest = ({ path, headers }: RecordedRequest): boolean =>
  path.includes('/manifests/') && headers['authorization'] !== undefined;
const to = (part: string) => (request: RecordedRequest) => request.path.includes(part);
const toHost = (name: string) => (request: RecordedRequest) => request.host === name;

interface Trouble {
  readonly fault: Fault;
  readonly run: (pipeline: Pipeline) => Promise<StepResult>;
  readonly says: RegExp;
}

async function troubled({ fault, run }: Trouble): Promise<{ step: StepResult; hits: number }> {
  const pipeline = await startPipeline({ helm: null });
  stageApp(pipeline);
  if (run === pull) await seedApp(pipeline);
  const handle = pipeline.azure.fault(fault);
  const step = await run(pipeline);
  assert.deepEqual(pipeline.job.secretLeaks(step), []);
  await pipeline.close();
  return { step, hits: handle.hits };
}

describe('Trouble that passes is waited out', () => {
  const passing: Readonly<Record<string, Trouble>> = {
    'HTTP 429 with Retry-After': {
      fault: { kind: '429', retryAfter: '1', match: to('/manifests/') },
      run: push,
      says: /contoso\.azurecr\.io answers HTTP 429; waiting 1 s\./,
    },
    'HTTP 503, three times': { fault: { kind: '503', match: forManifest, times: 3 }, run: push, says: / pushed: / },
    'a connection that is cut': { fault: { kind: 'reset', times: 3 }, run: push, says: / pushed: / },
    'a manifest that breaks off': { fault: { kind: 'truncate', match: forManifest }, run: pull, says: /^Pulled app/m },
    'a blob that breaks off, twice': {
      fault: { kind: 'truncate', match: toBlobHost, times: 2 },
      run: pull,
      says: /^Pulled app/m,
    },
    'a token that breaks off': {
      fault: { kind: 'truncate', match: to('/oauth2/exchange') },
      run: pull,
      says: /^Pulled/m,
    },
    'Entra ID, HTTP 500': {
      fault: { kind: '500', match: to('/oauth2/v2.0/token') },
      run: push,
      says: / pushed: /,
    },
    'Azure DevOps, HTTP 500': { fault: { kind: '500', match: toHost('dev.azure.com') }, run: push, says: / pushed: / },
  };

  together(
    passing,
    troubled,
    ({ step }, { says }) => {
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      assert.match(step.log.join('\n'), says);
    },
    8,
  );
});

describe('Trouble that stays ends the step soon, with one sentence', () => {
  const staying: Readonly<Record<string, Trouble>> = {
    'a Retry-After of an hour': {
      fault: { kind: '429', retryAfter: '3600', match: to('/manifests/') },
      run: push,
      says: /contoso\.azurecr\.io is overloaded \(HTTP 429\) and asks to come back in 3600 s/,
    },
    'a Retry-After of an hour at the sign-in': {
      fault: { kind: '429', retryAfter: '3600', match: to('/oauth2/v2.0/token') },
      run: push,
      says: /login\.microsoftonline\.com is overloaded \(HTTP 429\)/,
    },
    'HTTP 429': {
      fault: { kind: '429', ...ever, match: to('/blobs/') },
      run: push,
      says: /overloaded and refused several/,
    },
    'HTTP 500': {
      fault: { kind: '500', ...ever, match: to('/v2/') },
      run: pull,
      says: /failed several times \(HTTP 500/,
    },
    'cut connections': {
      fault: { kind: 'reset', ...ever, match: to('/v2/') },
      run: push,
      says: /connection to contoso\S+ failed/,
    },
    'cut connections to the data host': {
      fault: { kind: 'reset', ...ever, match: toBlobHost },
      run: pull,
      says: /connection to \S+\.blob\.core\.windows\.net, where contoso\.azurecr\.io keeps its blobs, failed/,
    },
    'a blob that always breaks off': {
      fault: { kind: 'truncate', ...ever, match: toBlobHost },
      run: pull,
      says: /broke off/,
    },
    'a blob with one byte changed': {
      fault: { kind: 'tamper', ...ever, match: toBlobHost },
      run: pull,
      says: /sent \d+ bytes with digest sha256:\w{64} instead of \d+ bytes with sha256:\w{64}; .* tampered with/,
    },
    'a manifest with one byte changed': {
      fault: { kind: 'tamper', ...ever, match: forManifest },
      run: pull,
      says: /does not have the digest it should have/,
    },
    'cut connections to Entra ID': {
      fault: { kind: 'reset', ...ever, match: to('/oauth2/v2.0/token') },
      run: push,
      says: /could not sign in to Entra ID: the connection to login\.microsoftonline\.com failed/,
    },
    'HTTP 500 of Entra ID': {
      fault: { kind: '500', ...ever, match: to('/oauth2/v2.0/token') },
      run: push,
      says: /the last answer was HTTP 500 from login\.microsoftonline\.com/,
    },
    'HTTP 500 of Azure DevOps': {
      fault: { kind: '500', ...ever, match: toHost('dev.azure.com') },
      run: push,
      says: /issued no OIDC token .*\(HTTP 500\); run the step again later/,
    },
    'a web page instead of an OIDC token': {
      fault: { kind: 'html', ...ever, match: toHost('dev.azure.com') },
      run: push,
      says: /issued no OIDC token .*\(HTTP 200\): check that the connection exists/,
    },
  };
  const pages = {
    manifests: { match: to('/manifests/'), run: pull },
    exchange: { match: to('/oauth2/exchange'), run: push },
    token: { match: to('/oauth2/token'), run: push },
    blob: { match: toBlobHost, run: pull },
    upload: { match: to('/blobs/uploads/'), run: push },
    'Entra ID': { match: to('/oauth2/v2.0/token'), run: push },
  };
  const captive = Object.entries(pages).map(([name, { match, run }]): [string, Trouble] => [
    `a web page instead of an answer (${name})`,
    { fault: { kind: 'html', ...ever, match }, run, says: /web page came instead of an answer of \S+ \(HTTP 200/ },
  ]);

  together(
    { ...staying, ...Object.fromEntries(captive) },
    troubled,
    ({ step, hits }, { says }) => {
      assert.match(refusalOf(step), says);
      // Four attempts each of what goes side by side: the tag and two blobs, or two ways to ask for a token.
      assert.ok(hits >= 1 && hits <= 12, `${hits} requests`);
    },
    18,
  );
});
