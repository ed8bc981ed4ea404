import { readdir, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import semver from 'semver';
import { metadataContent, walkArchive } from '../archive/walk.ts';
import { readMetadataFile } from '../metadata/folder.ts';
import type { LockedDependency } from '../metadata/lock.ts';
import { type ChartMetadata, metadataText, readHelmMetadata } from '../metadata/metadata.ts';
import type { Given } from '../../task/inputs.ts';
import { TaskError } from '../../task/outcome.ts';
import { folderOf } from './folders.ts';

/** A chart in the `charts` folder of another one, as helm finds it there. */
export interface VendoredChart {
  /** Name of the archive or folder in `charts`. */
  readonly entry: string;
  readonly isArchive: boolean;
  readonly name: string;
  readonly version: string;
}

/**
 * The charts in a chart's `charts` folder. What is no chart is left out: helm says what is wrong with it.
 * @param folder of the chart, without links
 */
async function vendoredCharts(folder: string, signal: AbortSignal): Promise<VendoredChart[]> {
  const charts = path.join(folder, 'charts');
  const found: VendoredChart[] = [];
  for (const entry of (await readdir(charts, { withFileTypes: true }).catch(() => [])).sort(byName)) {
    const isArchive = entry.isFile() && entry.name.endsWith('.tgz');
    // As helm does (helm/helm, pkg/chart/loader/load.go).
    if (/^[_.]/.test(entry.name) || !(isArchive || entry.isDirectory())) continue;
    const file = path.join(charts, entry.name);
    try {
      const yaml = isArchive ? await chartYamlIn(file, signal) : await readMetadataFile(file, 'Chart.yaml');
      const { name, version } = readHelmMetadata(yaml ?? '');
      found.push({ entry: entry.name, isArchive, name, version });
    } catch (error) {
      if (!(error instanceof TaskError)) throw error;
    }
  }
  return found;
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

async function chartYamlIn(archive: string, signal: AbortSignal): Promise<string | undefined> {
  let text: string | undefined;
  await walkArchive(archive, { signal, onWindowsName: () => {} }, async (file) => {
    if (file.parts.length === 2 && file.parts[1] === 'Chart.yaml')
      text = metadataText(await metadataContent(file), 'Chart.yaml');
  });
  return text;
}

/**
 * The charts in the `charts` folder of a chart's copy, without the archives that `helm dependency build` made of a folder
 * beside them: helm would package both.
 * @param source where the chart stands in the sources
 */
export async function keepFolders(
  { source, folder, chart }: { source: { folder: string }; folder: string; chart: ChartMetadata },
  signal: AbortSignal,
): Promise<VendoredChart[]> {
  const vendored = await vendoredCharts(folder, signal);
  const kept = new Set<string>();
  for (const { name, repository = '' } of chart.dependencies ?? []) {
    const unpacked = vendored.find((each) => !each.isArchive && each.name === name);
    if (unpacked === undefined || !repository.startsWith('file://')) continue;
    const [asked, found] = await Promise.all(
      [folderOf(repository, source.folder), path.join(source.folder, 'charts', unpacked.entry)].map((file) =>
        realpath(file).catch(() => undefined),
      ),
    );
    if (asked === undefined || asked === found) kept.add(name);
  }
  const isTwin = ({ isArchive, name }: VendoredChart): boolean => isArchive && kept.has(name);
  for (const { entry } of vendored.filter(isTwin)) await rm(path.join(folder, 'charts', entry));
  return vendored.filter((each) => !isTwin(each));
}

/**
 * Whether all that has a repository lies in `charts` already, each chart once and in a version that fits Chart.yaml and
 * the lock.
 * @param locked what helm goes by; undefined where there is no lock
 */
export function isComplete(
  { dependencies = [] }: Pick<ChartMetadata, 'dependencies'>,
  locked: readonly LockedDependency[] | undefined,
  vendored: readonly VendoredChart[],
): boolean {
  const asked = dependencies.filter(({ repository = '' }) => repository !== '');
  const isThere = ({ name, version = '' }: LockedDependency): boolean =>
    vendored.some((chart) => chart.name === name && fits(chart.version, version));
  const ofLock = locked?.filter(({ name }) => asked.some((dependency) => dependency.name === name));
  return (
    asked.every(isThere) &&
    (ofLock === undefined ||
      (ofLock.every(isThere) && asked.every(({ name }) => ofLock.some((dependency) => dependency.name === name)))) &&
    new Set(vendored.map(({ name }) => name)).size === vendored.length
  );
}

/**
 * Whether a version is one that a range of Chart.yaml allows. Where helm's ranges have a form that this does not know the
 * answer is no, and helm is asked.
 */
export function fits(version: string, range: string): boolean {
  if (range === '' || version === range) return true;
  // A range with a prerelease takes prereleases of all versions (Masterminds/semver).
  const includePrerelease = /\d-[0-9A-Za-z]/.test(range);
  const known = range.replaceAll('=>', '>=').replaceAll('=<', '<=').replaceAll(',', ' ');
  return semver.satisfies(version, known, { includePrerelease });
}

/**
 * @param build the input by which helm is not to fetch any
 * @throws TaskError when a dependency lies not in `charts`
 */
export function refuseMissing(
  { dependencies = [] }: Pick<ChartMetadata, 'dependencies'>,
  vendored: readonly VendoredChart[],
  build: Given<string>,
): void {
  const missing = dependencies.find(({ name }) => vendored.every((chart) => chart.name !== name));
  if (missing === undefined) return;
  throw new TaskError(
    `Chart.yaml has the dependency ${missing.name}, which does not lie in charts/, and input ${build.input} is '${build.value}': ` +
      "commit it there, or give 'auto'.",
  );
}

/**
 * Makes sure that `charts` holds each chart once: helm packages every dependency as the folder `charts/<name>`, whatever its
 * alias, so that one of two would be written over the other.
 * @param where how messages name the chart's folder
 * @throws TaskError in terms of Chart.yaml where that asks for both
 */
export function refuseTwins(
  { dependencies = [] }: Pick<ChartMetadata, 'dependencies'>,
  vendored: readonly VendoredChart[],
  where: string,
): void {
  for (const { name, entry, version } of vendored) {
    const twin = vendored.find((other) => other.name === name && other.entry !== entry);
    if (twin === undefined) continue;
    const asked = dependencies.filter((dependency) => dependency.name === name);
    const reason = `helm packages both as the folder charts/${name}, whatever their aliases, so one would overwrite the other`;
    if (asked.length < 2 || version === twin.version) {
      throw new TaskError(
        `${path.join(where, 'charts')} holds the chart ${name} twice, ${entry} and ${twin.entry}: ${reason}. Remove one.`,
      );
    }
    const aliases = asked.map(({ alias = name, version: range = 'any' }) => `${range} as ${alias}`).join(', ');
    throw new TaskError(
      `${path.join(where, 'Chart.yaml')} has the dependency ${name} in two versions, ${version} and ${twin.version} (${aliases}): ` +
        `${reason}. Give both the same version, or one of the two charts another name.`,
    );
  }
}
