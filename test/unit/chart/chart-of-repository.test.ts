import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chartArchive } from '../../bench/chart-steps.ts';
import { writeFiles } from '../../bench/write-files.ts';
import type { ProgramId } from '../../real/index.ts';
import { DeployBench } from './deploy-bench.ts';
import { refusalOf } from './refusal.ts';

const repository = 'https://charts.contoso.example/';
const archive = chartArchive('ingress', '4.11.2', 'appVersion: "1.11"\n');

const agentsPlaces = ['HELM_CONFIG_HOME', 'DOCKER_CONFIG'];

for (const helm of ['helm-3.17', 'helm-4.1', 'helm-4.2'] satisfies ProgramId[]) {
  describe(`A chart to deploy out of a chart repository, by ${helm}`, () => {
    const bench = new DeployBench(helm);

    before(() => {
      const auth = Buffer.from('reader:of-the-agent').toString('base64');
      const logins = JSON.stringify({ auths: { 'contoso.azurecr.io': { auth } } });
      // Where helm looks for a chart that an index leads it to.
      const agentsOwn = { 'registry/config.json': logins, 'config.json': logins };
      for (const name of agentsPlaces) process.env[name] = writeFiles(bench.scratch.fresh('config'), agentsOwn);
      bench.azure.registry('contoso.azurecr.io');
      bench.azure.chartRepository('charts.contoso.example', [
        { name: 'ingress', version: '4.11.2', archive },
        { name: 'manager', version: 'v1.15.3', archive: chartArchive('manager', 'v1.15.3') },
        { name: 'false', version: '1.0.0', archive: chartArchive('other', '1.0.0') },
        { name: 'plain', version: '1.0.0', archive, url: 'http://charts.contoso.example/ingress-4.11.2.tgz' },
        { name: 'far', version: '1.0.0', archive, url: 'oci://contoso.azurecr.io/helm/far:1.0.0' },
      ]);
      bench.azure.chartRepository(
        'guarded.contoso.example',
        [{ name: 'ingress', version: '4.11.2', archive }],
        'read-me',
      );
    });

    after(() => {
      for (const name of agentsPlaces) delete process.env[name];
    });

    const get = (chart: string, chartVersion: string, chartRepository = repository) =>
      bench.get({ chart, chartVersion, chartRepository });

    it('is had by name and version', async () => {
      const {
        archive: file,
        privateFolder,
        ...facts
      } = await get('ingress', '4.11.2', 'https://charts.contoso.example');
      const { digest, ...named } = facts;
      assert.deepEqual(named, {
        name: 'ingress',
        version: '4.11.2',
        appVersion: '1.11',
        from: 'repository',
        reference: 'ingress 4.11.2 of https://charts.contoso.example/',
      });
      assert.match(digest, /^sha256:[0-9a-f]{64}$/);
      assert.ok(file.startsWith(privateFolder + path.sep));
      assert.deepEqual(readFileSync(file), archive);
      assert.equal((await get('manager', '1.15.3')).version, 'v1.15.3');
    });

    for (const [what, inputs, reason] of [
      [
        'it is not there',
        ['none', '1.0.0'],
        /^helm could not get none 1\.0\.0 from https:.*none.* not found.*Check the/,
      ],
      ['its version is not there', ['ingress', '9.9.9'], /^helm could not get ingress 9\.9\.9 .*not found/],
      [
        'there is no index',
        ['ingress', '4.11.2', `${repository}none`],
        /could not get .*404 Not Found.*without index\.yaml/,
      ],
      [
        'nobody answers',
        ['ingress', '4.11.2', 'https://nobody.contoso.example'],
        /^helm could not get .*nobody\.contoso/,
      ],
      [
        'a sign-in is wanted',
        ['ingress', '4.11.2', 'https://guarded.contoso.example'],
        /401.*gets no sign-in from this/,
      ],
      [
        'it is another chart',
        ['false', '1.0.0'],
        /contoso\.example\/ gave the chart "other" "1\.0\.0" for false 1\.0\.0/,
      ],
      [
        'its index leads to plain http',
        ['plain', '1.0.0'],
        /^plain 1\.0\.0 from .* is not taken: the repository leads to an/,
      ],
      ['its index leads to a registry that wants a sign-in', ['far', '1.0.0'], /^helm could not get far 1\.0\.0/],
    ] as const) {
      it(`is refused where ${what}`, async () => {
        const from = bench.azure.requests.length;
        const message = await refusalOf(() => get(...(inputs as unknown as [string, string, string?])));
        assert.match(message, reason);
        const seen = bench.azure.requests.slice(from);
        assert.ok(
          seen.every(({ headers }) => !('authorization' in headers)),
          'nothing was shown to anybody',
        );
      });
    }
  });
}
