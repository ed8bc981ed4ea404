import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { readChartFolder } from '../../../tasks/common/chart/metadata/folder.ts';

const charts = fileURLToPath(new URL('../../fixtures/charts/', import.meta.url));

describe('the sample charts', () => {
  it('are named like their folders', async () => {
    const folders = await readdir(charts);
    assert.deepEqual(folders.sort(), ['contoso-common', 'go-template-app', 'hello']);
    for (const folder of folders) assert.equal((await readChartFolder(charts + folder)).name, folder);
  });

  it('lock the dependency that is there, with the digest that Helm computes', async () => {
    const { dependencies } = await readChartFolder(`${charts}go-template-app`);
    const library = await readChartFolder(`${charts}contoso-common`);
    const lock = parse(await readFile(`${charts}go-template-app/Chart.lock`, 'utf8'));
    const repository = 'oci://contoso.azurecr.io/helm';
    assert.deepEqual(lock.dependencies, [{ name: library.name, repository, version: library.version }]);
    const inHelmsOrder = (one: { name: string; version: string }) => ({
      name: one.name,
      version: one.version,
      repository,
    });
    const hashed = JSON.stringify([dependencies, lock.dependencies].map((list) => list.map(inHelmsOrder)));
    assert.equal(lock.digest, `sha256:${createHash('sha256').update(hashed).digest('hex')}`);
  });
});
