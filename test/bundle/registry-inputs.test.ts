import assert from 'node:assert/strict';
import path from 'node:path';
import type { ServiceConnection, StepResult } from '../agent/index.ts';
import { chartArchive, pull, push, seedApp, stage, stageApp } from '../bench/chart-steps.ts';
import { dockerConnection } from '../bench/connections.ts';
import { startPipeline, type Pipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';
import { together } from '../bench/together.ts';

const digest = `sha256:${'a'.repeat(64)}`;

/** An Azure connection with odd parts. */
function odd(scheme: string, parameters: Record<string, string>, data: Record<string, string> = {}): ServiceConnection {
  return {
    id: '0c9fbd7e-7a0b-4d4f-8f0f-2f7a3c1f9d11',
    name: 'odd',
    type: 'azurerm',
    url: 'https://management.azure.com/',
    scheme,
    parameters: { tenantid: '72f988bf-0001-4000-8000-00000c0a7050', ...parameters },
    data: { environment: 'AzureCloud', ...data },
  };
}

const secret = {
  serviceprincipalid: '6f0b1c1e-0000-4000-8000-000000000001',
  serviceprincipalkey: 'a-secret-of-contoso',
};
const docker = (address: string): ServiceConnection =>
  dockerConnection(address, 'pipeline-token', 'password-of-the-token');

interface Wrong {
  readonly connections?: readonly ServiceConnection[];
  readonly run: (pipeline: Pipeline) => Promise<StepResult>;
  readonly says: RegExp;
}

const pushWith = (inputs: Record<string, string>) => (pipeline: Pipeline) => push(pipeline, inputs);
const pullWith = (inputs: Record<string, string>) => (pipeline: Pipeline) => pull(pipeline, inputs);
const byOdd = pushWith({ azureSubscription: 'odd' });

const beforeAnyRequest: Readonly<Record<string, Wrong>> = {
  'both connections': {
    connections: [docker('contoso.azurecr.io')],
    run: pushWith({ containerRegistry: 'contoso-docker' }),
    says: /Give exactly one of the inputs azureSubscription .* containerRegistry .*; both are set/,
  },
  'no connection': { run: pullWith({ azureSubscription: '' }), says: /Give exactly one of .*; none are set/ },
  'a registry as URL': {
    run: pushWith({ registry: 'https://contoso.azurecr.io' }),
    says: /"https:\/\/contoso\.azurecr\.io", which is a URL: give its login server/,
  },
  'a registry without its suffix': {
    run: pullWith({ registry: 'contoso' }),
    says: /"contoso", which is a name without its suffix/,
  },
  'a registry with a path': { run: pushWith({ registry: 'contoso.azurecr.io/helm' }), says: /which has a path/ },
  'a registry of somebody else': {
    run: pushWith({ registry: 'registry.fabrikam.example' }),
    says: /which is no host of Azure Container Registry/,
  },
  'no registry': { run: pushWith({ registry: '' }), says: /Input registry is empty; give the login server/ },
  'a Docker registry connection of another registry': {
    connections: [docker('fabrikam.azurecr.io')],
    run: pushWith({ azureSubscription: '', containerRegistry: 'contoso-docker' }),
    says: /connection is for fabrikam\.azurecr\.io, not for contoso\.azurecr\.io/,
  },
  'a reference that leads the password of a connection elsewhere': {
    connections: [docker('contoso.azurecr.io')],
    run: pullWith({
      azureSubscription: '',
      containerRegistry: 'contoso-docker',
      registry: '',
      repository: '',
      chartVersion: '',
      chartRef: 'oci://fabrikam.example/helm/app:1.2.3',
    }),
    says: /connection is for contoso\.azurecr\.io, not for fabrikam\.example/,
  },
  'a reference without the registry that may get the sign-in': {
    run: pullWith({
      registry: '',
      repository: '',
      chartVersion: '',
      chartRef: 'oci://contoso.azurecr.io/helm/app:1.2.3',
    }),
    says: /^Input registry is empty, and a reference \(chartRef\) does not decide .* the line 'registry: contoso\.azurecr\.io'/,
  },
  'a reference to another registry than the one named': {
    run: pullWith({ repository: '', chartVersion: '', chartRef: 'oci://fabrikam.azurecr.io/helm/app:1.2.3' }),
    says: /^Input chartRef names the registry fabrikam\.azurecr\.io, input registry contoso\.azurecr\.io, and only the latter/,
  },
  "a registry of another cloud than the connection's": {
    run: pushWith({ registry: 'contoso.azurecr.cn' }),
    says: /^The registry contoso\.azurecr\.cn is none of the service connection's cloud \(AzureCloud\), .* end with \.azurecr\.io/,
  },
  'a publish profile': {
    connections: [odd('PublishProfile', { publishProfile: '<publishData/>' })],
    run: byOdd,
    says: /scheme is 'PublishProfile'; use an Azure Resource Manager connection with .* a managed identity\.$/,
  },
  'an unknown scheme': {
    connections: [odd('Token', { apitoken: 'some-token-of-contoso' })],
    run: byOdd,
    says: /scheme is 'Token'/,
  },
  'an unknown cloud': {
    connections: [odd('ServicePrincipal', secret, { environment: 'AzureStack' })],
    run: byOdd,
    says: /environment is 'AzureStack'; this task works with AzureCloud, AzureUSGovernment, AzureChinaCloud/,
  },
  'a connection without its secret': {
    connections: [odd('ServicePrincipal', { serviceprincipalid: secret.serviceprincipalid })],
    run: byOdd,
    says: /The service connection has no serviceprincipalkey/,
  },
  'a malformed tenant': {
    connections: [odd('ServicePrincipal', { ...secret, tenantid: 'not a tenant' })],
    run: byOdd,
    says: /tenant id is 'not a tenant', which is neither a GUID nor a domain name/,
  },
  'no archive': { run: pushWith({ chartPath: 'out/*.tgz' }), says: /No file matches chartPath 'out\/\*\.tgz'/ },
  'a folder in the place of an archive': {
    run: (pipeline) => push(pipeline, { chartPath: pipeline.job.folders.staging }),
    says: /No file matches chartPath/,
  },
  'a malformed prefix': { run: pushWith({ repositoryPrefix: 'Helm' }), says: /repository "Helm" is not allowed/ },
  'nothing to pull': { run: pullWith({ repository: '' }), says: /Give the input chartRef or the input repository/ },
  'no version': { run: pullWith({ chartVersion: '' }), says: /Give the input chartVersion or chartDigest/ },
  'a version that is none': { run: pullWith({ chartVersion: 'latest' }), says: /"latest", which is not a SemVer 2/ },
  'a malformed digest': { run: pullWith({ chartDigest: 'sha256:abc' }), says: /The digest is "sha256:abc"/ },
  'a malformed reference': {
    run: pullWith({ repository: '', chartVersion: '', chartRef: 'https://contoso.azurecr.io/helm/app' }),
    says: /is not a chart reference, such as oci:\/\//,
  },
  'a reference that contradicts another input': {
    run: pullWith({ chartRef: `oci://contoso.azurecr.io/helm/app@${digest}`, repository: 'helm/other' }),
    says: /chartRef says 'helm\/app', input repository says 'helm\/other'/,
  },
  'a variable that does not exist': {
    run: pullWith({ chartVersion: '$(save.chartVersion)' }),
    says: /Input chartVersion is '\$\(save\.chartVersion\)', which was not replaced/,
  },
};

describe('A wrong input is refused before anything is sent', () => {
  together(
    beforeAnyRequest,
    async ({ connections = [], run }) => {
      const pipeline = await startPipeline({ helm: null, connections });
      stageApp(pipeline);
      const step = await run(pipeline);
      const leaks = pipeline.job.secretLeaks(step);
      await pipeline.close();
      return { step, leaks, requests: pipeline.azure.requests };
    },
    ({ step, leaks, requests }, { says }) => {
      assert.match(refusalOf(step), says);
      assert.deepEqual(requests, []);
      assert.deepEqual(leaks, []);
    },
  );
});

describe('A destination that cannot be', () => {
  let pipeline: Pipeline;
  before(async () => {
    pipeline = await startPipeline({ helm: null });
    await seedApp(pipeline);
  });
  after(() => pipeline.close());

  it('because it is a file', async () => {
    const destination = stage(pipeline, 'a-file', '');
    assert.match(refusalOf(await pull(pipeline, { destination })), /cannot be put to .*a-file \(EEXIST/);
  });

  it('because a folder has the name of the archive', async () => {
    const inside = stage(pipeline, 'charts/app-1.2.3.tgz/file', '');
    const destination = path.resolve(inside, '../..');
    assert.match(refusalOf(await pull(pipeline, { destination })), /cannot be put to .*app-1\.2\.3\.tgz/);
  });
});

describe('The path of one archive', () => {
  let pipeline: Pipeline;
  before(async () => {
    pipeline = await startPipeline({ helm: null });
  });
  after(() => pipeline.close());

  for (const folder of ['a [b]', 'c+(d)', 'e {f,g}', '#h']) {
    it(`may hold what means something else in a pattern: ${folder}`, async () => {
      const chartPath = stage(pipeline, `${folder}/app-1.2.3.tgz`, chartArchive('app', '1.2.3'));
      const step = await push(pipeline, { chartPath });
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    });
  }
});
