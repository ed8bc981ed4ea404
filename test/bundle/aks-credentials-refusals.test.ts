import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { adminRole, startClusterPipeline, userRole, type ClusterPipeline } from '../bench/cluster-pipeline.ts';
import { clusterEntry, deviceCodeUser, kubeconfigWith } from '../bench/kubeconfigs.ts';
import { refusalOf } from '../bench/refusal.ts';

/** Microsoft Graph. */
const otherApp = '00000003-0000-0000-c000-000000000000';

describe('AksCredentials: refusals', () => {
  let pipeline: ClusterPipeline;
  before(async () => {
    pipeline = await startClusterPipeline({ programs: [] });
  });
  after(() => pipeline.close());
  beforeEach(() => {
    pipeline.cluster.settings.kubeconfig = undefined;
    pipeline.cluster.settings.localAccounts = true;
    pipeline.identity.roles.splice(0, pipeline.identity.roles.length, { role: userRole, scope: pipeline.cluster.name });
  });

  async function refusal(inputs: Readonly<Record<string, string>> = {}): Promise<string> {
    const message = refusalOf(await pipeline.fetch(inputs, { condition: 'always()' }));
    assert.equal(pipeline.job.variables.get('KUBECONFIG'), undefined);
    assert.deepEqual(readdirSync(pipeline.job.folders.temp), []);
    return message;
  }

  describe('inputs that cannot be', () => {
    const wrong: readonly (readonly [string, string, RegExp])[] = [
      ['cluster', '../other', /Input cluster is '\.\.\/other'; it takes the name of an AKS cluster/],
      ['resourceGroup', 'a/b', /Input resourceGroup is 'a\/b'/],
      [
        'subscriptionId',
        'Contoso delivery',
        /Input subscriptionId is 'Contoso delivery'; it takes the subscription's id/,
      ],
      ['namespace', 'Web QA', /Input namespace is 'Web QA'; it takes up to 63 small letters/],
      ['serverFqdn', 'both', /Input serverFqdn is 'both'; it takes one of: default, public, private/],
      ['serverAppId', 'my-app', /Input serverAppId is 'my-app'; it takes the id of an application/],
      ['verifyTimeoutSeconds', '0', /Input verifyTimeoutSeconds is '0'/],
      ['verifyTimeoutSeconds', '5000000', /verifyTimeoutSeconds is 5000000; it takes 3600 at most/],
    ];
    for (const [input, value, message] of wrong) {
      it(`${input}: ${value}`, async () => {
        const before = pipeline.azure.requests.length;
        assert.match(await refusal({ [input]: value }), message);
        assert.equal(pipeline.azure.requests.length, before);
      });
    }
  });

  it('a job whose KUBECONFIG is secret, in any case of its letters: later steps would not see ours', async () => {
    const secretVariables = { kubeConfig: '/home/agent/production.yaml' };
    const hidden = await startClusterPipeline({ programs: [], job: { secretVariables } });
    const message = refusalOf(await hidden.fetch({ useClusterAdmin: 'true' }));
    await hidden.close();
    assert.match(message, /This job has a secret variable KUBECONFIG, .* another cluster\. Give that variable/);
  });

  describe('by Azure Resource Manager', () => {
    it('name the role that the user credential needs', async () => {
      pipeline.identity.roles.length = 0;
      const message = await refusal();
      assert.match(message, /give it the role 'Azure Kubernetes Service Cluster User Role' on the cluster/);
      assert.match(message, new RegExp(pipeline.identity.objectId));
    });

    it('name the role that the admin credential needs', async () => {
      assert.match(
        await refusal({ useClusterAdmin: 'true' }),
        /the role 'Azure Kubernetes Service Cluster Admin Role'/,
      );
    });

    it('name the inputs to check when there is no such cluster', async () => {
      const message = await refusal({ cluster: 'contoso-dev' });
      assert.match(
        message,
        /There is no cluster 'contoso-dev' in resource group 'rg-delivery' of subscription 00000000-/,
      );
      assert.match(message, /ResourceNotFound.*subscriptionId/);
    });

    it('name the subscription that was asked for', async () => {
      const subscriptionId = '11111111-2222-4333-8444-555555555555';
      assert.match(await refusal({ subscriptionId }), new RegExp(`of subscription ${subscriptionId} `));
    });

    it('tell that local accounts are disabled', async () => {
      pipeline.cluster.settings.localAccounts = false;
      pipeline.identity.roles.push({ role: adminRole, scope: pipeline.cluster.name });
      const message = await refusal({ useClusterAdmin: 'true' });
      assert.match(message, /Local accounts are disabled on cluster contoso-qa.*set useClusterAdmin to false/);
    });
  });

  describe('of a kubeconfig that', () => {
    const malicious: readonly (readonly [string, (cluster: Record<string, unknown>) => string, RegExp])[] = [
      ['is no YAML', () => '{', /The kubeconfig is no YAML/],
      ['is no mapping', () => '- a', /kubeconfig is no mapping/],
      ['has no context', () => 'kind: Config', /kubeconfig has no current-context/],
      ['is too large', () => `# ${'x'.repeat(1024 * 1024)}`, /has 1048578 characters; at most 1048576 are read/],
      [
        'multiplies itself',
        () => ['a: &a [x, x]', 'b: &b [*a, *a]', 'c: &c [*b, *b]', 'd: [*c, *c]'].join('\n'),
        /The kubeconfig is no YAML that can be read: it has an alias/i,
      ],
      [
        'runs another program',
        (cluster) => kubeconfigWith(cluster, { exec: { ...deviceCodeUser.exec, command: '/bin/sh' } }),
        /it would run "\/bin\/sh"; only kubelogin is expected/,
      ],
      [
        'runs a program of that name elsewhere',
        (cluster) => kubeconfigWith(cluster, { exec: { ...deviceCodeUser.exec, command: '/tmp/kubelogin' } }),
        /it would run "\/tmp\/kubelogin"/,
      ],
      [
        'signs in by something unknown',
        (cluster) => kubeconfigWith(cluster, { 'auth-provider': { name: 'oidc', config: {} } }),
        /its users sign in by "oidc"/,
      ],
      [
        'passes on an option',
        (cluster) =>
          kubeconfigWith(cluster, {
            exec: { ...deviceCodeUser.exec, args: ['get-token', '--server-id', '--cache-dir'] },
          }),
        /"--cache-dir" is no id of an application/,
      ],
      [
        'switches TLS off',
        (cluster) => kubeconfigWith({ ...cluster, server: 'http://contoso.example' }),
        /its server is "http:\/\/contoso\.example"; it must be a plain https address/,
      ],
      ...[
        'https://x$(id).hcp.eastus.azmk8s.io:443',
        'https://`id`.azmk8s.io',
        "https://a';id;'.azmk8s.io",
        'https://user:pass@contoso.azmk8s.io',
        'https://contoso.azmk8s.io/?a=$(id)',
        'https://contoso.azmk8s.io/x',
        'https://169.254.169.254:443',
        'https://localhost',
        'https://contoso.azmk8s.io:443\\n',
      ].map((server): (typeof malicious)[number] => [
        `names the server ${server}`,
        (cluster) => kubeconfigWith({ ...cluster, server }),
        /it must be a plain https address of a named host/,
      ]),
      [
        'asks for tokens to another application',
        (cluster) =>
          kubeconfigWith(cluster, { exec: { ...deviceCodeUser.exec, args: ['get-token', '--server-id', otherApp] } }),
        /asks for tokens to the application 00000003-.*, not to 6dae42f8-.* give its id as input serverAppId/,
      ],
      [
        'asks for them in the form of older clusters',
        (cluster) =>
          kubeconfigWith(cluster, { 'auth-provider': { name: 'azure', config: { 'apiserver-id': otherApp } } }),
        /asks for tokens to the application 00000003-/,
      ],
      [
        'does not check the certificate',
        (cluster) => kubeconfigWith({ ...cluster, 'insecure-skip-tls-verify': true }),
        /switches the check of the API server's certificate off/,
      ],
      [
        'brings no authority',
        (cluster) => kubeconfigWith({ ...cluster, 'certificate-authority-data': undefined }),
        /has no certificate-authority-data/,
      ],
      [
        'reads a file of the agent',
        (cluster) => kubeconfigWith(cluster, { tokenFile: '/home/agent/.token' }),
        /users\["someone"\]\.user\.tokenFile names a file of this agent/,
      ],
      [
        'reads a key of the agent',
        (cluster) => kubeconfigWith(cluster, { 'client-key': '/home/agent/.ssh/id_rsa' }),
        /client-key names a file of this agent/,
      ],
      ['gives nobody', (cluster) => kubeconfigWith(cluster, {}), /neither a certificate, nor a token, nor kubelogin/],
    ];
    for (const [what, text, message] of malicious) {
      it(what, async () => {
        pipeline.cluster.settings.kubeconfig = text(clusterEntry(pipeline.cluster));
        assert.match(await refusal(), message);
      });
    }

    it('carries a logging command, which is defused', async () => {
      const command = '##vso[task.setvariable variable=KUBECONFIG]/tmp/other';
      const entry = { ...clusterEntry(pipeline.cluster), server: `https://x/${command}\n${command}` };
      pipeline.cluster.settings.kubeconfig = kubeconfigWith(entry);
      assert.match(await refusal(), /plain https address/);
    });
  });
});
