import assert from 'node:assert/strict';
import type { ServiceConnection, StepResult } from '../agent/index.ts';
import type { Person } from '../azure/devops/index.ts';
import type { Azure, Identity } from '../azure/index.ts';
import { ChecksBench } from '../bench/checks-bench.ts';
import { azureConnection } from '../bench/connections.ts';

interface Principals {
  readonly ofDevOps: Identity<'federated'>;
  readonly ofAzure: Identity<'federated'>;
  readonly withSecret: Identity<'secret'>;
  readonly stranger: Identity<'federated'>;
}

const named = (name: string, identity: Identity): ServiceConnection => ({ ...azureConnection(identity), name });

function principalsOf({ identities }: Azure): Principals {
  return {
    ofDevOps: identities.add({ kind: 'federated' }),
    ofAzure: identities.add({ kind: 'federated' }),
    withSecret: identities.add({ kind: 'secret' }),
    stranger: identities.add({ kind: 'federated' }),
  };
}

/** Service connections of two types for each of them. */
function connectionsOf({ ofDevOps, ofAzure, withSecret, stranger }: Principals): ServiceConnection[] {
  return [
    devOpsConnection('contoso-devops', ofDevOps),
    devOpsConnection('contoso-stranger', stranger),
    named('contoso-azure', ofAzure),
    named('contoso-secret', withSecret),
  ];
}

/** A connection of type Azure DevOps, as the agent gets it. */
function devOpsConnection(name: string, identity: Identity<'federated'>): ServiceConnection {
  return {
    id: identity.serviceConnectionId,
    name,
    type: 'workloadidentityuser',
    url: 'https://dev.azure.com/contoso',
    scheme: 'WorkloadIdentityFederation',
    parameters: { TenantId: identity.tenantId, ServicePrincipalId: identity.clientId },
    data: {},
  };
}

describe('EnvironmentChecks, by an identity', () => {
  let bench: ChecksBench;
  let principals: Principals;
  before(async () => {
    bench = await ChecksBench.start((azure) => {
      principals = principalsOf(azure);
      // What is told for debugging holds no secret either.
      return { connections: connectionsOf(principals), job: { variables: { 'System.Debug': 'true' } } };
    });
    for (const identity of [principals.ofDevOps, principals.ofAzure, principals.withSecret]) {
      bench.organization.environmentCreators.add(member(identity).id);
    }
  });
  after(() => bench.close());

  /** The organisation knows a service principal by an id of its own. */
  function member({ objectId }: Identity): Person {
    const { people } = bench.organization;
    const id = objectId.replace(/^.{8}/, '0badcafe');
    return people.find(id) ?? people.add({ id, objectId, displayName: `principal ${id}`, mail: '' });
  }

  async function refused(inputs: Record<string, string>): Promise<string> {
    const step = await bench.apply([{ name: 'never-made', exclusiveLock: true }], inputs);
    assert.equal(step.result, 'Failed', step.log.join('\n'));
    harmless(step);
    assert.equal(bench.organization.environments.find('never-made'), undefined);
    const [{ message } = assert.fail(), ...others] = step.issues;
    assert.deepEqual(others, []);
    assert.doesNotMatch(message, /Unexpected error/);
    return message;
  }

  function harmless(step: StepResult): void {
    assert.deepEqual([...step.violations, ...bench.job.secretLeaks(step)], []);
  }

  for (const [what, inputs, who] of [
    ["the job's own, without a connection", {}, () => bench.organization.buildService],
    ['an Azure DevOps connection', { azureDevOpsConnection: 'contoso-devops' }, () => member(principals.ofDevOps)],
    ['an Azure Resource Manager connection', { azureSubscription: 'contoso-azure' }, () => member(principals.ofAzure)],
    ['a connection with a secret', { azureSubscription: 'contoso-secret' }, () => member(principals.withSecret)],
  ] as const)
    it(`that is ${what}, makes an environment and may take away what it made`, async () => {
      const name = `by ${what.replaceAll(/[^a-z ]/gi, '')}`;
      const step = await bench.apply([{ name, exclusiveLock: true, branches: ['*'] }], inputs);
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
      harmless(step);
      const environment = bench.organization.environments.find(name) ?? assert.fail();
      assert.equal(environment.created.by.id, who().id);
      assert.deepEqual(
        environment.configurations.all.map(({ created }) => created.by.id),
        [who().id, who().id],
      );
      const pruned = await bench.apply([{ name, exclusiveLock: false, branches: [] }], { ...inputs, prune: 'true' });
      assert.equal(pruned.result, 'Succeeded', pruned.log.join('\n'));
      assert.deepEqual(environment.configurations.all, []);
    });

  it('signs in once for all its requests', async () => {
    const { result, all } = await bench.requests(() =>
      bench.apply([{ name: 'one-token', exclusiveLock: true, branches: ['*'] }], {
        azureDevOpsConnection: 'contoso-devops',
      }),
    );
    assert.equal(result.result, 'Succeeded', result.log.join('\n'));
    assert.equal(all.filter(({ path }) => path.endsWith('/oauth2/v2.0/token')).length, 1);
    assert.equal(all.filter(({ path }) => path.endsWith('/oidctoken')).length, 1);
  });

  it('that are two is refused', async () =>
    assert.match(
      await refused({ azureDevOpsConnection: 'contoso-devops', azureSubscription: 'contoso-azure' }),
      /Inputs azureDevOpsConnection and azureSubscription are both given; the step asks as one identity\./,
    ));

  it('that is no member of the organisation, is told how to become one', async () => {
    const said = await refused({ azureDevOpsConnection: 'contoso-stranger' });
    assert.match(said, /TF401444/);
    assert.match(
      said,
      /Add the principal of the service connection of input azureDevOpsConnection .*to the organisation: Organization settings, Users, Add users, access level Basic\./,
    );
  });

  it('that has no access to the project, is told how to get it', async () => {
    const { outsideProject } = bench.organization;
    outsideProject.add(member(principals.ofAzure).id);
    const said = await refused({ azureSubscription: 'contoso-azure' });
    outsideProject.clear();
    assert.match(said, /VS800075/);
    assert.match(
      said,
      /Check input project, and add the principal of the service connection of input azureSubscription .* to the project: Project settings, Permissions, Readers\./,
    );
  });

  it('whose token is not taken, is told so', async () => {
    const fault = bench.azure.fault({
      kind: '401',
      times: Infinity,
      match: ({ path }) => path.endsWith('/pipelines/environments'),
    });
    const said = await refused({});
    fault.lift();
    assert.match(
      said,
      /did not list the environments of the project \(HTTP 401: .*The token of the identity of the job/,
    );
  });

  it('asks in the project that input project names, by name or id', async () => {
    for (const project of ['delivery', bench.azure.job.projectId]) {
      const step = await bench.run([{ name: 'one-token', exclusiveLock: true }], { project });
      assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    }
    assert.match(await refused({ project: 'no such project' }), /TF200016: .*Check input project/);
  });
});
