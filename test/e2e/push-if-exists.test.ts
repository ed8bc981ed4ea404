import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, utimesSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { chartArchive, push, seedApp, stage, stageApp } from '../bench/chart-steps.ts';
import { helmClient } from '../bench/helm-client.ts';
import { startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';
import { tarOf } from '../unit/chart/hostile-archive.ts';

const digest = /sha256:[0-9a-f]{64}/g;

const lock = (time: string) => ({ name: 'app/Chart.lock', body: `dependencies: []\ngenerated: "${time}"\n` });

describe('Pushing a version that exists', () => {
  let pipeline: Pipeline;
  const tag = async (): Promise<string | undefined> => (await pipeline.registry.manifest('helm/app', '1.2.3'))?.digest;

  beforeEach(async () => {
    pipeline = await startPipeline({ helm: null });
  });
  afterEach(() => pipeline.close());

  for (const ifExists of ['skipIfIdentical', 'overwrite']) {
    it(`is no push when the chart is the same (${ifExists})`, async () => {
      stageApp(pipeline);
      const first = await push(pipeline, { ifExists });
      const requests = pipeline.azure.requests.length;
      const again = await push(pipeline, { ifExists });
      assert.deepEqual(again.outputs, { ...first.outputs, pushResult: 'unchanged' });
      const writing = pipeline.azure.requests.slice(requests).filter(({ method }) => /^(PUT|PATCH)$/.test(method));
      assert.deepEqual(writing, []);
    });
  }

  it('is refused by ifExists fail even when the chart is the same', async () => {
    stageApp(pipeline);
    const theirs = await seedApp(pipeline);
    const message = refusalOf(await push(pipeline, { ifExists: 'fail' }));
    assert.match(message, /helm\/app:1\.2\.3 exists already with the same chart \(sha256:/);
    assert.equal(await tag(), theirs);
  });

  for (const ifExists of ['fail', 'skipIfIdentical']) {
    it(`is refused with both digests when the chart is another one (${ifExists})`, async () => {
      stageApp(pipeline);
      const theirs = await seedApp(pipeline, 'description: theirs\n');
      const message = refusalOf(await push(pipeline, { ifExists }));
      const [shown, ours = ''] = message.match(digest) ?? [];
      assert.equal(shown, theirs);
      assert.equal(await tag(), theirs);
      const elsewhere = await push(pipeline, { ifExists, repositoryPrefix: 'elsewhere' });
      assert.equal(elsewhere.outputs['chartDigest'], ours);
    });
  }

  it('is refused when another job pushes it during the upload', async () => {
    stageApp(pipeline);
    let theirs: Promise<string> | undefined;
    const match = ({ method, path }: { method: string; path: string }): boolean => {
      if (method === 'POST' && path.endsWith('/uploads/')) theirs ??= seedApp(pipeline, 'description: theirs\n');
      return false;
    };
    pipeline.registry.fault({ kind: 'reset', match });
    assert.match(refusalOf(await push(pipeline)), /exists already with other content/);
    assert.equal(await tag(), await theirs);
  });

  it('says what overwrite replaced', async () => {
    stageApp(pipeline);
    const theirs = await seedApp(pipeline, 'description: theirs\n');
    const step = await push(pipeline, { ifExists: 'overwrite' });
    assert.equal(step.outputs['pushResult'], 'overwritten', step.log.join('\n'));
    assert.equal(await tag(), step.outputs['chartDigest']);
    assert.match(step.log.join('\n'), new RegExp(`overwritten: ${theirs} replaced by ${step.outputs['chartDigest']}`));
  });

  it('takes what helm pushed at another time for the same chart', async () => {
    stageApp(pipeline);
    const file = stage(pipeline, 'by-helm/app-1.2.3.tgz', chartArchive('app', '1.2.3'));
    utimesSync(file, 1_600_000_000, 1_600_000_000);
    const helm = await helmClient(pipeline, 'helm-4.1');
    await helm.run('push', file, 'oci://contoso.azurecr.io/helm');
    const theirs = await tag();
    const step = await push(pipeline);
    assert.equal(step.outputs['pushResult'], 'unchanged', step.log.join('\n'));
    assert.equal(step.outputs['chartDigest'], theirs);
  });

  it('takes a chart that another program packed at another time, and says so', async () => {
    const files = [
      { name: 'app/values.yaml', body: 'a: 1\n' },
      { name: 'app/templates/a.yaml', body: 'b: 2\n', mtime: 5 },
      { name: 'app/files/aux.txt', body: 'a name that only Windows minds' },
    ];
    const repacked = gzipSync(
      tarOf([
        { name: 'app/templates/', type: '5' },
        ...files.toReversed().map((file) => ({ ...file, mtime: 1_600_000_000, mode: 0o755, uid: 1000 })),
        lock('2026-01-02T03:04:05.678Z'),
        { name: 'app/Chart.yaml', body: 'apiVersion: v2\nname: app\nversion: 1.2.3\n' },
      ]),
      { level: 1 },
    );
    const theirs = await pipeline.registry.seedChart('helm', { name: 'app', version: '1.2.3', archive: repacked });
    stage(pipeline, 'app-1.2.3.tgz', chartArchive('app', '1.2.3', '', ...files, lock('1980-01-01T00:00:00Z')));

    const step = await push(pipeline);

    assert.equal(step.outputs['pushResult'], 'unchanged', step.log.join('\n'));
    assert.equal(step.outputs['chartDigest'], theirs);
    assert.match(
      step.log.join('\n'),
      /app:1\.2\.3 unchanged: sha256:[0-9a-f]{64} holds the same files, packed otherwise/,
    );
    const strict = await push(pipeline, { ifExists: 'fail' });
    assert.match(refusalOf(strict), /exists already with another archive: the registry has sha256:/);
    assert.equal(await tag(), theirs);
  });

  for (const [what, file] of [
    ['a byte', { name: 'app/values.yaml', body: 'a: 2\n' }],
    ['a name', { name: 'app/values.yml', body: 'a: 1\n' }],
  ] as const) {
    it(`is refused when ${what} of a file differs`, async () => {
      stage(pipeline, 'app-1.2.3.tgz', chartArchive('app', '1.2.3', '', { name: 'app/values.yaml', body: 'a: 1\n' }));
      const archive = chartArchive('app', '1.2.3', '', file);
      await pipeline.registry.seedChart('helm', { name: 'app', version: '1.2.3', archive });
      assert.match(refusalOf(await push(pipeline)), /exists already with other content/);
    });
  }

  for (const [what, archive, reason] of [
    ['cannot be read', Buffer.from('no archive'), /with an archive that cannot be compared \(.* is not a gzip file/],
    ['is larger than is looked into', randomBytes(1024 * 1024 + 1), /with a larger archive than input maxUnpackedMB/],
  ] as const) {
    it(`is refused when the archive in the registry ${what}`, async () => {
      stageApp(pipeline);
      await pipeline.registry.seedChart('helm', { name: 'app', version: '1.2.3', archive });
      assert.match(refusalOf(await push(pipeline, { maxUnpackedMB: '1' })), reason);
      const { temp } = pipeline.job.folders;
      assert.deepEqual(readdirSync(temp), []);
    });
  }

  it('takes the same chart whatever the manifest says of its source', async () => {
    stageApp(pipeline);
    const first = await push(pipeline);
    const again = await push(pipeline, { sourceAnnotations: 'false' });
    assert.deepEqual(again.outputs, { ...first.outputs, pushResult: 'unchanged' });
  });

  it('adds no signature to a version without one, unless it may overwrite', async () => {
    stageApp(pipeline);
    await push(pipeline);
    const unsigned = await tag();
    stage(pipeline, 'app-1.2.3.tgz.prov', '-----BEGIN PGP SIGNED MESSAGE-----\nsignature');
    assert.match(refusalOf(await push(pipeline)), /exists already without the provenance file/);
    assert.equal(await tag(), unsigned);
    const signed = await push(pipeline, { ifExists: 'overwrite' });
    assert.equal(signed.outputs['pushResult'], 'overwritten');
    stage(pipeline, 'app-1.2.3.tgz.prov', '-----BEGIN PGP SIGNED MESSAGE-----\na later signature of the same chart');
    const again = await push(pipeline);
    assert.deepEqual(again.outputs, { ...signed.outputs, pushResult: 'unchanged' });
  });

  for (const ifExists of ['skipIfIdentical', 'overwrite']) {
    it(`never touches a container image (${ifExists})`, async () => {
      stageApp(pipeline);
      const image = {
        schemaVersion: 2,
        config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: `sha256:${'a'.repeat(64)}`, size: 2 },
        layers: [],
      };
      const theirs = pipeline.registry.seedManifest('helm/app', '1.2.3', image);
      assert.match(
        refusalOf(await push(pipeline, { ifExists })),
        /helm\/app:1\.2\.3 is a container image, not a Helm chart/,
      );
      assert.equal(await tag(), theirs);
    });
  }
});
