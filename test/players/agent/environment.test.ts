import assert from 'node:assert/strict';
import { azureConnection, workbench } from './workbench.ts';

const other = { ...azureConnection, id: '00000000-aaaa-4bbb-8ccc-dddddddddddd', name: 'Other' };
const key = '9a1f0c56-1111-4222-8333-444455556666';
const azureInput = { inputs: [{ name: 'azureSubscription', type: 'connectedService:AzureRM' }] };
const printEnvironment = 'say("ENV " + JSON.stringify(process.env));';

function environmentIn(rawOutput: string): Record<string, string> {
  const [, json] = /^ENV (.*)$/m.exec(rawOutput) ?? [];
  return JSON.parse(json ?? assert.fail('no environment printed')) as Record<string, string>;
}

describe('the environment of a task', () => {
  const bench = workbench();

  it('holds public variables as they are named, secret ones apart', async () => {
    const job = await bench.job({ variables: { 'my.var-x y': 'public' }, secretVariables: { 'my.secret': 'hunter2' } });
    const { rawOutput } = await job.runTask({ task: await bench.task(printEnvironment) });
    const environment = environmentIn(rawOutput);
    assert.equal(environment['MY_VAR-X_Y'], 'public');
    assert.equal(environment['SECRET_MY_SECRET'], 'hunter2');
    assert.equal(environment['MY_SECRET'], undefined);
    assert.ok((JSON.parse(environment['VSTS_PUBLIC_VARIABLES'] ?? '') as string[]).includes('my.var-x y'));
    assert.ok((JSON.parse(environment['VSTS_SECRET_VARIABLES'] ?? '') as string[]).includes('my.secret'));
  });

  it('has what the agent sets', async () => {
    const job = await bench.job({ variables: { 'System.CollectionUri': 'https://dev.azure.com/fabrikam/' } });
    const environment = environmentIn((await job.runTask({ task: await bench.task(printEnvironment) })).rawOutput);
    const { folders } = job;
    assert.equal(environment['TF_BUILD'], 'True');
    assert.equal(environment['AGENT_TEMPDIRECTORY'], folders.temp);
    assert.equal(environment['SYSTEM_DEFAULTWORKINGDIRECTORY'], folders.sources);
    assert.equal(environment['PIPELINE_WORKSPACE'], folders.build);
    assert.equal(environment['agent.jobstatus'], 'Succeeded');
    assert.match(
      environment['SYSTEM_OIDCREQUESTURI'] ?? '',
      /^https:\/\/dev\.azure\.com\/fabrikam\/[-\da-f]{36}\/_apis\/distributedtask\/hubs\/build\/plans\/.*\/oidctoken$/,
    );
    assert.equal(environment['SYSTEM_ACCESSTOKEN'], undefined);
  });

  it('holds the connections that inputs name and the one to Azure DevOps, no others', async () => {
    const job = await bench.job({ serviceConnections: [azureConnection, other], accessToken: 'job-token' });
    const task = await bench.task({ script: printEnvironment, definition: azureInput });
    const step = await job.runTask({ task, inputs: { azureSubscription: 'Contoso Azure' } });
    const environment = environmentIn(step.rawOutput);
    assert.equal(environment['INPUT_AZURESUBSCRIPTION'], key);
    assert.equal(environment[`ENDPOINT_URL_${key}`], 'https://management.azure.com/');
    assert.equal(environment[`ENDPOINT_AUTH_SCHEME_${key}`], 'ServicePrincipal');
    assert.equal(environment[`ENDPOINT_AUTH_PARAMETER_${key}_SERVICEPRINCIPALKEY`], 'sp-secret-key');
    assert.equal(environment[`ENDPOINT_DATA_${key}_SUBSCRIPTIONID`], 'sub-1');
    assert.deepEqual(JSON.parse(environment[`ENDPOINT_AUTH_${key}`] ?? ''), {
      parameters: azureConnection.parameters,
      scheme: 'ServicePrincipal',
    });
    assert.equal(environment['ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN'], 'job-token');
    assert.equal(environment['ENDPOINT_DATA_SYSTEMVSSCONNECTION'], undefined);
    assert.deepEqual(
      Object.keys(environment).filter((name) => name.includes(other.id)),
      [],
    );
  });

  it('lets variables win over env of the step, which wins over the machine', async () => {
    const job = await bench.job({ variables: { ONE: 'variable' }, environment: { TWO: 'machine', THREE: 'machine' } });
    const env = { ONE: 'step', TWO: ' $(ONE) ' };
    const environment = environmentIn((await job.runTask({ task: await bench.task(printEnvironment), env })).rawOutput);
    assert.deepEqual(
      [environment['ONE'], environment['TWO'], environment['THREE']],
      ['variable', 'variable', 'machine'],
    );
  });

  it('does not inherit the environment of the test run', async () => {
    const job = await bench.job();
    const environment = environmentIn((await job.runTask({ task: await bench.task(printEnvironment) })).rawOutput);
    assert.equal(environment['HOME'], job.folders.home);
    assert.deepEqual(
      Object.keys(environment).filter((name) => /^(npm_|MOCHA|NODE_)/i.test(name)),
      [],
    );
  });
});
