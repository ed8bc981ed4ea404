import assert from 'node:assert/strict';
import type { JobOptions, StepResult } from '../agent/index.ts';
import type { Azure } from '../azure/index.ts';
import { ChecksBench } from '../bench/checks-bench.ts';
import { devOpsConnection } from '../bench/connections.ts';

const credentials = { username: 'contoso\\agent', password: 'p@ss:wörd/of the proxy' };
const lock = [{ name: 'orders', exclusiveLock: true }];

/** A job that reaches Azure by the agent's own proxy alone, which wants a password. */
function behindProxy(proxy: (azure: Azure) => NonNullable<JobOptions['proxy']>): Promise<ChecksBench> {
  return ChecksBench.start(
    (azure) => {
      const connections = [devOpsConnection(azure.identities.add({ kind: 'federated' }))];
      return { connections, job: { environment: { HTTPS_PROXY: '', HTTP_PROXY: '' }, proxy: proxy(azure) } };
    },
    { proxyCredentials: credentials },
  );
}

describe('EnvironmentChecks, on its way to Azure DevOps', () => {
  let bench: ChecksBench | undefined;
  afterEach(() => bench?.close());

  it("goes through the agent's proxy with its password, and prints no secret", async () => {
    bench = await behindProxy(({ proxyUrl }) => ({ url: proxyUrl, ...credentials }));
    const step = await bench.apply(lock);
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    assert.deepEqual([...step.violations, ...bench.job.secretLeaks(step)], []);
  });

  it('says that Azure DevOps is out of reach, not that something may have been done', async () => {
    bench = await behindProxy(() => ({ url: 'http://127.0.0.1:1' }));
    const said = errorsOf(await bench.run(lock));
    assert.match(
      said,
      /did not list the environments of the project \(.*ECONNREFUSED.*\)\. Check that this agent reaches Azure DevOps/,
    );
    assert.doesNotMatch(said, /Whether it was done/);
  });

  it('names the certificate that is not trusted', async () => {
    const environment = { NODE_EXTRA_CA_CERTS: '', SSL_CERT_FILE: '' };
    bench = await ChecksBench.start(() => ({ job: { environment } }));
    assert.match(
      errorsOf(await bench.run(lock)),
      /^The certificate of dev\.azure\.com is not trusted here \(.*config --sslcacert/,
    );
  });

  it('tells where the principal of a connection is named, since the log masks its id', async () => {
    bench = await behindProxy(({ proxyUrl }) => ({ url: proxyUrl, ...credentials }));
    const said = errorsOf(await bench.apply(lock, { azureDevOpsConnection: 'contoso-devops' }));
    assert.match(
      said,
      /TF401444.*Add the principal .* \(named on its page in Project settings, Service connections\) to/,
    );
    assert.doesNotMatch(said, /\*\*\*/);
  });

  it('does not call an environment missing, in mode check, without saying that it may be out of sight', async () => {
    bench = await ChecksBench.start();
    bench.organization.environments.add('orders').isVisible = false;
    const outOfSight = /may not see \(role Reader\) counts as none/;
    assert.match(errorsOf(await bench.run(lock)), outOfSight);
    bench.organization.environments.all[0]?.roles.set(bench.organization.buildService.id, 'Reader');
    const said = errorsOf(await bench.run(lock));
    assert.match(said, /1 difference from environment-checks\.yaml/);
    assert.doesNotMatch(said, outOfSight);
  });
});

function errorsOf({ issues }: StepResult): string {
  return issues.map(({ message }) => message).join('\n');
}
