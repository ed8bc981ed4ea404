import assert from 'node:assert/strict';
import { readChartFolder } from '../../../tasks/common/chart/metadata/folder.ts';
import { repositoriesOf } from '../../../tasks/common/chart/dependencies/repositories.ts';
import { chartYaml, writeFiles } from '../../bench/write-files.ts';
import { refusalOf } from './refusal.ts';
import { ScratchFolder } from './scratch-folder.ts';

const common = (repository: string): string =>
  `dependencies:\n- {name: common, version: 1.x, repository: "${repository}"}\n`;
const contoso = 'oci://contoso.azurecr.io/helm';

describe('the repositories that helm is sent to', () => {
  const scratch = new ScratchFolder();

  async function repositories(files: Record<string, string>): Promise<string[]> {
    const folder = writeFiles(scratch.fresh('app'), files);
    const named = await repositoriesOf(folder, await readChartFolder(folder));
    return named.map(({ address, place }) => `${address} (${place})`);
  }

  it('are those of Chart.yaml and of its lock, with their places', async () => {
    const more = '- {name: own, version: 1.x}\n- {name: near, version: 1.x, repository: "file://../near"}\n';
    const found = await repositories({
      'Chart.yaml': chartYaml('app', '1.0.0', common(contoso) + more),
      'Chart.lock': `dependencies:\n- {name: common, repository: "${contoso}", version: 1.2.0}\n- {name: own, version: 1.0.0, repository: ""}\n`,
    });

    assert.deepEqual(found, [
      `${contoso} (Chart.yaml, dependencies[0].repository)`,
      'file://../near (Chart.yaml, dependencies[2].repository)',
      `${contoso} (Chart.lock, dependencies[0].repository)`,
    ]);
  });

  it('are those of requirements.yaml and its lock in an old chart', async () => {
    const found = await repositories({
      'Chart.yaml': 'apiVersion: v1\nname: app\nversion: 1.0.0\n',
      'requirements.yaml': common('https://charts.contoso.example'),
      'requirements.lock': common('https://charts.contoso.example'),
    });

    assert.deepEqual(found, [
      'https://charts.contoso.example (requirements.yaml, dependencies[0].repository)',
      'https://charts.contoso.example (requirements.lock, dependencies[0].repository)',
    ]);
  });

  it('may stand under an alias in Chart.yaml, whose address the lock has', async () => {
    for (const alias of ['@known', 'alias:known']) {
      const files = { 'Chart.yaml': chartYaml('app', '1.0.0', common(alias)) };
      const lock = common('https://charts.contoso.example');
      assert.equal((await repositories({ ...files, 'Chart.lock': lock })).length, 2);
      assert.equal((await repositories({ ...files, 'Chart.lock': common(alias) })).length, 2);
      const elsewhere = { ...files, 'Chart.lock': common('file://../../elsewhere') };
      assert.match(await refusalOf(() => repositories(elsewhere)), /from "file:\/\/\.\.\/\.\.\/elsewhere"/);
    }
  });

  it('are none where Chart.yaml names none: then helm is not asked to fetch, whatever a lock says', async () => {
    const files = { 'Chart.yaml': chartYaml('app', '1.0.0', common('')), 'Chart.lock': common(contoso) };
    assert.deepEqual(await repositories(files), []);
  });

  for (const [what, files] of Object.entries({
    'Chart.lock': { 'Chart.lock': common('file://../../elsewhere') },
    'requirements.lock, which helm reads of new charts too': { 'requirements.lock': common('file://../../elsewhere') },
    'requirements.lock, beside a Chart.lock that is right': {
      'Chart.lock': common(contoso),
      'requirements.lock': common('file://../../elsewhere'),
    },
    'a lock with its fields in other case': {
      'Chart.lock': common('file://../../elsewhere').replace('repository', 'REPOSITORY').replace('dep', 'Dep'),
    },
    'a lock that has a field twice': {
      'Chart.lock': `dependencies:\n- name: common\n  repository: ${contoso}\n  repository: file://../../elsewhere\n`,
    },
  })) {
    it(`are not left to ${what}`, async () => {
      const chart = { 'Chart.yaml': chartYaml('app', '1.0.0', common(contoso)) };
      const reason = await refusalOf(() => repositories({ ...chart, ...files }));
      assert.match(
        reason,
        /^(Chart|requirements)\.lock takes the dependency "common" from "file:\/\/\.\.\/\.\.\/elsewhere", but Chart\.yaml says "oci:\/\/contoso\.azurecr\.io\/helm": run 'helm dependency update'/,
      );
    });
  }

  it('are found whatever Go takes for the names of fields', async () => {
    const elsewhere = common('file://../../elsewhere').replace('dependencies', 'dependencie\u017f');
    const chart = chartYaml('app', '1.0.0', common('file://../near') + elsewhere);
    assert.deepEqual(await repositories({ 'Chart.yaml': chart }), [
      'file://../../elsewhere (Chart.yaml, dependencies[0].repository)',
    ]);
  });

  it('are written in ASCII, of which every Helm makes the same', async () => {
    const odd = chartYaml('app', '1.0.0', common('oci://contoso\u31ef.azurecr.io/helm'));
    assert.match(
      await refusalOf(() => repositories({ 'Chart.yaml': odd })),
      /^Chart\.yaml takes the dependency "common" from "oci:\/\/contoso.*", but .* has characters that names on the network/,
    );
    const folder = chartYaml('app', '1.0.0', common('file://../größe'));
    assert.equal((await repositories({ 'Chart.yaml': folder })).length, 1);
  });

  it('cannot be added to by a lock', async () => {
    const chart = { 'Chart.yaml': chartYaml('app', '1.0.0', common(contoso)) };
    const lock = `${common(contoso)}- {name: other, repository: "https://fabrikam.example", version: 1.0.0}\n`;
    const reason = await refusalOf(() => repositories({ ...chart, 'Chart.lock': lock }));
    assert.match(
      reason,
      /takes the dependency "other" from "https:\/\/fabrikam\.example", but Chart\.yaml has no such dependency/,
    );
  });
});
