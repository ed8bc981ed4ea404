import assert from 'node:assert/strict';
import { messageOf, TaskError } from '../../../tasks/common/task/outcome.ts';
import { Bench, firstTime, other, ours, path } from './lease-bench.ts';
import { atOnce, type Fate } from './world.ts';

describe('the Lease of a release', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });
  const writes = (): number => bench.store.writes.length;

  it('is made as Kubernetes wants it, and says whose it is', async () => {
    const lease = await bench.taken();
    const { apiVersion, kind, metadata, spec } = bench.lease;
    assert.deepEqual(
      [apiVersion, kind, metadata.name, metadata.namespace],
      ['coordination.k8s.io/v1', 'Lease', 'helm-delivery-shop', 'web'],
    );
    const { acquireTime, renewTime, ...others } = spec;
    assert.deepEqual(others, { holderIdentity: ours, leaseDurationSeconds: 60, leaseTransitions: 0 });
    // Go's MicroTime takes six digits and no fewer.
    assert.match(String(renewTime), /^2026-11-26T00:00:00\.\d{6}Z$/);
    assert.equal(acquireTime, renewTime);
    assert.deepEqual([lease.holds(), lease.takenFromDead, lease.left], [true, false, undefined]);
  });

  it('is renewed every quarter of its time, each time with another time', async () => {
    const lease = await bench.taken();
    const times = new Set<unknown>();
    await bench.world.pass(600_000, () => {
      times.add(bench.lease.spec['renewTime']);
      assert.ok(lease.holds());
    });
    assert.equal(times.size, 41);
    assert.equal(bench.lease.spec['leaseTransitions'], 0);
  });

  for (const [name, trouble] of [
    ['is gone', () => ({ ...atOnce, trouble: 'lost' as const })],
    ['says nothing', () => ({ thereMs: 3_600_000, backMs: 1 })],
    ['answers 429', () => ({ ...atOnce, trouble: 429 })],
    ['answers 500', () => ({ ...atOnce, trouble: 500 })],
  ] as const) {
    it(`outlasts an API server that ${name} for 20 s`, async () => {
      const lease = await bench.taken();
      // Whenever that begins: right before a renewal is the worst.
      for (let round = 0; round < 20; round += 1) {
        await bench.world.pass(40_000 + round * 1000);
        bench.fate = trouble;
        await bench.world.pass(20_000, () => assert.ok(lease.holds()));
        bench.fate = () => atOnce;
      }
      assert.ok(lease.holds() && !lease.lost.aborted);
    });
  }

  it('is lost 5 s before others may take it, when it cannot be renewed, and never written again', async () => {
    const lease = await bench.taken();
    bench.fate = () => ({ ...atOnce, trouble: 500 });
    const start = Date.parse(String(bench.lease.spec['renewTime'])) - Date.UTC(2026, 10, 26);
    const lostAt = await firstTime(bench.world, 56_000, () => lease.lost.aborted);
    assert.equal(lostAt, start + 55_000);
    assert.ok(!lease.holds());
    const reason: unknown = lease.lost.reason;
    assert.ok(reason instanceof TaskError);
    assert.match(
      reason.message,
      /could not renew the Lease 'helm-delivery-shop' .*valid for 60 s: the last try failed: refu/,
    );
    bench.fate = () => atOnce;
    const before = writes();
    await assert.rejects(bench.world.until(lease.note(undefined)), /could not renew/);
    await bench.world.until(lease.release());
    await bench.world.pass(60_000);
    assert.equal(writes(), before);
  });

  it('is not held by whoever stood still, whatever comes first afterwards', async () => {
    for (const [index, how] of ['stopped', 'asleep', 'stopped, its clock set back'].entries()) {
      bench = new Bench();
      const lease = await bench.taken();
      await bench.world.pass(10_000);
      if (how.endsWith('back')) bench.machine.set(-55_000);
      bench.machine.stop(50_000, how === 'asleep', index);
      await bench.world.pass(49_990, () => assert.ok(bench.machine.isStopped));
      const before = writes();
      await bench.world.pass(5000, () => assert.ok(bench.machine.isStopped || !lease.holds(), how));
      assert.equal(writes(), before, 'it renewed what another run may have taken');
      assert.match(
        messageOf(lease.lost.reason),
        /this machine stood still, or its clock was set, for longer than that/,
      );
    }
  });

  it('counts from before it was asked for, however late the answer comes', async () => {
    bench.fate = () => ({ thereMs: 1, backMs: 9000 });
    const lease = await bench.taken();
    await bench.world.pass(20_000);
    // The renewal is on its way; its answer waits until the process goes on.
    bench.machine.stop(70_000);
    await bench.world.pass(75_000);
    assert.ok(!lease.holds());
    assert.ok(lease.lost.aborted);
  });

  it('counts from before it was asked for, also when the answer was lost and it had to look', async () => {
    const lease = await bench.taken();
    const fates: Fate[] = [{ ...atOnce, trouble: 'answer lost, again' }, atOnce, { thereMs: 1, backMs: 9000 }];
    bench.fate = () => fates.shift() ?? atOnce;
    await bench.world.pass(20_000);
    assert.equal(fates.length, 0);
    // The answer comes before it is looked at the clock.
    bench.machine.stop(70_000, false, 1);
    await bench.world.pass(75_000, () => assert.ok(bench.world.nowMs < 60_000 || !lease.holds()));
    assert.ok(lease.lost.aborted);
  });

  it('is lost to whoever has it now, who is named', async () => {
    const lease = await bench.taken();
    bench.putOther();
    await bench.world.pass(16_000);
    assert.match(messageOf(lease.lost.reason), /lost the Lease .* to https:\S+buildId=5: /);
    assert.equal(bench.lease.spec['holderIdentity'], other);
    await bench.world.until(lease.release());
    assert.equal(bench.lease.spec['holderIdentity'], other);
  });

  for (const [when, givenBack] of [
    ['', false],
    [', and is done with it', true],
  ] as const) {
    it(`tells who has taken it over from a machine that stood still${when}`, async () => {
      const lease = await bench.taken();
      bench.machine.stop(70_000);
      bench.putOther();
      if (givenBack) await bench.world.until((await bench.taken({ holder: other })).release());
      await bench.world.pass(75_000);
      const reason: unknown = await bench.world.until(lease.whyLost());
      assert.ok(reason instanceof TaskError);
      assert.match(reason.message, /this machine stood still.* https:\S+buildId=5 has taken it over meanwhile/);
    });
  }

  it('says no more than it knows where nobody has taken it over, or nobody can be asked', async () => {
    const lease = await bench.taken();
    bench.machine.stop(70_000);
    await bench.world.pass(75_000);
    assert.equal(await bench.world.until(lease.whyLost()), lease.lost.reason);
    bench.fate = () => ({ ...atOnce, trouble: 500 });
    assert.equal(await bench.world.until(lease.whyLost()), lease.lost.reason);
  });

  it('is lost when somebody deletes it', async () => {
    const lease = await bench.taken();
    bench.store.objects.delete(path);
    await bench.world.pass(16_000);
    assert.match(messageOf(lease.lost.reason), /^Somebody deleted the Lease 'helm-delivery-shop' in namespace 'web'/);
    assert.equal(bench.store.objects.size, 0);
  });

  it('goes on when a person writes something else to it, and keeps that', async () => {
    const lease = await bench.taken();
    const { metadata } = bench.lease;
    bench.store.put(path, { ...bench.lease, metadata: { ...metadata, annotations: { team: 'shop' } } });
    await bench.world.until(lease.note({ revision: 2, action: 'install' }));
    assert.deepEqual(bench.lease.metadata.annotations, {
      team: 'shop',
      'helm-delivery/left': '{"revision":2,"action":"install"}',
    });
    assert.ok(lease.holds());
  });

  it('knows its own write again whose answer was lost', async () => {
    let count = 0;
    bench.fate = () => ({ ...atOnce, trouble: (count += 1) % 2 === 0 ? 'answer lost, again' : undefined });
    const lease = await bench.taken();
    await bench.world.pass(300_000, () => assert.ok(lease.holds()));
    assert.ok(!lease.lost.aborted);
  });

  it('carries what is left to do to the next run, until that writes its own', async () => {
    const first = await bench.taken();
    await bench.world.until(first.note({ revision: 4, action: 'rollback' }));
    await bench.world.until(first.release());
    assert.equal(bench.lease.spec['holderIdentity'], undefined);
    assert.ok(!first.holds() && !first.lost.aborted);
    const second = await bench.taken({ holder: other });
    assert.deepEqual(second.left, { revision: 4, action: 'rollback' });
    assert.ok(!second.takenFromDead);
    await bench.world.until(second.note(undefined));
    await bench.world.until(second.release());
    assert.equal((await bench.taken()).left, undefined);
    assert.equal(bench.lease.spec['leaseTransitions'], 2);
  });

  it('says when it cannot be given back', async () => {
    const lease = await bench.taken();
    bench.fate = () => ({ ...atOnce, trouble: 500 });
    await bench.world.until(lease.release());
    assert.match(bench.told.join('\n'), /The next run may have to wait 60 s for the Lease of this one\./);
  });
});
