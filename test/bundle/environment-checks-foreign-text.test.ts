import assert from 'node:assert/strict';
import type { StepResult } from '../agent/index.ts';
import { type Person, type PlayedEnvironment, person } from '../azure/devops/index.ts';
import { ChecksBench } from '../bench/checks-bench.ts';

const command = '##vso[task.setvariable variable=driftFound;isOutput=true]no';
const markdown =
  '| --- |\n\n# Heading\n<img src=x onerror=alert(1)> [link](https://fabrikam.example) `code` ![](x) </details>';
const invisible = 'a\u{202e}b\u{200b}c\u{7}d\u{1b}[31me';
const endless = 'x'.repeat(1024 * 1024);
const hostile = {
  'a command of the agent': command,
  'Markdown and HTML': markdown,
  'what is invisible': invisible,
  'a megabyte': endless,
};

describe('EnvironmentChecks, shown what others wrote', () => {
  let bench: ChecksBench;
  let ada: Person;
  before(async () => {
    bench = await ChecksBench.start();
    ada = bench.organization.people.add(person('Ada'));
  });
  after(() => bench.close());

  function existing(name: string): PlayedEnvironment {
    const environment = bench.organization.environments.add(name);
    environment.roles.set(bench.organization.buildService.id, 'Administrator');
    return environment;
  }

  /** Whatever stands in it: nothing is set or drawn by it, and nothing is endless. @returns log and page */
  function harmless(step: StepResult): { log: string; page: string } {
    assert.deepEqual([...step.violations, ...bench.job.secretLeaks(step)], []);
    assert.deepEqual(Object.keys(step.outputs), ['checksChanged', 'driftFound', 'environmentId']);
    assert.notEqual(step.outputs['driftFound'], 'no');
    const known = new Set([
      'task.setvariable',
      'task.complete',
      'task.setprogress',
      'task.issue',
      'task.logissue',
      'task.uploadsummary',
      'task.debug',
    ]);
    for (const { area, event } of step.commands) assert.ok(known.has(`${area}.${event}`), `${area}.${event}`);
    const log = step.log.join('\n');
    assert.doesNotMatch(log, /[^\P{C}\n]/u);
    assert.ok(log.length < 20_000, `${log.length} characters`);
    const page = bench.job.record.summaries.at(-1) ?? assert.fail();
    assert.ok(page.length < 20_000, `${page.length} characters`);
    assert.doesNotMatch(page, /(?<!\\)[<`[\]!]|^#|[^\P{C}\n]/mu);
    // The only tables and lines are those of the page.
    for (const line of page.split('\n').filter(Boolean)) assert.match(line, /^(?:\| .* \||- .*|[\w\\].*)$/);
    for (const row of page.split('\n').filter((line) => line.startsWith('|')))
      assert.equal(row.match(/(?<!\\)\|/g)?.length, 6, row);
    return { log, page };
  }

  for (const [what, text] of Object.entries(hostile)) {
    it(`shows ${what} in the description of an environment as text`, async () => {
      const name = `description of ${what.replaceAll(' ', '-')}`;
      existing(name).description = text;
      harmless(await bench.run([{ name, description: 'Live' }]));
      harmless(await bench.apply([{ name, description: 'Live' }]));
    });

    it(`shows ${what} in the instructions of an approval as text`, async () => {
      const name = `instructions of ${what.replaceAll(' ', '-')}`;
      existing(name).configurations.add('approval', { settings: { approvers: [{ id: ada.id }], instructions: text } });
      harmless(await bench.run([{ name, approvals: [ada.mail] }]));
    });

    it(`shows ${what} in the names of who approves and who made a check as text`, async () => {
      const name = `names of ${what.replaceAll(' ', '-')}`;
      const eve = bench.organization.people.add({ ...person(`Eve ${what}`), displayName: text });
      const environment = existing(name);
      environment.configurations.add('approval', { settings: { approvers: [{ id: eve.id }] } }, eve);
      environment.configurations.add('lock', {}, eve);
      harmless(await bench.apply([{ name, approvals: [eve.mail], exclusiveLock: false }], { prune: 'true' }));
      harmless(await bench.run([{ name, approvals: false, exclusiveLock: false }]));
    });

    it(`shows ${what} in a branch, a time zone and a template as text`, async () => {
      const name = `settings of ${what.replaceAll(' ', '-')}`;
      const { configurations } = existing(name);
      const definitionRef = { name: 'x', version: '0.0.1' };
      configurations.add('branchControl', { settings: { definitionRef, inputs: { allowedBranches: text } } });
      configurations.add('businessHours', {
        settings: { definitionRef, inputs: { timeZone: text, businessDays: text } },
      });
      configurations.add('template', { settings: { extendsChecks: [{ repositoryName: text, repositoryRef: text }] } });
      const template = { repository: 'a/b', ref: 'refs/heads/main', path: 'c.yml' };
      const hours = { days: ['Monday'], from: '08:00', to: '09:00' };
      harmless(await bench.run([{ name, branches: ['*'], businessHours: hours, requiredTemplates: [template] }]));
    });

    it(`shows ${what} in the words of a refusal as text`, async () => {
      const name = `refusal of ${what.replaceAll(' ', '-')}`;
      existing(name);
      const fault = bench.azure.fault({ kind: '403', says: text, match: ({ method }) => method === 'PATCH' });
      const step = await bench.apply([{ name, description: 'Live' }]);
      fault.lift();
      assert.equal(step.result, 'Failed');
      harmless(step);
    });
  }

  it('shows no token that a refusal repeats', async () => {
    existing('repeated token');
    const says = `Bearer ${bench.azure.job.accessToken} is not valid`;
    const fault = bench.azure.fault({ kind: '403', says, match: ({ method }) => method === 'PATCH' });
    const { log } = harmless(await bench.apply([{ name: 'repeated token', description: 'Live' }]));
    fault.lift();
    assert.match(log, /HTTP 403: Bearer \*\*\* is not valid/);
  });

  it('shows a name of an environment with all marks that it may have as it is', async () => {
    const name = 'a_b*c (d) {e} #f `g` ~h!'.replaceAll('*', '');
    const { page } = harmless(await bench.run([{ name, exclusiveLock: true }]));
    assert.ok(page.replaceAll('\\', '').includes(name), page);
  });
});
