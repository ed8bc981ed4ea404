import { parseArgs } from 'node:util';
import { scenarios, type ScenarioName } from './scenarios.ts';

/** How the demo is played. */
export interface DemoOptions {
  /** What happens at production's approval: somebody at the terminal decides, or one of the two without asking. */
  readonly approval: 'ask' | 'approve' | 'reject';
  /** What goes wrong; undefined: nothing. */
  readonly scenario: ScenarioName | undefined;
  readonly realClusters: boolean;
  /** Folder for the pages of the runs' summaries; undefined: they are not kept. */
  readonly pages: string | undefined;
}

/** What `--help` prints. */
export function usage(): string {
  const list = Object.entries(scenarios).map(([name, { tells }]) => `    ${name.padEnd(18)} ${tells}`);
  return [
    'The whole delivery on this machine: npm run demo -- [options]',
    '',
    '  --approve            production is approved without asking',
    '  --reject             production is rejected without asking',
    '  --scenario NAME      something goes wrong:',
    ...list,
    '  --cluster real       a real Kubernetes control plane behind each cluster (built by Go the first time, in about ten minutes)',
    "  --pages FOLDER       keeps the pages of the runs' summaries there, as Markdown",
    '  --help               this text',
  ].join('\n');
}

/** Reads the command line. @throws Error with what is wrong and what there is */
export function demoOptions(args: readonly string[]): DemoOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      approve: { type: 'boolean' },
      reject: { type: 'boolean' },
      scenario: { type: 'string' },
      cluster: { type: 'string' },
      pages: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return 'help';
  if (values.approve === true && values.reject === true)
    throw new Error('Give one of --approve and --reject, not both.');
  const { scenario, cluster = 'small', pages } = values;
  if (!['small', 'real'].includes(cluster)) throw new Error(`--cluster is '${cluster}'; it takes real or small.`);
  if (scenario !== undefined && !isScenario(scenario)) {
    throw new Error(`There is no scenario '${scenario}'; there are ${Object.keys(scenarios).join(', ')}.`);
  }
  const approval = values.approve === true ? 'approve' : values.reject === true ? 'reject' : 'ask';
  return { approval, scenario, realClusters: cluster === 'real', pages };
}

function isScenario(name: string): name is ScenarioName {
  return Object.hasOwn(scenarios, name);
}
