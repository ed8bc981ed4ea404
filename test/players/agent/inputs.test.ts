import assert from 'node:assert/strict';
import path from 'node:path';
import { resolveInputs, type InputSources } from '../../agent/inputs.ts';
import { PipelineError, type ServiceConnection } from '../../agent/index.ts';
import type { TaskInput } from '../../agent/task-definition.ts';
import { Variables } from '../../agent/variables.ts';

const sourcesFolder = path.resolve('sources');
const contoso: ServiceConnection = {
  id: '9A1F0C56-1111-4222-8333-444455556666',
  name: 'Contoso Azure',
  type: 'azurerm',
  url: 'https://management.azure.com/',
  scheme: 'WorkloadIdentityFederation',
  parameters: {},
  data: {},
};

function resolve(
  inputs: readonly TaskInput[],
  given: Record<string, string> = {},
  more: Partial<InputSources> = {},
): Record<string, string> {
  const variables = new Variables(() => undefined);
  variables.set('push.chartVersion', '1.2.3');
  const definition = { id: 'x', name: 'SampleTask', version: { Major: 1, Minor: 0, Patch: 0 }, inputs };
  const sources = { definition, given, connections: [contoso], variables, machine: { HOME: '/home/agent' } };
  return Object.fromEntries(resolveInputs({ ...sources, sourcesFolder, ...more }));
}

describe('the inputs of a task', () => {
  it('are defaults, replaced by what the step gives, trimmed', () => {
    const inputs = [
      { name: 'a', defaultValue: ' one ' },
      { name: 'b', defaultValue: 'two' },
      { name: 'flag', defaultValue: true },
      { name: 'c' },
    ];
    assert.deepEqual(resolve(inputs, { B: ' three\n' }), { a: 'one', b: 'three', flag: 'true', c: '' });
  });

  it('may be given by an alias', () => {
    assert.deepEqual(
      resolve([{ name: 'azureSubscription', aliases: ['connectedServiceName'] }], { connectedservicename: 'x' }),
      {
        azureSubscription: 'x',
      },
    );
  });

  it('hold variables, outputs of earlier steps and the agent environment', () => {
    const given = { a: '$(push.chartVersion) $(HOME) $(nobody)' };
    assert.equal(resolve([{ name: 'a' }], given)['a'], '1.2.3 /home/agent $(nobody)');
  });

  it('are paths below the sources, where the type is a file path', () => {
    const inputs = [
      { name: 'chart', type: 'filePath' },
      { name: 'values', type: 'filePath' },
    ];
    assert.deepEqual(resolve(inputs, { chart: 'charts/orders' }), {
      chart: path.join(sourcesFolder, 'charts', 'orders'),
      values: sourcesFolder,
    });
  });

  it('hold the id of a service connection instead of its name', () => {
    const inputs = [{ name: 'azure', type: 'connectedService:AzureRM' }];
    const id = '9a1f0c56-1111-4222-8333-444455556666';
    assert.equal(resolve(inputs, { azure: 'contoso azure' })['azure'], id);
    assert.equal(resolve(inputs, { azure: '' })['azure'], '');
  });

  it('pass on a value that is in no pick list', () => {
    const inputs = [{ name: 'mode', type: 'pickList', options: { fail: 'Fail' }, defaultValue: 'fail' }];
    assert.equal(resolve(inputs, { mode: 'typed' })['mode'], 'typed');
  });
});

function refused(inputs: readonly TaskInput[], given: Record<string, string>, message: RegExp): void {
  assert.throws(
    () => resolve(inputs, given),
    (error) => error instanceof PipelineError && message.test(error.message),
  );
}

describe('the server refuses', () => {
  it('an input that the task does not have', () => {
    refused([{ name: 'a' }], { chartPaht: 'x' }, /SampleTask has no input 'chartPaht'/);
  });

  it('an input given by name and by alias', () => {
    refused([{ name: 'a', aliases: ['b'] }], { a: '1', b: '2' }, /'a' is given twice/);
  });

  it('a required input without value', () => {
    refused([{ name: 'a', required: true }], { a: ' ' }, /input 'a' is required/);
  });

  it('not a required input that its rule hides', () => {
    const inputs = [
      { name: 'kind', defaultValue: 'push' },
      { name: 'a', required: true, visibleRule: 'kind = pull' },
    ];
    assert.equal(resolve(inputs)['a'], '');
    refused(inputs, { kind: 'pull' }, /input 'a' is required/);
  });

  it('a service connection that does not exist or is of another type', () => {
    refused([{ name: 'a', type: 'connectedService:AzureRM' }], { a: 'fabrikam' }, /'fabrikam', which does not exist/);
    refused([{ name: 'a', type: 'connectedService:kubernetes' }], { a: 'Contoso Azure' }, /not of type kubernetes/);
    refused(
      [{ name: 'a', type: 'connectedService:AzureRM:ServicePrincipal' }],
      { a: 'Contoso Azure' },
      /does not exist/,
    );
  });
});
