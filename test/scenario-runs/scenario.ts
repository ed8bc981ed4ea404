import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { TaskResult } from '../agent/index.ts';
import type { Staging } from './staging.ts';

/** What becomes of one roll-out, and what its diagnosis must find first. CONTRIBUTING.md says what its folder may hold. */
export interface Scenario extends Staging {
  /** Name of its folder; its namespace's name begins with it. */
  readonly id: string;
  /** Absolute. */
  readonly folder: string;
  /** Completes "the doctor sees …". */
  readonly title: string;
  /** The id of the first cause; null for a roll-out that succeeds without any. */
  readonly cause: string | null;
  /** Whether it counts with old helms, too, or those of line 4: where helm itself refuses, each line has words of its own. */
  readonly helms: 'newest' | 'all' | '4';
  readonly timeoutSeconds: number;
  /** Whether the cause cannot mend itself, so that helm's wait is ended before its time is up. */
  readonly endsEarly?: boolean;
  /** What is said in a kubelet's or a registry's place; absent where nothing is played. */
  readonly played?: Played;
  /** Inputs of the step, beside those that all scenarios have. */
  readonly inputs: Readonly<Record<string, string>>;
  /** What an administrator does before all: command lines of kubectl. */
  readonly prepare: readonly string[];
  /** A deployment that comes before. */
  readonly first?: First;
  /** What an administrator does between the two: command lines of kubectl. */
  readonly between: readonly string[];
  /** The ClusterRole of the identity that deploys. */
  readonly role: string;
  /** Files of its chart, of so many bytes that cannot be packed. */
  readonly files: Readonly<Record<string, number>>;
}

/** A deployment with other values. */
export interface First {
  readonly values: Readonly<Record<string, unknown>>;
  /** How it must end; Succeeded if absent. */
  readonly result?: TaskResult;
  /** Those of the scenario if absent. */
  readonly timeoutSeconds?: number;
}

/** What a stage says in somebody's place. */
export interface Played {
  readonly text: string;
  /** Where those have the text from, with the version. */
  readonly source: string;
  /** The stages of `scenario-runs/kubelet` that say it; those of the scenario's own folder if absent. */
  readonly kubelet?: string;
  /** What stands for words in capitals there, beside TEXT. */
  readonly words?: Readonly<Record<string, string>>;
}

const scenariosFolder = path.resolve(import.meta.dirname, '../scenarios');

const known: readonly (keyof Scenario)[] = [
  'title',
  'cause',
  'helms',
  'timeoutSeconds',
  'endsEarly',
  'played',
  'inputs',
  'role',
  'prepare',
  'first',
  'between',
  'files',
  'webhook',
  'record',
  'fault',
  'meanwhile',
];

/** All scenarios: each folder is one. @throws Error when a scenario.json has an entry that nobody reads, or lacks one */
export function scenarios(): Scenario[] {
  return readdirSync(scenariosFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => scenario(name));
}

function scenario(id: string): Scenario {
  const folder = path.join(scenariosFolder, id);
  const told = JSON.parse(readFileSync(path.join(folder, 'scenario.json'), 'utf8')) as Partial<Scenario>;
  const wrong = (what: string): Error => new Error(`test/scenarios/${id}/scenario.json ${what}`);
  const unknown = Object.keys(told).filter((name) => !known.some((one) => one === name));
  if (unknown.length > 0) throw wrong(`has ${unknown.join(', ')}, which nobody reads.`);
  const { title, cause, timeoutSeconds } = told;
  if (title === undefined || cause === undefined || timeoutSeconds === undefined)
    throw wrong('must have title, cause (null for a healthy one) and timeoutSeconds.');
  if (existsSync(path.join(folder, 'stages')) && told.played?.source === undefined)
    throw wrong('must name the source of what its stages say, as played: { text, source }.');
  const defaults = { helms: 'newest', inputs: {}, role: 'edit', prepare: [], between: [], files: {} } as const;
  return { ...defaults, ...told, id, folder, title, cause, timeoutSeconds };
}

/** The files below a folder of a scenario, by their paths from there, sorted; none where there is no such folder. */
export function filesBelow(folder: string): Readonly<Record<string, string>> {
  if (!existsSync(folder)) return {};
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => path.join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(files.map((file) => [path.relative(folder, file), readFileSync(file, 'utf8')]));
}
