import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { FaultKind, RecordedRequest } from '../azure/index.ts';
import { push, stage, stageApp } from '../bench/chart-steps.ts';
import { loginServer, startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { together } from '../bench/together.ts';
import { tarOf } from '../unit/chart/hostile-archive.ts';

/** Requests to the registry that the push of the sample chart with its signature takes, token requests included. */
const requests = 14;
const atOnce = { interrupt: 0, terminate: 0, output: 100 };

interface Interruption {
  readonly after: number;
  readonly kind: FaultKind;
  /** Kill the process there; else it fails by itself, after its own attempts. */
  readonly kill: boolean;
}

interface Repeated {
  readonly first: string;
  readonly tagsBetween: readonly string[];
  readonly again: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
}

async function signedChart(): Promise<Pipeline> {
  const pipeline = await startPipeline({ helm: null, job: { cancelTimes: atOnce } });
  stageApp(pipeline);
  stage(pipeline, 'app-1.2.3.tgz.prov', '-----BEGIN PGP SIGNED MESSAGE-----\na signature');
  return pipeline;
}

/** Pushes until the interruption, then again without one. */
async function repeated({ after, kind, kill }: Interruption): Promise<Repeated> {
  const pipeline = await signedChart();
  try {
    const killed = new AbortController();
    let seen = 0;
    const match = (): boolean => {
      if ((seen += 1) <= after) return false;
      if (kill) setImmediate(() => killed.abort());
      return true;
    };
    const fault = pipeline.registry.fault({ kind, match, times: Infinity });
    const first = await push(pipeline, {}, { cancel: killed.signal });
    fault.lift();
    const tagsBetween = await pipeline.registry.tags('helm/app');
    const again = await push(pipeline);
    return { first: first.result, tagsBetween, again: again.outputs, tags: await pipeline.registry.tags('helm/app') };
  } finally {
    await pipeline.close();
  }
}

function cutAt(kind: FaultKind, kill: boolean, every: number): Record<string, Interruption> {
  const counts = Array.from({ length: Math.ceil(requests / every) }, (_, index) => index * every);
  const last = requests - 1;
  return Object.fromEntries(
    [...new Set([...counts, last])].map((after) => [`${kind} after ${after} requests`, { after, kind, kill }]),
  );
}

describe('An interrupted push', () => {
  let whole: Readonly<Record<string, string>>;

  before(async () => {
    const pipeline = await signedChart();
    whole = (await push(pipeline)).outputs;
    const seen = pipeline.azure.requests.filter(({ host }) => host === loginServer);
    await pipeline.close();
    assert.equal(seen.length, requests, seen.map(({ method, path }) => `${method} ${path}`).join('\n'));
  });

  function endsTheSame({ first, tagsBetween, again, tags }: Repeated, { after, kind, kill }: Interruption): void {
    assert.equal(first, kill ? 'Canceled' : 'Failed');
    // The last request is the one that writes the tag.
    const isDone = kind === 'lostAnswer' && after === requests - 1;
    assert.deepEqual(tagsBetween, isDone ? ['1.2.3'] : []);
    assert.deepEqual(again, { ...whole, pushResult: isDone ? 'unchanged' : 'pushed' });
    assert.deepEqual(tags, ['1.2.3']);
  }

  // Between both kinds the registry has seen every number of requests: the lost answer is one more than the hanging one.
  describe('ends the same when it is repeated after its process was killed', () => {
    together({ ...cutAt('hang', true, 2), ...cutAt('lostAnswer', true, 2) }, repeated, endsTheSame);
  });

  describe('ends the same when it is repeated after it gave up', () => {
    together({ ...cutAt('reset', false, 8), ...cutAt('lostAnswer', false, 8) }, repeated, endsTheSame, 12);
  });
});

function is(method: string, part: string): (request: RecordedRequest) => boolean {
  return (request) => request.method === method && request.path.includes(part);
}

/** One that goes up in several pieces. */
function largeChart(): Buffer {
  const files = [
    { name: 'large/Chart.yaml', body: 'apiVersion: v2\nname: large\nversion: 1.0.0\n' },
    { name: 'large/files/content', body: randomBytes(10 * 1024 * 1024) },
  ];
  return gzipSync(tarOf(files), { level: 0 });
}

describe('A push whose answer is lost once', () => {
  const cases = {
    'at the token exchange': is('POST', '/oauth2/exchange'),
    'at the token request': is('POST', '/oauth2/token'),
    'when an upload begins': is('POST', '/blobs/uploads/'),
    'in the middle of a large upload': is('PATCH', '/blobs/uploads/'),
    'when an upload ends': is('PUT', '/blobs/uploads/'),
    'when the tag is written': is('PUT', '/manifests/'),
  };

  together(
    cases,
    async (match) => {
      const pipeline = await signedChart();
      stage(pipeline, 'large-1.0.0.tgz', largeChart());
      const fault = pipeline.registry.fault({ kind: 'lostAnswer', match });
      const step = await push(pipeline);
      await pipeline.close();
      return { step, hits: fault.hits };
    },
    ({ step, hits }) => {
      assert.equal(hits, 1);
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      assert.equal(step.outputs['pushResult'], 'pushed,pushed');
    },
    6,
  );
});
