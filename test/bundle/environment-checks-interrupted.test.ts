import assert from 'node:assert/strict';
import type { StepResult } from '../agent/index.ts';
import type { PlayedEnvironment } from '../azure/devops/index.ts';
import type { RecordedRequest } from '../azure/index.ts';
import { ChecksBench } from '../bench/checks-bench.ts';
import { addApprovers, sampleEnvironment } from '../bench/sample-environment.ts';
import { StartedStep } from '../bench/started-step.ts';

/** A new environment with every check takes so many writes. */
const mostWrites = 9;

describe('EnvironmentChecks, interrupted', () => {
  let bench: ChecksBench;
  let whole: unknown;
  before(async () => {
    bench = await ChecksBench.start();
    addApprovers(bench);
    sound(await bench.apply([sampleEnvironment('whole')]));
    whole = stateOf('whole');
  });
  after(() => bench.close());

  function sound(step: StepResult): void {
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.deepEqual([...step.violations, ...bench.job.secretLeaks(step)], []);
  }

  const found = (name: string): PlayedEnvironment => bench.organization.environments.find(name) ?? assert.fail(name);

  /** All of an environment but its name and the ids of its checks. */
  function stateOf(name: string): unknown {
    const { description, configurations, permittedPipelines, roles } = found(name);
    return {
      description,
      checks: configurations.all.map(({ kind, settings, timeout, isDisabled }) => ({
        kind,
        settings,
        timeout,
        isDisabled,
      })),
      permitted: [...permittedPipelines.keys()],
      roles: [...roles],
    };
  }

  const started = (name: string): StartedStep =>
    new StartedStep((watch) => bench.run([sampleEnvironment(name)], { mode: 'apply' }, watch));

  for (const when of ['before', 'after'] as const)
    for (let nth = 1; nth <= mostWrites; nth += 1)
      it(`by a kill ${when} write ${nth} took effect, is ended by the next run as if nothing had been`, async () => {
        const name = `killed-${when}-${nth}`;
        const step = started(name);
        const act = (): 'cut' => {
          step.signal('task', 'SIGKILL');
          return 'cut';
        };
        const reached = bench.azure.gate({ match: isWrite, when, nth, act });
        assert.equal((await step.ended).result, 'Failed');
        reached();
        const { result, writes } = await bench.requests(() => bench.apply([sampleEnvironment(name)]));
        sound(result);
        assert.deepEqual(stateOf(name), whole);
        assert.equal(writes.length, mostWrites - nth + (when === 'before' ? 1 : 0), writes.join());
      });

  it('by a kill, never lets a pipeline in before every check is there', async () => {
    const name = 'killed-early';
    const step = started(name);
    bench.azure.gate({
      match: ({ method, path }) => method === 'PATCH' && path.includes('/pipelinepermissions/'),
      act: () => {
        step.signal('task', 'SIGKILL');
        return 'cut';
      },
    });
    await step.ended;
    assert.equal(found(name).configurations.all.length, 7);
    assert.equal(found(name).permittedPipelines.size, 0);
  });

  const allWrites = Array.from({ length: mostWrites }, (_each, index) => index + 1);
  const troubles = [
    ...allWrites.flatMap((nth) => [{ kind: 'reset', nth } as const, { kind: 'lostAnswer', nth } as const]),
    ...[1, 2, mostWrites].flatMap((nth) =>
      (['500', '503', 'truncate', 'html'] as const).map((kind) => ({ kind, nth })),
    ),
  ];
  for (const { kind, nth } of troubles)
    it(`by ${kind} at write ${nth}, makes each of them once all the same`, async () => {
      const name = `trouble-${kind}-${nth}`;
      const fault = bench.azure.fault({ kind, skip: nth - 1, match: isWrite });
      const step = await bench.apply([sampleEnvironment(name)]);
      sound(step);
      assert.equal(fault.hits, 1);
      assert.deepEqual(stateOf(name), whole);
      assert.equal(step.outputs['checksChanged'], '8');
      assert.equal(bench.organization.environments.all.filter((each) => each.name === name).length, 1);
    });

  for (const [kind, said] of [
    ['reset', /Whether it was done is not known: run the step again, it goes on from there\./],
    ['500', /HTTP 500: .*Run the step again later; it goes on from there\./],
    ['html', /HTTP 200: a page instead of data\)\. What answered is not the API of Azure DevOps: check the proxy/],
  ] as const)
    it(`by ${kind} at every write, gives up after four looks`, async () => {
      const fault = bench.azure.fault({ kind, times: Infinity, match: isWrite });
      const { result, writes } = await bench.requests(() => bench.apply([sampleEnvironment(`dead-${kind}`)]));
      fault.lift();
      assert.equal(result.result, 'Failed');
      assert.match(result.issues.map(({ message }) => message).join('\n'), said);
      assert.equal(writes.length, 4);
      assert.equal(bench.organization.environments.find(`dead-${kind}`), undefined);
    });

  for (const kind of ['reset', '500'] as const)
    it(`by ${kind} at a request that reads, asks again`, async () => {
      for (const end of ['/environments', '/queryconfigurations', '/identities']) {
        const fault = bench.azure.fault({ kind, match: ({ path }) => path.endsWith(end) });
        sound(await bench.run([sampleEnvironment('whole')]));
        assert.equal(fault.hits, 1);
      }
    });

  it('by an outage, leaves alone the environments after it, and says how many', async () => {
    const names = ['outage-1', 'outage-2', 'outage-3', 'outage-4'];
    const dead = bench.azure.hold({ match: isWrite, nth: mostWrites + 3 });
    const running = bench.requests(() => bench.apply(names.map((name) => sampleEnvironment(name))));
    await dead.reached;
    const fault = bench.azure.fault({ kind: '429', times: Infinity, retryAfter: '0', match: isWrite });
    dead.release('cut');
    const { result, writes } = await running;
    fault.lift();
    assert.equal(result.result, 'Failed');
    assert.equal(writes.filter((each) => each === 'POST pipelines/environments').length, 2);
    const errors = result.issues.map(({ message }) => message);
    assert.equal(errors.length, 2, errors.join('\n'));
    assert.match(
      errors[1] ?? '',
      /3 of 4 environments could not be made as .* says: the errors say why\. 2 environments after that were not seen to\./,
    );
    assert.equal(bench.organization.environments.find('outage-3'), undefined);
  });

  for (const [what, trouble] of [
    ['does not answer', { kind: 'hang' }],
    ['is busy for a minute', { kind: '429', times: Infinity, retryAfter: '60' }],
  ] as const)
    it(`by a cancel while Azure DevOps ${what}, stops without another write`, async () => {
      const name = `cancelled-${trouble.kind}`;
      const step = started(name);
      let writes = 0;
      const match = (request: RecordedRequest): boolean => {
        if (!isWrite(request)) return false;
        writes += 1;
        if (writes === 3) step.cancel();
        return writes >= 3;
      };
      const fault = bench.azure.fault({ ...trouble, match });
      assert.equal((await step.ended).result, 'Canceled');
      fault.lift();
      assert.equal(writes, 3);
      assert.equal(found(name).configurations.all.length, 1);
      sound(await bench.apply([sampleEnvironment(name)]));
      assert.deepEqual(stateOf(name), whole);
    });
});

function isWrite({ method, path }: RecordedRequest): boolean {
  return ['POST', 'PATCH', 'DELETE'].includes(method) && !path.endsWith('/queryconfigurations');
}
