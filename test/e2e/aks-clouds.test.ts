import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { CloudName, IdentityKind } from '../azure/index.ts';
import { clusterPrograms, startClusterPipeline } from '../bench/cluster-pipeline.ts';
import { realProgram } from '../real/index.ts';

const sovereign = {
  AzureUSGovernment: {
    authority: 'login.microsoftonline.us',
    resourceManager: 'management.usgovcloudapi.net',
    environment: 'AzureUSGovernmentCloud',
  },
  AzureChinaCloud: {
    authority: 'login.chinacloudapi.cn',
    resourceManager: 'management.chinacloudapi.cn',
    environment: 'AzureChinaCloud',
  },
} satisfies Partial<Record<CloudName, unknown>>;

const clouds = ['AzureUSGovernment', 'AzureChinaCloud'] as const;
const kinds = ['federated', 'secret'] satisfies IdentityKind[];
const tenantId = '0c0ffee0-0001-4000-8000-00000c0a7050';
const kubernetesScope = '6dae42f8-4368-4678-94ff-3960e28e3630/.default';

describe('AksCredentials: sovereign clouds', () => {
  before(async function () {
    this.timeout(600_000);
    await Promise.all(clusterPrograms.map(realProgram));
  });

  for (const cloud of clouds) {
    for (const kind of kinds) {
      it(`${cloud}, ${kind}: its own sign-in, management address and scopes are on the wire`, async () => {
        const { authority, resourceManager, environment } = sovereign[cloud];
        const pipeline = await startClusterPipeline({ cloud, kind, tenantId });
        try {
          const { azure, job, fetch, cluster, identity } = pipeline;
          const step = await fetch();
          assert.equal(step.result, 'Succeeded', step.log.join('\n'));
          const later = await job.runScript({ script: 'kubectl auth whoami' });
          assert.match(later.log.join('\n'), new RegExp(identity.objectId));
          const scopes = azure.requests.flatMap(({ host, form }) => {
            const scope = form?.get('scope')?.split(' ')[0];
            return scope === undefined ? [] : [`${host} ${scope}`];
          });
          assert.deepEqual(
            new Set(scopes),
            new Set([`${authority} https://${resourceManager}/.default`, `${authority} ${kubernetesScope}`]),
          );
          const hosts = new Set(azure.requests.map(({ host }) => host));
          hosts.delete('dev.azure.com');
          assert.deepEqual(hosts, new Set([authority, resourceManager, cluster.fqdn]));
          const kubeconfig = readFileSync(step.outputs['kubeconfigPath'] ?? '', 'utf8');
          assert.match(kubeconfig, new RegExp(`- "--environment"\\s+- "${environment}"\\n`));
        } finally {
          await pipeline.close();
        }
      });
    }
  }
});
