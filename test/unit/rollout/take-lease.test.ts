import assert from 'node:assert/strict';
import { leaseName } from '../../../tasks/common/rollout/lease-object.ts';
import { Bench, firstTime, other, ours } from './lease-bench.ts';
import { atOnce } from './world.ts';

describe('the Lease of another run', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });

  it('is taken over when it was unchanged for its time, not earlier, whatever its times say', async () => {
    for (const renewTime of [
      '2020-01-01T00:00:00.000000Z',
      '2026-11-26T00:00:00.000000Z',
      '2031-01-01T00:00:00.000000Z',
    ]) {
      bench = new Bench();
      bench.putOther({ renewTime }, { 'helm-delivery/left': '{"revision":9,"action":"upgrade"}' });
      const taking = bench.take();
      const at = await firstTime(bench.world, 70_000, () => bench.lease.spec['holderIdentity'] === ours);
      assert.ok(at !== undefined && at >= 60_000 && at < 61_000, `at ${at}`);
      const lease = await taking;
      assert.deepEqual([lease.takenFromDead, lease.left], [true, { revision: 9, action: 'upgrade' }]);
      assert.equal(bench.lease.spec['leaseTransitions'], 4);
      assert.match(
        bench.told.join('\n'),
        /buildId=5 has not renewed its Lease for 60 s and counts as dead: taking over\./,
      );
    }
  });

  it('is taken though writes of it broke off, whether they were done or not, but not for ever', async () => {
    for (const trouble of ['lost', 'answer lost'] as const) {
      bench = new Bench();
      let requests = 0;
      // The first one reads, the second one writes.
      bench.fate = () => ({ ...atOnce, trouble: (requests += 1) === 2 ? trouble : undefined });
      const lease = await bench.taken();
      assert.ok(lease.holds(), trouble);
      assert.equal(bench.lease.spec['holderIdentity'], ours);
    }
    bench = new Bench();
    let requests = 0;
    bench.fate = () => ({ ...atOnce, trouble: (requests += 1) % 2 === 0 ? 'lost' : undefined });
    await assert.rejects(bench.taken(), /the connection broke/);
    assert.equal(requests, 6);
  });

  it('is taken also when its count of holders is as high as it can be', async () => {
    bench.putOther({ holderIdentity: undefined, leaseTransitions: 2 ** 31 - 1 });
    await bench.taken();
    assert.equal(bench.lease.spec['leaseTransitions'], 2 ** 31 - 1);
  });

  it('is given up when nobody has it and every write meets a conflict', async () => {
    bench.store.refuses = (method) => (method === 'get' ? undefined : 409);
    for (const there of [undefined, { holderIdentity: undefined }]) {
      if (there !== undefined) bench.putOther(there);
      await assert.rejects(
        bench.world.until(bench.take()),
        /^TaskError: The Lease 'helm-delivery-shop' in namespace 'web' cannot be taken: nobody holds it, .*HTTP 409/,
      );
    }
  });

  it('is left to a holder who asked for a longer time, up to an hour', async () => {
    for (const [given, seconds] of [
      [300, 300],
      [1e9, 3600],
      [-5, 60],
      ['600', 60],
    ] as const) {
      bench = new Bench();
      bench.putOther({ leaseDurationSeconds: given });
      const taking = bench.take();
      const at = await firstTime(bench.world, 3_700_000, () => bench.lease.spec['holderIdentity'] === ours);
      assert.ok(at !== undefined && at >= seconds * 1000 && at < seconds * 1000 + 1000, `${given}: at ${at}`);
      await taking;
    }
  });

  it('is not taken from a holder who lives; its run is named as soon as it shows', async () => {
    bench.keepOther(15_000, 200_000);
    await assert.rejects(
      bench.world.until(bench.take()),
      /^TaskError: Release 'shop' in namespace 'web' is being worked on by another run: https:\S+buildId=5\. Run this step/,
    );
    assert.ok(bench.world.nowMs < 20_000);
    assert.equal(bench.lease.spec['holderIdentity'], other);
  });

  it('says that the namespace is missing where it is', async () => {
    bench.store.refuses = (method) => (method === 'create' ? 404 : undefined);
    await assert.rejects(
      bench.world.until(bench.take()),
      /^TaskError: Namespace 'web' does not exist in this cluster, so release 'shop' cannot be in it: check the namespace, /,
    );
  });

  it('is waited for, with a word each minute, and taken when it is given back', async () => {
    bench.keepOther(15_000, 200_000);
    bench.world.in(210_000, () => bench.putOther({ holderIdentity: undefined }));
    const lease = await bench.taken({ waitMs: 600_000 });
    assert.ok(bench.world.nowMs >= 210_000 && bench.world.nowMs < 215_000);
    assert.ok(lease.holds() && !lease.takenFromDead);
    assert.equal(bench.told.filter((text) => text.includes('Still waiting for https://')).length, 3);
  });

  it('is waited for no longer than was asked', async () => {
    bench.keepOther(15_000, 900_000);
    await assert.rejects(
      bench.world.until(bench.take({ waitMs: 300_000 })),
      /is being worked on by another run still, after 5 min: https:\S+buildId=5\./,
    );
    assert.ok(bench.world.nowMs >= 300_000 && bench.world.nowMs < 305_000);
  });

  it('is taken over from a holder who dies while it is waited for', async () => {
    bench.keepOther(15_000, 100_000);
    const lease = await bench.taken({ waitMs: 600_000 });
    assert.ok(bench.world.nowMs >= 150_000 && bench.world.nowMs < 160_000, String(bench.world.nowMs));
    assert.ok(lease.takenFromDead);
  });

  it('is no longer waited for when the run is cancelled', async () => {
    bench.keepOther(15_000, 900_000);
    bench.world.in(50_000, () => bench.cancel.abort(new Error('cancelled')));
    await assert.rejects(bench.world.until(bench.take({ waitMs: 600_000 })), /cancelled/);
  });

  it('may be foreign to the last byte', async () => {
    for (const left of [
      '{',
      '[]',
      '{"revision":0,"action":"upgrade"}',
      '{"revision":1,"action":"x"}',
      'x'.repeat(201),
    ]) {
      bench = new Bench();
      bench.putOther({ renewTime: 7, leaseTransitions: 'many' }, { 'helm-delivery/left': left });
      assert.equal((await bench.taken()).left, undefined);
    }
    bench = new Bench();
    bench.keepOther(15_000, 100_000);
    const evil = `##vso[task.complete]\u202Ex\n${'y'.repeat(5000)}`;
    for (let atMs = 1; atMs < 60_000; atMs += 1000) {
      bench.world.in(atMs, () => bench.putOther({ holderIdentity: evil, renewTime: `${atMs}` }));
    }
    await assert.rejects(bench.world.until(bench.take()), (error: Error) => {
      assert.ok(error.message.length < 400);
      assert.doesNotMatch(error.message, /\u202E|\n/);
      return true;
    });
  });

  it('cannot be had without the right, which is named, and what to do without it', async () => {
    for (const method of ['get', 'create', 'replace']) {
      bench = new Bench();
      if (method === 'replace') bench.putOther({ holderIdentity: undefined });
      bench.store.refuses = (asked) => (asked === method ? 403 : undefined);
      await assert.rejects(
        bench.world.until(bench.take()),
        /\(HTTP 403: said 403\)\. .*'Azure Kubernetes Service RBAC Writer' .* get, create and update on leases of group coordination\.k8s\.io; or set input lease to off\.$/,
      );
    }
  });

  it('does not take more than was refused for a failure of the API server', async () => {
    bench.fate = () => ({ ...atOnce, trouble: 500 });
    await assert.rejects(bench.world.until(bench.take()), /refused: 500/);
  });

  it('has a name that fits a label, however long the name of the release', () => {
    assert.equal(leaseName('shop'), 'helm-delivery-shop');
    const [one, two] = [`${'a'.repeat(52)}b`, `${'a'.repeat(52)}c`].map(leaseName);
    assert.match(one ?? '', /^helm-delivery-a{38}-[\da-f]{10}$/);
    assert.notEqual(one, two);
    assert.match(leaseName(`${'a'.repeat(37)}.${'b'.repeat(15)}`), /^helm-delivery-a{37}-[\da-f]{10}$/);
  });
});
