import assert from 'node:assert/strict';
import type { ServiceConnection, StepResult } from '../agent/index.ts';
import {
  createClientCertificate,
  startAzure,
  type Azure,
  type Identity,
  type RecordedRequest,
  type RegistrySettings,
} from '../azure/index.ts';
import { push, stageApp } from '../bench/chart-steps.ts';
import { azureConnection, dockerConnection } from '../bench/connections.ts';
import { startPipelineOn, type Pipeline } from '../bench/pipeline.ts';
import { refusalOf } from '../bench/refusal.ts';
import { together } from '../bench/together.ts';

const registryScope = 'https://containerregistry.azure.net/.default';
const metadata = '169.254.169.254';

interface SignIn {
  readonly loginServer?: string;
  readonly settings?: Partial<RegistrySettings>;
  /** The connection to sign in with, of an identity made for it. */
  readonly connect: (azure: Azure, loginServer: string) => Promise<ServiceConnection> | ServiceConnection;
  /** The job's token for Azure DevOps, where it is another one. */
  readonly accessToken?: string;
  /** Where the token has to come from, and how it is asked for. */
  readonly from?: string;
  readonly proof?: string;
}

interface SignedIn {
  readonly step: StepResult;
  readonly requests: readonly RecordedRequest[];
}

async function pushed({
  loginServer = 'contoso.azurecr.io',
  settings = {},
  connect,
  accessToken,
}: SignIn): Promise<SignedIn> {
  const azure = await startAzure();
  const connection = { ...(await connect(azure, loginServer)), name: 'tested' };
  const pipeline = await startPipelineOn(azure, azure.registry(loginServer, settings), {
    helm: null,
    role: 'none',
    connections: [connection],
    job: accessToken === undefined ? {} : { accessToken },
  });
  stageApp(pipeline);
  const isDocker = connection.type === 'dockerregistry';
  const inputs = isDocker
    ? { azureSubscription: '', containerRegistry: 'tested', registry: '' }
    : { azureSubscription: 'tested', registry: loginServer };
  const step = await push(pipeline, inputs, { watchCommandLines: true });
  await noSecretsBehind(pipeline, step);
  await azure.close();
  return { step, requests: azure.requests };
}

/** Ends the job and looks for secrets wherever they must not be. */
async function noSecretsBehind(pipeline: Pick<Pipeline, 'job'>, step: StepResult): Promise<void> {
  await pipeline.job.finish();
  assert.deepEqual(pipeline.job.secretLeaks(step), []);
  assert.deepEqual(pipeline.job.secretsOnCommandLines(step), []);
  assert.deepEqual(await pipeline.job.secretsOnDisk(), []);
  await pipeline.job.dispose();
}

const rolesAt = (scope: string): Identity['roles'] => [{ role: 'AcrPush', scope }];

const azureSignIns: Readonly<Record<string, SignIn>> = {
  'workload identity federation': {
    connect: ({ identities }, scope) => azureConnection(identities.add({ kind: 'federated', roles: rolesAt(scope) })),
    from: 'login.microsoftonline.com',
    proof: 'client_assertion',
  },
  'a client secret': {
    connect: ({ identities }, scope) => azureConnection(identities.add({ kind: 'secret', roles: rolesAt(scope) })),
    from: 'login.microsoftonline.com',
    proof: 'client_secret',
  },
  'a certificate': {
    connect: async ({ identities }, scope) => {
      const { certificate, pem } = await createClientCertificate();
      return azureConnection(identities.add({ kind: 'certificate', certificate, roles: rolesAt(scope) }), pem);
    },
    from: 'login.microsoftonline.com',
    proof: 'client_assertion',
  },
  'the managed identity of the machine': {
    connect: ({ identities }, scope) =>
      azureConnection(identities.add({ kind: 'managed', systemAssigned: true, roles: rolesAt(scope) })),
    from: metadata,
  },
  'a managed identity of its own': {
    connect: ({ identities }, scope) => azureConnection(identities.add({ kind: 'managed', roles: rolesAt(scope) })),
    from: metadata,
  },
  'a Docker registry connection that Azure DevOps made for the registry': {
    connect: ({ identities }, loginServer) => {
      const connection = azureConnection(identities.add({ kind: 'federated', roles: rolesAt(loginServer) }));
      const parameters = { ...connection.parameters, loginServer };
      return { ...connection, type: 'dockerregistry', parameters, data: { registrytype: 'ACR' } };
    },
    from: 'login.microsoftonline.com',
    proof: 'client_assertion',
  },
  'workload identity federation in the US Government cloud': {
    loginServer: 'contoso.azurecr.us',
    connect: ({ identities }, scope) =>
      azureConnection(identities.add({ kind: 'federated', cloud: 'AzureUSGovernment', roles: rolesAt(scope) })),
    from: 'login.microsoftonline.us',
    proof: 'client_assertion',
  },
  'a client secret in the Chinese cloud': {
    loginServer: 'contoso.azurecr.cn',
    connect: ({ identities }, scope) =>
      azureConnection(identities.add({ kind: 'secret', cloud: 'AzureChinaCloud', roles: rolesAt(scope) })),
    from: 'login.chinacloudapi.cn',
    proof: 'client_secret',
  },
};

describe('An Azure connection signs in to the registry', () => {
  together(azureSignIns, pushed, ({ step, requests }, { loginServer = 'contoso.azurecr.io', from, proof }) => {
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.equal(step.outputs['chartRef'], `oci://${loginServer}/helm/app:1.2.3`);
    const strangers = requests.filter(({ host }) => ![from, loginServer, 'dev.azure.com'].includes(host));
    assert.deepEqual(strangers, []);
    const [asked, ...more] = requests.filter(({ host, path }) => host === from && /\/token\/?$/.test(path));
    assert.deepEqual(more, []);
    if (proof === undefined) assert.equal(asked?.query.get('resource'), 'https://containerregistry.azure.net');
    else {
      assert.equal(asked?.form?.get('scope'), registryScope);
      assert.ok(asked.form.has(proof), [...asked.form.keys()].join());
    }
    const exchanges = requests.filter(({ path }) => path === '/oauth2/exchange');
    assert.equal(exchanges.length, 1);
    const secrets = step.commands.filter(({ event }) => event === 'setsecret').map(({ data }) => data);
    assert.ok(
      secrets.some((secret) => audienceOf(secret) === loginServer),
      "the registry's token is not masked",
    );
    assert.equal(exchanges[0]?.host, loginServer);
    assert.equal(exchanges[0].form?.get('service'), loginServer);
  });
});

/** Whom a token is for, if it is one. */
function audienceOf(token: string): unknown {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  return /"aud":"([^"]*)"/.exec(payload)?.[1];
}

const user = { username: 'a-name-in-the-registry', password: 'and-its-password-there' };
const byPassword = (_azure: Azure, loginServer: string): ServiceConnection =>
  dockerConnection(loginServer, user.username, user.password);

const dockerSignIns: Readonly<Record<string, SignIn>> = {
  'a token of the registry': {
    settings: { tokens: [{ ...user, scopeMap: { 'helm/*': ['pull', 'push'] } }] },
    connect: byPassword,
  },
  'the admin user': { settings: { adminUser: user }, connect: byPassword },
  'a service principal': {
    connect: ({ identities }, loginServer) => {
      const { clientId, secret } = identities.add({ kind: 'secret', roles: rolesAt(loginServer) });
      return dockerConnection(loginServer, clientId, secret);
    },
  },
  'the service principal that Azure DevOps made for the registry': {
    connect: ({ identities }, loginServer) => {
      const connection = azureConnection(identities.add({ kind: 'secret', roles: rolesAt(loginServer) }));
      const parameters = { ...connection.parameters, loginServer };
      return { ...connection, type: 'dockerregistry', parameters, data: { registrytype: 'ACR' } };
    },
  },
};

describe('A Docker registry connection signs in to the registry', () => {
  together(dockerSignIns, pushed, ({ step, requests }) => {
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.deepEqual([...new Set(requests.map(({ host }) => host))], ['contoso.azurecr.io']);
    assert.ok(requests.every(({ path }) => path !== '/oauth2/exchange'));
  });
});

const refusedSignIns: Readonly<Record<string, SignIn & { says: RegExp }>> = {
  'the secret is wrong': {
    connect: ({ identities }) => {
      const connection = azureConnection(identities.add({ kind: 'secret' }));
      return { ...connection, parameters: { ...connection.parameters, serviceprincipalkey: 'not-the-secret' } };
    },
    says: /AADSTS7000215: .* put the secret's value \(not its id\) into the service connection/,
  },
  'the application is gone': {
    connect: ({ identities }) => {
      const connection = azureConnection(identities.add({ kind: 'secret' }));
      const serviceprincipalid = '6f0b1c1e-0000-4000-8000-000000000001';
      return { ...connection, parameters: { ...connection.parameters, serviceprincipalid } };
    },
    says: /AADSTS700016: .*The application does not exist in this tenant/,
  },
  'the tenant lives in another cloud': {
    loginServer: 'contoso.azurecr.cn',
    connect: ({ identities }) => {
      const connection = azureConnection(identities.add({ kind: 'secret' }));
      return { ...connection, data: { ...connection.data, environment: 'AzureChinaCloud' } };
    },
    says: /AADSTS90002: .*The tenant does not exist in this cloud/,
  },
  'the certificate is another one': {
    connect: async ({ identities }) => {
      const [registered, used] = await Promise.all([createClientCertificate(), createClientCertificate()]);
      return azureConnection(identities.add({ kind: 'certificate', certificate: registered.certificate }), used.pem);
    },
    says: /AADSTS700027: .*The certificate is not one of the application/,
  },
  'the certificate is no certificate': {
    connect: async ({ identities }) => {
      const { certificate } = await createClientCertificate();
      return azureConnection(identities.add({ kind: 'certificate', certificate }), 'a private secret, but no PEM');
    },
    says: /could not sign in to Entra ID: .*PEM-encoded certificate/,
  },
  'the federated token is too old': {
    connect: (azure) => {
      azure.job.oidcTokenLife = -60;
      return azureConnection(azure.identities.add({ kind: 'federated' }));
    },
    says: /AADSTS700024: .*check the clock of the agent/,
  },
  'Azure DevOps does not know the job': {
    connect: ({ identities }) => azureConnection(identities.add({ kind: 'federated' })),
    accessToken: 'the-token-of-another-job',
    says: /Azure DevOps \(dev\.azure\.com\) issued no OIDC token .*\(HTTP 401\)/,
  },
  'Azure DevOps does not know the connection': {
    connect: ({ identities }) => ({
      ...azureConnection(identities.add({ kind: 'federated' })),
      id: '0c9fbd7e-7a0b-4d4f-8f0f-2f7a3c1f9d11',
    }),
    says: /Azure DevOps \(dev\.azure\.com\) issued no OIDC token .*\(HTTP 404\)/,
  },
  'the machine has no managed identity': {
    connect: ({ identities }) => ({
      ...azureConnection(identities.add({ kind: 'managed', systemAssigned: true })),
      data: { environment: 'AzureCloud', msiclientId: '6f0b1c1e-0000-4000-8000-000000000001' },
    }),
    says: /managed identity .* could not sign in \(Identity not found\): run the job on an agent whose/,
  },
};

describe('A sign-in that Entra ID or Azure DevOps refuses says what to change', () => {
  together(refusedSignIns, pushed, ({ step }, { says }) => {
    assert.match(refusalOf(step), says);
  });
});
