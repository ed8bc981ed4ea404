import assert from 'node:assert/strict';
import { chosenRegistry } from '../../../tasks/common/registry/named.ts';
import { refusalOf } from '../chart/refusal.ts';

/** A service connection with this data and these parameters. */
function connection(values: Readonly<Record<string, string>> = {}) {
  const read = (name: string): string | undefined => values[name];
  return { id: 'c1', url: undefined, scheme: 'UsernamePassword', parameter: read, data: read };
}

const refused = (registry: { input: string; value: string | undefined }, kind: 'azure' | 'docker', values = {}) =>
  refusalOf(() =>
    chosenRegistry(
      { azureSubscription: 'c1', containerRegistry: undefined, registry },
      { kind, service: connection(values) },
    ),
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
});
