import assert from 'node:assert/strict';
import type { StepResult } from '../agent/index.ts';
import { ChecksBench } from '../bench/checks-bench.ts';
import { addApprovers } from '../bench/sample-environment.ts';

const entry = (line: string): string => `version: 1\nenvironments:\n  - name: orders\n    ${line}\n`;

describe('EnvironmentChecks, in the hands of somebody new to it', () => {
  let bench: ChecksBench;
  before(async () => {
    bench = await ChecksBench.start();
    addApprovers(bench);
  });
  after(() => bench.close());

  /** Applies what must be refused before anything is written. @returns the error */
  async function refused(environments: readonly object[] | string): Promise<string> {
    const { result, writes } = await bench.requests(() => bench.apply(environments));
    assert.equal(result.result, 'Failed', result.log.join('\n'));
    assert.deepEqual(writes, []);
    return errorsOf(result);
  }

  for (const [what, line] of [
    ['a group without quotes', String.raw`approvals: [[contoso]\Release approvers]`],
    ['a group in double quotes', String.raw`approvals: ["[contoso]\Release approvers"]`],
    ['a pattern without quotes', 'branches: [*]'],
    ['an alias', 'branches: *usual'],
  ] as const)
    it(`says how ${what} is written`, async () => {
      const said = await refused(entry(line));
      assert.match(said, /is no YAML that can be read: .*\(line 4, column \d+\)/);
      assert.ok(said.includes(String.raw`stand in single quotes ('[contoso]\Release approvers', '*')`), said);
    });

  it('does not speak of quotes where they are not the matter', async () =>
    assert.doesNotMatch(await refused(entry('branches: [refs/heads/main')), /quotes/));

  it('makes no environment that is named by a variable', async () => {
    for (const name of ['orders-$(stage)', 'orders-${{ parameters.stage }}'])
      assert.match(await refused([{ name }]), /is named by a variable, which is not replaced in the file/);
  });

  it('names people and pipelines that it does not find at once, and says once what to do', async () => {
    const entries = ['one', 'two'].map((name) => ({ name, approvals: [`${name}@contoso.example`], pipelines: [name] }));
    const said = await refused(entries);
    for (const name of ['one', 'two']) {
      assert.ok(said.includes(`no active identity '${name}@contoso.example'.`), said);
      assert.ok(said.includes(`The project has no pipeline '${name}'`), said);
    }
    assert.equal(said.split('add the person under Organization settings').length, 2);
  });

  it('says of the id of a pipeline in quotes that it is a name', async () =>
    assert.match(
      await refused([{ name: 'orders', pipelines: ['1'] }]),
      /no pipeline '1', .*: an id is written without quotes/,
    ));

  it('tells pipelines that the file does not name by name and id, and by id what is gone', async () => {
    await bench.apply([{ name: 'foreign', pipelines: ['orders-cd'] }]);
    const { environments, pipelines, owner } = bench.organization;
    const { permittedPipelines } = environments.find('foreign') ?? assert.fail();
    for (const id of [pipelines.add('old-cd', String.raw`\team`).id, 77])
      permittedPipelines.set(id, bench.organization.stamp(owner));
    const { result, all } = await bench.requests(() => bench.run([{ name: 'foreign', pipelines: ['orders-cd'] }]));
    assert.match(result.log.join('\n'), /none +pipeline team\\old-cd \(2\) may use it/);
    assert.match(result.log.join('\n'), /none +pipeline 77 may use it/);
    assert.equal(all.filter(({ path }) => path.endsWith('/build/definitions')).length, 2);
    assert.match(bench.job.record.summaries.at(-1) ?? '', /pipeline team.*cd.* may use it/);
  });

  it('says shortly what it left and took away, and in the table why', async () => {
    const { owner } = bench.organization;
    const apply = (more: object, inputs = {}): Promise<StepResult> => bench.apply([{ name: 'mixed', ...more }], inputs);
    await apply({ branches: ['refs/tags/*'], pipelines: ['orders-cd'] });
    const environment = bench.organization.environments.find('mixed') ?? assert.fail();
    environment.configurations.add('lock', {}, owner);
    const step = await apply({ branches: [], exclusiveLock: false, pipelines: [] }, { prune: 'true' });
    const log = step.log.join('\n');
    assert.match(log, /mixed: taken away Pipelines, Branch control; left Exclusive lock$/m);
    assert.match(log, /Pipelines .* taken away$/m);
    assert.match(log, /Exclusive lock .* left: .* made it, so it has to be taken away by hand$/m);
  });
});

function errorsOf({ issues }: StepResult): string {
  return issues.map(({ message }) => message).join('\n');
}
