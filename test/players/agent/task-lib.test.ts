import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { azureConnection, taskLibrary, workbench } from './workbench.ts';

const azureInput = { inputs: [{ name: 'azureSubscription', type: 'connectedService:AzureRM' }] };

describe('a task that uses azure-pipelines-task-lib', () => {
  const bench = workbench();

  it('sees its inputs, connections, variables and proxy', async () => {
    const job = await bench.job({
      serviceConnections: [azureConnection],
      accessToken: 'job-token',
      variables: { plain: 'p' },
      secretVariables: { password: 'hunter2' },
      proxy: { url: 'http://proxy.contoso.com:3128', username: 'robin', password: 'pr0xy', bypass: ['\\.local'] },
      caFile: '/etc/contoso/ca.pem',
    });
    const report = path.join(job.folders.staging, 'seen.json');
    const task = await bench.task({
      definition: azureInput,
      script: `
        const tl = require(${JSON.stringify(taskLibrary)});
        const id = tl.getInputRequired('azureSubscription');
        require('node:fs').writeFileSync(${JSON.stringify(report)}, JSON.stringify({
          url: tl.getEndpointUrl(id, false), scheme: tl.getEndpointAuthorizationScheme(id, false),
          key: tl.getEndpointAuthorizationParameter(id, 'serviceprincipalkey', false),
          cloud: tl.getEndpointDataParameter(id, 'environment', false),
          token: tl.getEndpointAuthorizationParameter('SYSTEMVSSCONNECTION', 'AccessToken', false),
          plain: tl.getVariable('plain'), password: tl.getVariable('password'),
          sources: tl.getVariable('Build.SourcesDirectory'),
          proxy: tl.getHttpProxyConfiguration('https://orders.azurecr.io'), bypassed: tl.getHttpProxyConfiguration('https://x.local'),
          ca: tl.getVariable('Agent.CAInfo') }));
        tl.setVariable('answer', '42', false, true);
        tl.setResult(tl.TaskResult.Succeeded, 'done');`,
    });
    const step = await job.runTask({ task, name: 'ask', inputs: { azureSubscription: 'Contoso Azure' } });
    assert.deepEqual([step.result, step.violations, step.outputs], ['Succeeded', [], { answer: '42' }]);
    assert.deepEqual(JSON.parse(await readFile(report, 'utf8')), {
      url: 'https://management.azure.com/',
      scheme: 'ServicePrincipal',
      key: 'sp-secret-key',
      cloud: 'AzureCloud',
      token: 'job-token',
      plain: 'p',
      password: 'hunter2',
      sources: job.folders.sources,
      proxy: {
        proxyUrl: 'http://proxy.contoso.com:3128',
        proxyUsername: 'robin',
        proxyPassword: 'pr0xy',
        proxyBypassHosts: ['\\.local'],
        proxyFormattedUrl: 'http://robin:pr0xy@proxy.contoso.com:3128',
      },
      bypassed: null,
      ca: '/etc/contoso/ca.pem',
    });
  });

  it('fails by an uncaught error although it exits with 0', async () => {
    const job = await bench.job();
    const script = `require(${JSON.stringify(taskLibrary)}); setTimeout(() => { throw new Error('boom'); });`;
    const step = await job.runTask({ task: await bench.task(script) });
    assert.deepEqual([step.result, step.exitCode], ['Failed', 0]);
    assert.match(step.issues[0]?.message ?? '', /boom/);
  });
});
