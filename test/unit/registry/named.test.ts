import assert from 'node:assert/strict';
import { chosenRegistry } from '../../../tasks/common/registry/named.ts';
import { refusalOf } from '../chart/refusal.ts';

/** A service connection with this data and these parameters. */
function connection(values: Readonly<Record<string, string>> = {}) {
  const read = (name: string): string | undefined => values[name];
  return { id: 'c1', url: undefined, scheme: 'UsernamePassword', parameter: read, data: read };
}

const refused = (registry: { input: string; value: string | undefined }, kind: 'azure' | 'docker', values = {}) =>
  refusalOf(() => chosenRegistry({ registry }, { kind, service: connection(values) }));

/** Where only a reference names the registry. */
const asked = (loginServer: string, kind: 'azure' | 'docker', values = {}, mayName = true) =>
  chosenRegistry(
    { registry: { input: 'registry', value: undefined } },
    { kind, service: connection(values) },
    { input: 'chart', loginServer, ...(mayName && { mayName: 'registry of Azure' }) },
  );

describe('The registry that a step names', () => {
  it('is asked for by the input that the task has for it', async () => {
    for (const input of ['registry', 'dependencyRegistries']) {
      assert.match(await refused({ input, value: undefined }, 'docker'), new RegExp(`^Input ${input} is empty; give`));
    }
  });

  it("is proposed with the suffix of the connection's cloud where only its name is given", async () => {
    const contoso = { input: 'registry', value: 'Contoso' };
    const name = /^The registry is "Contoso", which is a name without its suffix: give its login server .*, such as /;
    for (const [environment, proposed] of [
      ['AzureCloud', 'contoso.azurecr.io'],
      ['AzureUSGovernment', 'contoso.azurecr.us'],
      ['AzureChinaCloud', 'contoso.azurecr.cn'],
    ] as const) {
      const message = await refused(contoso, 'azure', { environment });
      assert.match(message, name);
      assert.ok(message.endsWith(` such as ${proposed}.`), message);
    }
    assert.ok((await refused(contoso, 'docker', {})).endsWith(' such as contoso.azurecr.io.'));
  });

  describe('by a reference', () => {
    it('is one of Azure, where the task lets references do so', async () => {
      assert.equal(asked('contoso.azurecr.io', 'azure'), 'contoso.azurecr.io');
      assert.equal(asked('contoso-hash.westeurope.geo.azurecr.io', 'azure'), 'contoso-hash.westeurope.geo.azurecr.io');
      assert.match(
        await refusalOf(() => asked('contoso.azurecr.io', 'azure', {}, false)),
        /^Input registry is empty, and a reference \(chart\) does not decide which registry gets the sign-in/,
      );
      for (const host of ['azurecr.io.fabrikam.example', 'contosoazurecr.io', 'ghcr.io'])
        assert.match(await refusalOf(() => asked(host, 'azure')), /which is no host of Azure Container Registry/, host);
    });

    it('is never another one than that of a Docker registry connection', async () => {
      const registry = 'https://contoso.azurecr.io';
      assert.equal(asked('contoso.azurecr.io', 'docker', { registry }), 'contoso.azurecr.io');
      assert.match(
        await refusalOf(() => asked('fabrikam.azurecr.io', 'docker', { registry })),
        /^The Docker registry connection is for contoso\.azurecr\.io, not for fabrikam\.azurecr\.io/,
      );
      assert.match(await refusalOf(() => asked('contoso.azurecr.io', 'docker')), /^Input registry is empty/);
    });
  });
});
