import { startAzure } from './index.ts';

const loginServer = 'contoso.azurecr.io';

const azure = await startAzure();
azure.registry(loginServer);
const role = { role: 'AcrPush', scope: loginServer };
const { tenantId, clientId, secret } = azure.identities.add({ kind: 'secret', roles: [role] });
const variables = { ...azure.environment, AZURE_CORE_COLLECT_TELEMETRY: '0' };

console.log(`Azure on loopback runs until Ctrl+C. In another shell:

${Object.entries(variables)
  .map(([name, value]) => `export ${name}='${value}'`)
  .join('\n')}

printf %s '${secret}' | helm registry login ${loginServer} --username ${clientId} --password-stdin
az login --service-principal --username ${clientId} --password='${secret}' --tenant ${tenantId}
az acr login --name contoso --expose-token
`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void azure.close());
}
