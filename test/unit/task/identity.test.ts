import assert from 'node:assert/strict';
import { InAgent, refused } from './in-agent.ts';

describe('the identity of a job', () => {
  const agent = new InAgent();
  const older = {
    SYSTEM_COLLECTIONURI: 'https://dev.azure.com/contoso/',
    SYSTEM_TEAMPROJECTID: 'project',
    SYSTEM_HOSTTYPE: 'build',
    SYSTEM_PLANID: 'plan',
    SYSTEM_JOBID: 'job',
  };
  const address =
    'https://dev.azure.com/contoso/project/_apis/distributedtask/hubs/build/plans/plan/jobs/job/oidctoken';

  it('is asked for where the server says, or where older servers have it', async () => {
    const given = await agent.ask({ ...older, SYSTEM_OIDCREQUESTURI: 'https://contoso.example/oidc' }, [
      'oidcRequestUri',
    ]);
    assert.deepEqual(given.answers, ['https://contoso.example/oidc']);

    const made = await agent.ask(older, ['oidcRequestUri']);
    assert.deepEqual(made.answers, [address]);
  });

  it('says what is missing', async () => {
    const { SYSTEM_PLANID: _, ...rest } = older;
    const { answers } = await agent.ask(rest, ['oidcRequestUri'], ['accessToken']);
    assert.deepEqual(answers, [
      refused('The agent gives neither System.OidcRequestUri nor System.PlanId; federation needs them.'),
      refused('The agent handed over no job access token (SystemVssConnection); the job cannot prove who it is.'),
    ]);
  });

  it('is proved by the token of the system connection, which is not shown', async () => {
    const authorization = JSON.stringify({ parameters: { AccessToken: 'token-of-the-job' }, scheme: 'OAuth' });
    for (const given of [
      { ENDPOINT_AUTH_SYSTEMVSSCONNECTION: authorization },
      { ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN: 'token-of-the-job' },
    ]) {
      const { answers, printed } = await agent.ask(given, ['accessToken']);
      assert.deepEqual(answers, ['token-of-the-job']);
      assert.equal(printed.includes('token-of-the-job'), false);
    }
  });
});

describe('a service connection', () => {
  const agent = new InAgent();
  const id = '0b1c2d3e-0000-4000-8000-000000000001';

  it('gives parameters and data without regard to case, from either form that agents use', async () => {
    const { answers } = await agent.ask(
      {
        [`ENDPOINT_URL_${id}`]: 'https://management.azure.com/',
        [`ENDPOINT_AUTH_${id}`]: JSON.stringify({
          scheme: 'ServicePrincipal',
          parameters: { TenantId: 'tenant', empty: '' },
        }),
        [`ENDPOINT_AUTH_PARAMETER_${id}_SERVICEPRINCIPALID`]: 'client',
        [`ENDPOINT_DATA_${id}_ENVIRONMENT`]: 'AzureCloud',
      },
      ['connection', id, 'tenantid', 'servicePrincipalId', 'environment', 'empty'],
    );
    assert.deepEqual(answers, [
      {
        url: 'https://management.azure.com/',
        scheme: 'ServicePrincipal',
        parameters: ['tenant', 'client', null, null],
        data: [null, null, 'AzureCloud', null],
      },
    ]);
  });

  it('that did not reach the agent is named, with where to look', async () => {
    const { answers } = await agent.ask({}, ['connection', 'contoso']);
    assert.deepEqual(answers, [
      refused(
        "The service connection of input azureSubscription ('contoso') did not reach the agent. Check its name, and that " +
          'this pipeline may use it (Project settings > Service connections > Security).',
      ),
    ]);
  });
});
