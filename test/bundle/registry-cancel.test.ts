import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { StepResult } from '../agent/index.ts';
import type { Fault, RecordedRequest } from '../azure/index.ts';
import { chartArchive, pull, push, stage } from '../bench/chart-steps.ts';
import { startPipeline, type Pipeline, type TaskStep } from '../bench/pipeline.ts';
import { together } from '../bench/together.ts';

interface Cancelled {
  /** The trouble in the middle of which the run is cancelled; none: while the content of a large chart is on its way. */
  readonly trouble?: Pick<Fault, 'kind' | 'retryAfter'>;
  readonly when: (request: RecordedRequest) => boolean;
  readonly run: (pipeline: Pipeline, step: TaskStep) => Promise<StepResult>;
}

const tiny = chartArchive('app', '1.2.3');
const large = chartArchive('app', '1.2.3', '', { name: 'app/files/content', body: randomBytes(12 * 1024 * 1024) });
const hang = { kind: 'hang' } as const;
const to = (part: string) => (request: RecordedRequest) => request.path.includes(part);
const fromBlobHost = ({ host }: RecordedRequest): boolean => host.endsWith('.blob.core.windows.net');
const pushing = (pipeline: Pipeline, step: TaskStep): Promise<StepResult> => push(pipeline, {}, step);
const pulling = (pipeline: Pipeline, step: TaskStep): Promise<StepResult> =>
  pull(pipeline, { destination: destinationOf(pipeline), unpack: 'true' }, step);

const cases: Readonly<Record<string, Cancelled>> = {
  'a push while Azure DevOps does not answer': { trouble: hang, when: to('/oidctoken'), run: pushing },
  'a push while Entra ID does not answer': { trouble: hang, when: to('/oauth2/v2.0/token'), run: pushing },
  'a push while the registry does not answer': { trouble: hang, when: to('/manifests/'), run: pushing },
  'a push while it waits for a busy registry': {
    trouble: { kind: '429', retryAfter: '100' },
    when: to('/manifests/'),
    run: pushing,
  },
  'a push in the middle of an upload': { when: ({ method }) => method === 'PATCH', run: pushing },
  'a pull while the data host does not answer': { trouble: hang, when: fromBlobHost, run: pulling },
  'a pull in the middle of a download': { when: fromBlobHost, run: pulling },
};

/** An agent that does not insist, so that only a step that ends by itself ends. */
const untilItEnds = { interrupt: 600_000, terminate: 600_000 };

function destinationOf(pipeline: Pick<Pipeline, 'job'>): string {
  return path.join(pipeline.job.folders.binaries, 'charts');
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

describe('Cancelling a run', () => {
  together(
    cases,
    async ({ trouble, when, run }) => {
      const pipeline = await startPipeline({ helm: null, job: { cancelTimes: untilItEnds } });
      const archive = trouble === undefined ? large : tiny;
      if (run === pushing) stage(pipeline, 'app-1.2.3.tgz', archive);
      else await pipeline.registry.seedChart('helm', { name: 'app', version: '1.2.3', archive });
      const cancel = new AbortController();
      const match = (request: RecordedRequest): boolean => {
        if (!when(request)) return false;
        setImmediate(() => cancel.abort());
        return trouble !== undefined;
      };
      const fault = pipeline.azure.fault({ kind: 'hang', ...trouble, match, times: Infinity });
      let asked = 0;
      cancel.signal.addEventListener('abort', () => (asked = pipeline.azure.requests.length));
      const step = await run(pipeline, { cancel: cancel.signal });
      const askedLater = pipeline.azure.requests.slice(asked).filter(({ method }) => method !== 'CONNECT');
      fault.lift();
      const { folders } = pipeline.job;
      const left = [destinationOf(pipeline), folders.temp, folders.machineTemp].flatMap(filesIn);
      const tags = run === pushing ? await pipeline.registry.tags('helm/app') : [];
      const again = await run(pipeline, {});
      await pipeline.close();
      return { step, askedLater, left, tags, again };
    },
    ({ step, askedLater, left, tags, again }) => {
      assert.equal(step.result, 'Canceled', step.log.join('\n'));
      assert.deepEqual(step.violations, []);
      assert.deepEqual(step.outputs, {});
      // The agent's own words; the step adds none.
      assert.deepEqual(
        step.issues.map(({ message }) => message),
        ['The operation was canceled.'],
      );
      // What was on its way when the button was pressed may still arrive; nothing is tried again.
      assert.ok(askedLater.length <= 4, askedLater.map(({ method, path: where }) => `${method} ${where}`).join());
      assert.deepEqual(left, []);
      assert.deepEqual(tags, []);
      assert.equal(again.result, 'Succeeded', again.log.join('\n'));
    },
    4,
  );
});
