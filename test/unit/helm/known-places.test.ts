import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { knownLogins, repositoriesFor } from '../../../tasks/common/helm/index.ts';
import { ScratchFolder } from '../chart/scratch-folder.ts';

describe('what helm knows on an agent', () => {
  const scratch = new ScratchFolder();

  const helmWith = async (content: string) => {
    const file = await scratch.file(content, 'config');
    return { setting: () => Promise.resolve(file) };
  };
  const nothing = { setting: () => Promise.resolve('/no/such/file') };

  async function repositories(addresses: string[], helm: Parameters<typeof repositoriesFor>[2]): Promise<unknown[]> {
    const folder = scratch.fresh('private');
    mkdirSync(folder);
    const environment = await repositoriesFor(addresses, folder, helm);
    const file = environment['HELM_REPOSITORY_CONFIG'] ?? '';
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(environment['HELM_REPOSITORY_CACHE'], path.join(folder, 'repository-cache'));
    return (parse(readFileSync(file, 'utf8')) as { repositories: unknown[] }).repositories;
  }

  it('are its repositories, passwords included, to which those of the chart are added', async () => {
    const mine = { name: 'mine', url: 'https://charts.contoso.example/', username: 'reader', password: 'Sg4-of-mine' };
    const helm = await helmWith(JSON.stringify({ apiVersion: '', repositories: [mine] }));

    assert.deepEqual(await repositories(['https://charts.contoso.example', 'https://other.example/a'], helm), [
      mine,
      { name: 'other.example-dependency-1', url: 'https://other.example/a' },
    ]);
  });

  for (const content of [
    '',
    'repositories:',
    'repositories: {a: b}',
    'repositories: [text, null, [1]]',
    '{broken: [',
    '- list',
  ]) {
    it(`are no repositories where the file holds ${JSON.stringify(content)}`, async () => {
      assert.deepEqual(await repositories(['https://a.example'], await helmWith(content)), [
        { name: 'a.example-dependency-1', url: 'https://a.example' },
      ]);
    });
  }

  it('are its logins', async () => {
    const helm = await helmWith(
      '{"auths":{"a.azurecr.io":{"auth":"dTpw"},"b.azurecr.io":{},"c":null},"credsStore":"x"}',
    );

    assert.deepEqual(await knownLogins(helm), { 'a.azurecr.io': { auth: 'dTpw' } });
    assert.deepEqual(await knownLogins(await helmWith('{"auths":[]}')), {});
    assert.deepEqual(await knownLogins(nothing), {});
    const relative = { setting: async () => path.relative('', await helm.setting()) };
    assert.deepEqual(await knownLogins(relative), {});
  });
});
