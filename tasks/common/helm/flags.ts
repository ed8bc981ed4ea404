import semver from 'semver';
import type { Given } from '../task/inputs.ts';
import { TaskError } from '../task/outcome.ts';
import type { HelmNeeds } from './versions.ts';

/**
 * When helm takes objects for ready. `legacy` means the same on both majors: addresses of load balancers are waited for,
 * custom resources are not. `watcher` reads conditions (kstatus), `hookOnly` waits for hooks alone, as helm always does.
 */
export type WaitStrategy = 'legacy' | 'watcher' | 'hookOnly';

/** How a command waits for what it changed. */
export interface HelmWait {
  /** For each single operation: every hook, and the wait at the end. */
  readonly timeoutSeconds: number;
  readonly strategy: WaitStrategy;
  readonly forJobs: boolean;
}

/** The flags in which the versions of helm differ; undefined where a version has no such thing. */
interface HelmLine {
  /** The versions that these are the flags of. */
  readonly versions: string;
  readonly wait: Readonly<Record<WaitStrategy, readonly string[] | undefined>>;
  /** Writes fields that somebody else manages, too. */
  readonly forceConflicts: readonly string[] | undefined;
  /** Keeps `helm test` from printing the chart's notes. */
  readonly hideTestNotes: readonly string[];
}

/**
 * Why these versions (helm/helm, tags and issues): 4.0 ignores --force-conflicts on a first install, and its watcher lists
 * objects of the whole cluster; up to 4.1.0 an object that failed is waited for until the time is up; 4.1.4 is the oldest
 * that was tried; 4.2.1 does not wait for deletions (issue 32214).
 */
const lines: readonly HelmLine[] = [
  {
    versions: '>=3.17.0 <4.0.0-0',
    wait: { legacy: ['--wait'], watcher: undefined, hookOnly: [] },
    forceConflicts: undefined,
    hideTestNotes: ['--hide-notes'],
  },
  {
    versions: '>=4.1.4 <4.2.1-0 || >4.2.1',
    wait: { legacy: ['--wait=legacy'], watcher: ['--wait=watcher'], hookOnly: ['--wait=hookOnly'] },
    // Without the first, a release that Helm 3 made is written by the client, where helm refuses the second.
    forceConflicts: ['--server-side=true', '--force-conflicts'],
    hideTestNotes: [],
  },
];

/** What installing and changing releases takes. */
export const toRelease: HelmNeeds = {
  range: lines.map(({ versions }) => versions).join(' || '),
  told: '3.17.0 or later of Helm 3, or 4.1.4 or later without 4.2.1, which does not wait for deletions (such as 4.2.2)',
};

/** @throws Error for a version that a step never runs releases with. */
function lineOf(version: string): HelmLine {
  const line = lines.find(({ versions }) => semver.satisfies(version, versions, { includePrerelease: true }));
  if (line === undefined) throw new Error(`There are no flags for helm ${version}.`);
  return line;
}

/**
 * Whether a version of helm can do what the step's inputs ask for.
 * @returns what it does otherwise than asked, in words to warn with.
 * @throws TaskError for what it cannot do.
 */
export function checkWishes(
  version: string,
  wishes: { readonly strategy: Given<WaitStrategy>; readonly forceConflicts: Given<boolean> },
): string[] {
  const { wait, forceConflicts } = lineOf(version);
  const { strategy, forceConflicts: force } = wishes;
  if (wait[strategy.value] === undefined) {
    throw new TaskError(
      `Input ${strategy.input} is ${strategy.value}, which helm ${version} does not know: it takes helm 4.1.4 or later. Use ` +
        'another helm on this agent, or legacy.',
    );
  }
  if (!force.value || forceConflicts !== undefined) return [];
  return [
    `Input ${force.input} is true, which means nothing to helm ${version}: Helm 3 has no server-side apply, and always writes ` +
      'over what others changed.',
  ];
}

export interface UpgradeRequest {
  readonly release: string;
  /** Path of an archive or a folder. */
  readonly chart: string;
  /** Path of the one file with all values. */
  readonly valuesFile: string;
  readonly wait: HelmWait;
  /** How many revisions are kept; 0 for all. */
  readonly historyMax: number;
  /** `name=value` pairs; `name=null` takes a label of the last revision away. */
  readonly labels: readonly string[];
  readonly skipCrds: boolean;
  readonly forceConflicts: boolean;
  readonly takeOwnership: boolean;
}

export interface RollbackRequest extends Pick<UpgradeRequest, 'release' | 'wait' | 'historyMax' | 'forceConflicts'> {
  readonly revision: number;
  readonly noHooks: boolean;
}

export interface UninstallRequest extends Pick<UpgradeRequest, 'release'> {
  readonly timeoutSeconds: number;
  readonly noHooks: boolean;
}

export interface TestRequest extends Pick<UpgradeRequest, 'release'> {
  readonly timeoutSeconds: number;
}

const timeout = (seconds: number): string => `--timeout=${seconds}s`;
const when = (wanted: boolean, flags: readonly string[] | undefined): readonly string[] => (wanted && flags) || [];

function waitFlags({ wait }: HelmLine, { timeoutSeconds, strategy, forJobs }: HelmWait): string[] {
  return [
    timeout(timeoutSeconds),
    ...(wait[strategy] ?? []),
    ...when(forJobs && strategy !== 'hookOnly', ['--wait-for-jobs']),
  ];
}

/**
 * The command that installs or upgrades a release. Values always start anew: without --reset-values helm takes those of the
 * last revision where none are given, also of one that failed. It never undoes its work by itself (--atomic): what failed
 * must be seen first. The notes of a chart may show secrets, so they stay in the release (`helm get notes`).
 */
export function upgradeCommand(version: string, request: UpgradeRequest): string[] {
  const line = lineOf(version);
  const { release, chart, valuesFile, wait, historyMax, labels } = request;
  return [
    'upgrade',
    release,
    chart,
    '--install',
    '--reset-values',
    '--hide-notes',
    `--values=${inList(valuesFile)}`,
    ...waitFlags(line, wait),
    `--history-max=${historyMax}`,
    ...when(labels.length > 0, [`--labels=${labels.join(',')}`]),
    ...when(request.skipCrds, ['--skip-crds']),
    ...when(request.forceConflicts, line.forceConflicts),
    ...when(request.takeOwnership, ['--take-ownership']),
  ];
}

export function rollbackCommand(version: string, request: RollbackRequest): string[] {
  const line = lineOf(version);
  return [
    'rollback',
    request.release,
    String(request.revision),
    ...waitFlags(line, request.wait),
    `--history-max=${request.historyMax}`,
    ...when(request.forceConflicts, line.forceConflicts),
    ...when(request.noHooks, ['--no-hooks']),
  ];
}

/** It waits until all is gone: what is still there would be in the way of the next install. */
export function uninstallCommand(version: string, { release, timeoutSeconds, noHooks }: UninstallRequest): string[] {
  const wait = waitFlags(lineOf(version), { timeoutSeconds, strategy: 'legacy', forJobs: false });
  return ['uninstall', release, ...wait, ...when(noHooks, ['--no-hooks'])];
}

export function testCommand(version: string, { release, timeoutSeconds }: TestRequest): string[] {
  return ['test', release, timeout(timeoutSeconds), ...lineOf(version).hideTestNotes];
}

/** Helm reads some flags as a line of CSV. */
function inList(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
