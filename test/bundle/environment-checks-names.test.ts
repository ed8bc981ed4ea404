import assert from 'node:assert/strict';
import { group, person } from '../azure/devops/index.ts';
import { ChecksBench } from '../bench/checks-bench.ts';

describe('EnvironmentChecks, looking up names', () => {
  let bench: ChecksBench;
  before(async () => {
    bench = await ChecksBench.start();
    const { people } = bench.organization;
    for (const name of ['Ada Lovelace', 'Ada Lovell', 'Bob Example']) people.add(person(name));
    people.add({ ...person('Kim'), mail: 'kim@contoso.example', account: 'kim@fabrikam.example' });
    people.add({ ...person('Kim'), mail: 'kim2@contoso.example' });
    people.add({ ...person('Max Former'), isInactive: true });
    people.add({ ...person('Max Double'), mail: 'max@contoso.example', isInactive: true });
    people.add({ ...person('Max Double Again'), mail: 'max@contoso.example' });
    people.add(group(String.raw`[delivery]\Leads`));
    people.add(group(String.raw`[orders]\Leads`));
    people.add(group(String.raw`[TEAM FOUNDATION]\Platform team`));
    const { pipelines } = bench.organization;
    pipelines.add('orders-cd');
    pipelines.add('stock-cd', String.raw`\team`);
    pipelines.add('shared-cd', String.raw`\team`);
    pipelines.add('shared-cd', String.raw`\other\deep`);
    pipelines.add('root-and-folder');
    pipelines.add('root-and-folder', String.raw`\team`);
  });
  after(() => bench.close());

  const idOf = (displayName: string): string => {
    const found = bench.organization.people.search('General', displayName);
    return (found.find((each) => each.displayName === displayName) ?? assert.fail(displayName)).id;
  };

  /** Applies an environment of its own with these approvers. @returns their ids as the service keeps them */
  async function approversFor(name: string, approvers: readonly string[]): Promise<unknown> {
    const step = await bench.apply([{ name, approvals: approvers }]);
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    const { settings } = bench.organization.environments.find(name)?.configurations.first('approval') ?? assert.fail();
    const kept: unknown[] = Array.isArray(settings['approvers']) ? settings['approvers'] : [];
    return kept.map((each) => Object(each).id);
  }

  /** @returns what an apply says that must not write */
  async function refused(entry: object): Promise<string> {
    const { result, writes } = await bench.requests(() => bench.apply([{ name: 'never-made', ...entry }]));
    assert.equal(result.result, 'Failed', result.log.join('\n'));
    assert.deepEqual(writes, []);
    assert.deepEqual(result.outputs, {});
    const [{ message } = assert.fail(), ...others] = result.issues;
    assert.deepEqual(others, []);
    return message;
  }

  it('finds people by mail address, account, name or id, and groups by their name, whatever the case', async () => {
    const names = [
      'ADA.Lovelace@contoso.example',
      'kim@fabrikam.example',
      'bob example',
      idOf('Ada Lovell').toUpperCase(),
    ];
    const groups = [String.raw`[Delivery]\leads`, String.raw`[TEAM FOUNDATION]\Platform team`];
    assert.deepEqual(await approversFor('all-forms', [...names, ...groups]), [
      idOf('Ada Lovelace'),
      bench.organization.people.search('AccountName', 'kim@fabrikam.example')[0]?.id,
      idOf('Bob Example'),
      idOf('Ada Lovell'),
      idOf(String.raw`[delivery]\Leads`),
      idOf(String.raw`[TEAM FOUNDATION]\Platform team`),
    ]);
  });

  it('asks for a name once, however often it stands in the file', async () => {
    const entries = ['once-a', 'once-b', 'once-c'].map((name) => ({
      name,
      approvals: ['bob.example@contoso.example'],
    }));
    const { result, all } = await bench.requests(() => bench.apply(entries));
    assert.equal(result.result, 'Succeeded', result.log.join('\n'));
    assert.equal(all.filter(({ path }) => path.endsWith('/_apis/identities')).length, 1);
  });

  it('takes the active one of two with an address', async () =>
    assert.deepEqual(await approversFor('active-one', ['max@contoso.example']), [idOf('Max Double Again')]));

  it('lists those of a name that has no exact meaning, before anything is written', async () => {
    const said = await refused({ approvals: ['Ada'] });
    assert.match(said, /^Nothing was changed\. The organisation knows no active identity 'Ada' \(similar: /);
    for (const name of ['Ada Lovelace', 'Ada Lovell'])
      assert.ok(said.includes(`${name}, `) && said.includes(idOf(name)), said);
    assert.doesNotMatch(said, /Bob/);
  });

  it('lists both of a name that two have', async () => {
    const said = await refused({ approvals: ['Kim'] });
    assert.match(said, /The approver 'Kim' means 2 identities \(/);
    for (const account of ['kim@fabrikam.example', 'kim2@contoso.example']) assert.ok(said.includes(account), said);
    assert.match(said, /give the account or the id of the one that is meant/);
  });

  it('says of who is not active any more that he is not', async () =>
    assert.match(
      await refused({ approvals: ['Max Former'] }),
      /no active identity 'Max Former' \(similar: Max Former, .*not active\)/,
    ));

  it('does not choose among groups of a name, and shows those that could be meant', async () => {
    const said = await refused({ approvals: ['Leads'] });
    assert.match(said, /The approver 'Leads' means 2 identities/);
    assert.ok(said.includes(String.raw`[delivery]\Leads`) && said.includes(String.raw`[orders]\Leads`), said);
  });

  it('names everybody at once that it does not find, of every key', async () => {
    const said = await refused({
      approvals: ['nobody@contoso.example'],
      preApprovals: [String.raw`[delivery]\Nobody`],
      postApprovals: { approvers: ['11111111-2222-4333-8444-555555555555'] },
    });
    for (const name of [
      'nobody@contoso.example',
      String.raw`[delivery]\Nobody`,
      '11111111-2222-4333-8444-555555555555',
    ])
      assert.ok(said.includes(`no active identity '${name}'`), said);
    assert.match(said, /Organization settings, Users; a group of Entra ID must have been added/);
  });

  it('names ten at most, and says how many more there are', async () => {
    const approvals = Array.from({ length: 12 }, (_each, index) => `nobody-${index}@contoso.example`);
    const said = await refused({ approvals });
    assert.equal(said.match(/no active identity/g)?.length, 10);
    assert.match(said, /2 more names are not clear either\. Correct the name/);
  });

  it('refuses one who is named twice in a list, since his yes counts once', async () => {
    const approvers = ['bob.example@contoso.example', 'Bob Example'];
    const said = await refused({ approvals: { approvers, minimum: 2 } });
    assert.match(
      said,
      /approvals of never-made names Bob Example twice \('bob\.example@contoso\.example', 'Bob Example'\)/,
    );
  });

  it('allows pipelines by name, by folder and name, and by id', async () => {
    const pipelines = ['Orders-CD', String.raw`\team\stock-cd`, 'other/deep/shared-cd', 5];
    const step = await bench.apply([{ name: 'pipelines', pipelines }]);
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    const { permittedPipelines } = bench.organization.environments.find('pipelines') ?? assert.fail();
    assert.deepEqual(new Set(permittedPipelines.keys()), new Set([1, 2, 4, 5]));
  });

  it('takes a name after a mark of the root for the one in the root', async () => {
    const step = await bench.apply([{ name: 'root', pipelines: [String.raw`\root-and-folder`] }]);
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
    const { permittedPipelines } = bench.organization.environments.find('root') ?? assert.fail();
    assert.deepEqual([...permittedPipelines.keys()], [5]);
  });

  it('lists the pipelines of a name that several have', async () => {
    const said = await refused({ pipelines: ['shared-cd'] });
    assert.match(
      said,
      /The pipeline 'shared-cd' is not the name of exactly one: .*team\\shared-cd \(3\); .*other\\deep\\shared-cd \(4\); give it with its folder, or its id/,
    );
  });

  it('names every pipeline that there is not', async () => {
    const said = await refused({ pipelines: ['none-cd', String.raw`team\orders-cd`, 'orders*', 77] });
    assert.match(said, /The project has no pipeline 77, or this identity may not see it \(View builds\)/);
    assert.match(said, /no pipeline 'none-cd'/);
    assert.match(said, /'orders\*'/);
    assert.match(said, /no pipeline 'team\\orders-cd', but \\orders-cd \(1\): correct the folder, or give the id/);
  });
});
