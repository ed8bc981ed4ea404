import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { ChecksBench } from '../bench/checks-bench.ts';
import { addNamedBy } from '../delivery/environment-files.ts';
import { World } from '../delivery/index.ts';

const text = String.raw`version: 1
environments:
  - name: orders
    approvals:
      approvers: [kim@contoso.example, '[fabrikam]\Leads', Jo Example, 11111111-2222-4333-8444-555555555555]
    pipelines: [orders-cd, 'team\orders-cd', deep/er/stock-cd]
`;

describe('What a file of environments names, in a run of ones own', () => {
  let bench: ChecksBench;
  before(async () => (bench = await ChecksBench.start()));
  after(() => bench.close());

  const write = (content: string): void =>
    writeFileSync(path.join(bench.job.folders.sources, 'environment-checks.yaml'), content);
  const added = (file: string): string[] => addNamedBy(file, bench.job.folders.sources, bench.organization);

  it('is there, however it is named', async () => {
    write(text);
    assert.equal(added('$(Build.SourcesDirectory)/environment-checks.yaml').length, 7);
    assert.deepEqual(
      bench.organization.pipelines.all.map(({ path: folder, name }) => `${folder} ${name}`),
      [String.raw`\ orders-cd`, String.raw`\team orders-cd`, String.raw`\deep\er stock-cd`],
    );
    const step = await bench.apply(text.replace('[orders-cd, ', String.raw`['\orders-cd', `));
    assert.equal(step.result, 'Succeeded', step.log.join('\n'));
  });

  for (const [what, content] of [
    ['is no YAML', 'environments: ['],
    ['is empty', ''],
    ['has another form', 'environments: {orders: [1]}'],
    ['names no list', 'environments: [7, {approvals: 5, pipelines: true}]'],
  ] as const)
    it(`is nothing where the file ${what}, which the task tells`, () => {
      write(content);
      assert.deepEqual(added('environment-checks.yaml'), []);
    });

  it('may be made by the job itself where no step names a connection', async () => {
    write(text);
    const { azure, job, organization } = bench;
    organization.environmentCreators.clear();
    const none = { connections: [], registries: [], clusters: [], environments: [], variableGroups: [] };
    const named = { ...none, environmentFiles: ['environment-checks.yaml'] };
    const world = await World.make(azure, named, { programs: [], sources: job.folders.sources });
    await world.close();
    assert.deepEqual([...organization.environmentCreators], [organization.buildService.id]);
    assert.ok(world.made.includes("the role Creator of environments of the job's own identity"), world.made.join());
  });

  it('is nothing where there is no file', () => assert.deepEqual(added('none.yaml'), []));
});
