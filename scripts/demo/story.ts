import { demoOptions, type DemoOptions } from './options.ts';
import { answerApprovals } from './approval.ts';
import { keepPages } from './pages.ts';
import { Rehearsal, type Delivered } from './rehearsal.ts';
import { whatRuns } from './running.ts';
import { scenarios, type Scenario } from './scenarios.ts';
import { told } from './telling.ts';
import { chapter, columns, detail, keepTelling } from './timeline.ts';
import { realProgram } from '../../test/real/index.ts';
import type { WorldOptions } from '../../test/delivery/index.ts';

// The delivery on this machine: the shipped examples unchanged, the built tasks, real helm, and Azure on loopback.

// Leaving in the ordinary way ends the steps that are under way.
process.once('SIGTERM', () => process.exit(1));

const options = demoOptions(process.argv.slice(2));
if (options !== 'help') await rehearse(options);

async function rehearse(given: DemoOptions): Promise<void> {
  console.log(
    'Helm Delivery for AKS. Azure is played on loopback; the tasks, helm, kubectl and kubelogin are real and do not know.',
  );
  keepTelling();
  const scenario = given.scenario === undefined ? undefined : scenarios[given.scenario];
  const rehearsal = await Rehearsal.start();
  try {
    await play(rehearsal, scenario, given);
  } finally {
    await rehearsal.close();
  }
}

async function play(rehearsal: Rehearsal, scenario: Scenario | undefined, given: DemoOptions): Promise<void> {
  const isSecond = scenario?.isSecond === true;
  if (!isSecond) scenario?.prepare?.(rehearsal);
  chapter('A small Go service with the shipped pipelines, and what they name in Azure and Azure DevOps');
  const world = await rehearsal.makeWorld(await worldOptions(given, rehearsal));
  for (const line of world.made) detail('made', line);
  chapter('environments.yml makes the environments, with their approvals and checks');
  const { result } = await rehearsal.makeEnvironments(told);
  if (result !== 'Succeeded') throw new Error(`The environments were not made: the run ended as ${result}.`);
  let how: DemoOptions['approval'] = isSecond ? 'approve' : approvalOf(scenario, given);
  answerApprovals(rehearsal.azure.organization, () => how);
  const deliveries: Delivered[] = [];
  if (isSecond) {
    chapter('A first commit, which goes well: CI, qa, production');
    deliveries.push(await rehearsal.deliver('Begin', told));
    expect(deliveries[0], { qa: 'Succeeded', production: 'Succeeded' });
    scenario?.prepare?.(rehearsal);
    how = approvalOf(scenario, given);
  }
  chapter(isSecond ? 'A second commit' : 'A commit on main triggers ci.yml, and its end triggers cd.yml');
  const delivered = await rehearsal.deliver(isSecond ? 'Change the settings' : 'Begin', told, () =>
    scenario?.between?.(rehearsal),
  );
  deliveries.push(delivered);
  expect(delivered, endsOf(scenario, rehearsal));
  await end(rehearsal, deliveries, scenario, given);
}

/** What is asked for; a scenario that is about something else is approved, unless somebody says no. */
function approvalOf(scenario: Scenario | undefined, { approval }: DemoOptions): DemoOptions['approval'] {
  return scenario !== undefined && approval === 'ask' ? 'approve' : approval;
}

function endsOf(scenario: Scenario | undefined, { azure }: Rehearsal): Scenario['ends'] {
  const rejected = azure.organization.approvals.all.at(-1)?.status === 'rejected';
  const ends = scenario?.ends ?? { qa: 'Succeeded', production: 'Succeeded' };
  return rejected ? { ...ends, production: 'Failed' } : ends;
}

/** @throws Error when a stage ended otherwise: then the demo shows nothing that holds */
function expect(delivered: Delivered | undefined, ends: Scenario['ends']): void {
  for (const [name, result] of Object.entries(ends)) {
    const stage = delivered?.cd.stages.find((each) => each.name === name);
    if (stage?.result !== result) throw new Error(`Stage ${name} ended as ${stage?.result}, not ${result}.`);
  }
}

/** What the machine has. Without a program that cannot be had, the demo goes on with less, and says with what. */
async function worldOptions({ realClusters }: DemoOptions, { repository }: Rehearsal): Promise<WorldOptions> {
  const entra = await isThere(
    'kubelogin',
    'the clusters of this demo let their own administrator in, which takes none',
  );
  const policies = await isThere('gator', 'ci.yml goes without its policySteps');
  if (!policies) repository.change('ci.yml', /^ *# What the cluster's policies[\s\S]*/m, '');
  const optional = [entra ? ('kubelogin' as const) : [], policies ? ('gator' as const) : []].flat();
  return { programs: ['kubectl', 'helm-4.2', ...optional], realClusters, entra };
}

async function isThere(program: 'kubelogin' | 'gator', otherwise: string): Promise<boolean> {
  try {
    await realProgram(program);
    return true;
  } catch (error) {
    detail(`no ${program}`, error instanceof Error ? error.message : String(error));
    detail('so', otherwise);
    return false;
  }
}

async function end(
  rehearsal: Rehearsal,
  deliveries: readonly Delivered[],
  scenario: Scenario | undefined,
  { pages }: DemoOptions,
): Promise<void> {
  chapter('What runs where');
  const rows = await whatRuns(rehearsal, deliveries);
  if (rows.length === 0) detail('', 'nothing: no release was made');
  else columns('', rows);
  const rejected = rehearsal.azure.organization.approvals.all.at(-1)?.status === 'rejected';
  if (rejected) detail('so', 'production was rejected, and is what it was before');
  if (scenario !== undefined) detail('shown', scenario.shows);
  for (const file of pages === undefined ? [] : keepPages(pages, deliveries)) detail('page', file);
  if (pages === undefined) detail('pages', "of the runs' summaries: again with --pages FOLDER");
  detail('read next', 'README.md, templates/examples/, docs/templates/README.md; --help has scenarios');
  chapter('Done.');
}
