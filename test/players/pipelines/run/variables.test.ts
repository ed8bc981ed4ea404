import assert from 'node:assert/strict';
import { Refused } from '../../../agent/pipelines/yaml/refusal.ts';
import { jobOf, linesOf, play, queuedByHand, resultsOf } from './playing.ts';
import { SmallService } from './small-service.ts';

const one = (head: string, script: string): string =>
  `${head}\nsteps:\n- checkout: none\n- bash: |\n${script.replaceAll(/^/gm, '    ')}\n`;

async function lines(text: string, given: Parameters<typeof play>[1] = {}): Promise<string[]> {
  const record = await play(text, given);
  return linesOf(jobOf(record, 'Job'));
}

const settings = {
  name: 'orders-settings',
  variables: { region: 'westeurope', replicas: '2' },
  secrets: { apiKey: 'a-very-secret-key' },
};

describe('variables of a run', () => {
  it('come from the narrowest place that has them', async () => {
    const text = `
variables: {a: root, b: root, c: root, d: root}
stages:
- stage: qa
  variables: {b: stage, c: stage}
  jobs:
  - job: work
    variables: {C: job}
    steps:
    - checkout: none
    - bash: echo "$(a) $(b) $(c) $(d) $(e)"
`;
    const record = await play(text, { variables: { d: 'queued', e: 'queued' } });
    assert.deepEqual(linesOf(jobOf(record, 'work', 'qa')), ['root stage job root queued']);
  });

  it('of a group are there, and its secrets only where a step maps them, hidden in the log', async () => {
    const text = `
variables:
- group: orders-settings
- name: replicas
  value: 3
steps:
- checkout: none
- bash: echo "$(region) $REPLICAS $APIKEY. $KEY"
  env: {KEY: $(apiKey)}
`;
    const service = new SmallService({ groups: [settings] });
    const record = await play(text, { service });
    const [step] = jobOf(record, 'Job').parts[0]?.steps.slice(0) ?? [];
    assert.deepEqual(linesOf(jobOf(record, 'Job')), ['westeurope 3 . a-very-secret-key']);
    assert.ok(
      jobOf(record, 'Job').parts[0]?.steps.some(({ log }) => log.includes('westeurope 3 . ***')),
      step?.name,
    );
  });

  it('that are secret stay macros in the names of stages, jobs and steps', async () => {
    const text = `
variables: [{group: orders-settings}]
stages:
- stage: qa
  displayName: Deploy to $(region) with $(apiKey)
  jobs:
  - job: work
    displayName: In $(region) with $(apiKey)
    steps: [{checkout: none}, {bash: exit 0, displayName: Use $(region) and $(apiKey)}]
`;
    const titles: string[] = [];
    const record = await play(text, {
      service: new SmallService({ groups: [settings] }),
      listener: (event) => {
        if (event.kind === 'step started') titles.push(event.step);
      },
    });
    assert.equal(record.stages[0]?.displayName, 'Deploy to westeurope with $(apiKey)');
    assert.equal(jobOf(record, 'work', 'qa').displayName, 'In westeurope with $(apiKey)');
    assert.equal(titles.at(-1), 'Use westeurope and $(apiKey)');
    assert.ok(!JSON.stringify(record).includes('a-very-secret-key'));
  });

  it('of a group that is not there refuse the run before it is queued, wherever it is named', async () => {
    const service = new SmallService();
    const ofJob = 'jobs:\n- job: one\n  variables:\n  - group: other\n  steps:\n  - bash: exit 0\n';
    await assert.rejects(play(ofJob, { service }), /^Error: Variable group other was not found/);
    await assert.rejects(play('variables:\n- group: nobody\nsteps:\n- bash: exit 0\n', { service }), (error) => {
      assert.ok(error instanceof Refused);
      const cause = 'Variable group nobody was not found or is not authorized for use.';
      assert.equal(error.message, `${cause} For authorization details, refer to https://aka.ms/yamlauthz.`);
      return true;
    });
    assert.deepEqual(service.queued, []);
  });

  it('may be runtime expressions over other ones and over those of the run', async () => {
    const head = `
variables:
  isMain: $[ eq(variables['Build.SourceBranch'], 'refs/heads/main') ]
  both: $[ format('{0}/{1}', variables.isMain, variables['name']) ]
  nothing: >-
    $[
      coalesce(variables.nobody,

      '')
    ]
  name: orders`;
    assert.deepEqual(await lines(one(head, 'echo "$(both)[$(nothing)]"')), ['True/orders[]']);
  });

  it('count by prefix from their seed, over the runs of a pipeline', async () => {
    const text = one("variables:\n  patch: $[ counter('1.2', 7) ]\n  other: $[counter()]", 'echo "$(patch) $(other)"');
    const counters = new Map<string, number>();
    assert.deepEqual(await lines(text, { counters }), ['7 0']);
    assert.deepEqual(await lines(text, { counters }), ['8 1']);
  });

  it('that are read-only complain when a step sets them', async () => {
    const text = one(
      'variables:\n- name: fixed\n  value: x\n  readonly: true',
      'echo "##vso[task.setvariable variable=fixed]y"',
    );
    const record = await play(text);
    const violations = jobOf(record, 'Job').parts.flatMap(({ steps }) => steps.flatMap((step) => step.violations));
    assert.equal(violations.length, 1);
    assert.match(violations[0] ?? '', /readonly variable 'fixed'/);
  });

  it('of the system tell the run, its stage and its job', async () => {
    const names = [
      'Build.BuildId',
      'Build.BuildNumber',
      'Build.Reason',
      'Build.SourceBranchName',
      'Build.DefinitionName',
      'System.TeamProject',
      'Build.Repository.Name',
      'Build.Repository.Uri',
      'System.StageName',
      'System.PhaseName',
      'System.JobName',
    ];
    const text = one('', `echo ${names.map((name) => `'$(${name})'`).join(' ')}`);
    const repository = 'shop https://dev.azure.com/contoso/delivery/_git/shop';
    const expected = `41 20260105.3 Manual main orders-cd delivery ${repository} __default Job __default`;
    const repositories = [{ alias: 'self', name: 'shop', folder: '' }];
    assert.deepEqual(await lines(text, { repositories }), [expected]);
  });

  it('of the system come over those of the file', async () => {
    const head = 'variables: {Build.SourceBranchName: mine, System.StageName: mine}';
    assert.deepEqual(await lines(one(head, "echo '$(Build.SourceBranchName) $(System.StageName)'")), [
      'main __default',
    ]);
  });

  it('are in the form of the number that the pipeline asks for', async () => {
    const service = new SmallService();
    await play(one('name: $(product)-$(Rev:r)\nvariables: {product: orders}', 'true'), { service });
    assert.deepEqual(service.queued, [{ ...queuedByHand, numberForm: 'orders-$(Rev:r)' }]);
  });

  it('decide over steps, jobs and stages, but a runtime expression of a job not over its own job', async () => {
    const text = `
variables: {wanted: 'true'}
stages:
- stage: qa
  condition: and(succeeded(), eq(variables.wanted, 'true'))
  jobs:
  - job: literal
    variables: {own: 'x'}
    condition: eq(variables.own, 'x')
    steps:
    - checkout: none
    - bash: echo "##vso[task.setvariable variable=found]yes"
    - bash: echo one
      condition: and(succeeded(), eq(variables.found, 'yes'))
    - bash: echo two
      condition: ne(variables.found, 'yes')
  - job: computed
    variables: {own: "$[ format('x') ]"}
    condition: eq(variables.own, 'x')
    steps:
    - bash: exit 1
  - job: blank
    variables: {own: "$[ counter('of-job', 5) ]"}
    condition: eq(variables.own, '')
    steps:
    - checkout: none
    - bash: echo $(own)
`;
    const record = await play(text);
    assert.deepEqual(resultsOf(record), { qa: 'Succeeded' });
    assert.deepEqual(linesOf(jobOf(record, 'literal', 'qa')).slice(1), ['one']);
    assert.equal(jobOf(record, 'computed', 'qa').result, 'Skipped');
    assert.deepEqual(linesOf(jobOf(record, 'blank', 'qa')), ['5']);
  });

  it('of the file that cannot be worked out fail the run before anything runs', async () => {
    const service = new SmallService();
    const text = "variables: {x: '$[ nobody.y ]'}\nsteps:\n- bash: exit 0\n";
    await assert.rejects(play(text, { service }), /^Error: Unrecognized value: 'nobody'/);
    assert.deepEqual([service.completed, service.agents], [['Failed'], []]);
  });

  it('that cannot be worked out abandon their job', async () => {
    const record = await play("jobs:\n- job: one\n  variables: {x: '$[ nobody.y ]'}\n  steps:\n  - bash: exit 0\n");
    assert.equal(jobOf(record, 'one').result, 'Abandoned');
    assert.match(jobOf(record, 'one').message ?? '', /^Unrecognized value: 'nobody'/);
  });
});
