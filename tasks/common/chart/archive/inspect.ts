import { leadsIntoGit } from '../../task/job-files.ts';
import { TaskError } from '../../task/outcome.ts';
import { shown } from '../../text/shown.ts';
import { checkIdentity } from '../metadata/identity.ts';
import { type ChartMetadata, metadataText, readHelmMetadata } from '../metadata/metadata.ts';
import type { FileDigest } from './gzip.ts';
import { type ArchiveLimits, metadataContent, walkArchive } from './walk.ts';
import type { TaskContext } from '../../task/context.ts';
import type { OnWindowsName } from './names.ts';

/** What is known of a chart archive (.tgz) after it was read and checked once. `digest` and `size` are the file's. */
export interface ArchiveFacts extends FileDigest {
  metadata: ChartMetadata;
  /** The modification time of Chart.yaml in the archive, so it depends on the content alone. Whole seconds. */
  createdAt: Date;
  /** Files and folders that the archive lists. */
  entries: number;
  /** Bytes of all files in it. */
  unpackedBytes: number;
  /** The first of its files that is one of git's own, which nobody should publish. */
  gitFile?: string;
}

/**
 * Checks a chart archive in one pass with little memory, however large or hostile it is.
 * @throws TaskError when it is missing, damaged, too large unpacked, or holds anything that a chart must not
 */
export async function inspectArchive(path: string, limits: Partial<ArchiveLimits> = {}): Promise<ArchiveFacts> {
  let chartYaml: { bytes: Uint8Array; mtime: number } | undefined;
  let requirements: Uint8Array | undefined;
  let gitFile: string | undefined;
  const { topFolder, ...facts } = await walkArchive(path, limits, async (file) => {
    const [, name, ...deeper] = file.parts;
    if (leadsIntoGit(file.parts)) gitFile ??= file.parts.join('/');
    if (deeper.length > 0) return;
    if (name === 'Chart.yaml') chartYaml = { bytes: await metadataContent(file), mtime: file.mtime };
    if (name === 'requirements.yaml') requirements = await metadataContent(file);
  });
  if (chartYaml === undefined) {
    throw new TaskError(
      `The chart archive ${shown(path)} holds no Chart.yaml in its top folder, so it is no Helm chart.`,
    );
  }
  const metadata = metadataOf(path, chartYaml.bytes, requirements);
  if (metadata.name !== topFolder) {
    throw new TaskError(
      `The chart archive ${shown(path)} holds the folder ${shown(topFolder)}, but the chart in it is named ${shown(metadata.name)}. Both must be the same.`,
    );
  }
  return { metadata, createdAt: timeOf(chartYaml.mtime, path), ...(gitFile !== undefined && { gitFile }), ...facts };
}

/** The metadata as Helm reads it, so that it can be published as `helm push` publishes it. */
function metadataOf(path: string, chartYaml: Uint8Array, requirements: Uint8Array | undefined): ChartMetadata {
  try {
    return checkIdentity(
      readHelmMetadata(
        metadataText(chartYaml, 'Chart.yaml'),
        requirements && metadataText(requirements, 'requirements.yaml'),
      ),
    );
  } catch (error) {
    throw error instanceof TaskError ? new TaskError(`The chart archive ${shown(path)}: ${error.message}`) : error;
  }
}

/** Up to the year 9999, the last that a time in a manifest (RFC 3339) can name. */
function timeOf(seconds: number, path: string): Date {
  if (seconds >= 0 && seconds < 253_402_300_800) return new Date(seconds * 1000);
  throw new TaskError(
    `The chart archive ${shown(path)} holds a Chart.yaml with an impossible modification time (${seconds}).`,
  );
}

/**
 * How a step reads archives: until it is cancelled, and with a warning for the first name that only Windows minds. On
 * Windows such names are refused.
 * @param place what messages name instead of the name in the archive, such as the file in the sources
 */
export function readingIn(
  { signal, log }: Pick<TaskContext, 'signal' | 'log'>,
  place: (name: string) => string = (name) => name,
): Partial<ArchiveLimits> {
  if (process.platform === 'win32') return { signal };
  let isTold = false;
  const onWindowsName: OnWindowsName = (name, reason) => {
    if (!isTold) log.warning(`The chart holds ${shown(place(name))}, which ${reason}: there it cannot be unpacked.`);
    isTold = true;
  };
  return { signal, onWindowsName };
}

/** The library under helm 4.2 reads no larger blob: `invalid descriptor size` (oras-go 2.6.1; 2.6.2 does again). */
const mostForEveryHelm = 32 * 1024 * 1024;

/** Warns of an archive that some helm cannot push or pull. @param size bytes of the archive */
export function warnOfSize(archive: string, size: number, { log }: Pick<TaskContext, 'log'>): void {
  if (size <= mostForEveryHelm) return;
  log.warning(
    `${archive} has ${(size / 1024 / 1024).toFixed(1)} MiB: helm 4.2 neither pushes nor pulls more than 32 MiB (3.17, 3.22, ` +
      '4.1 and 4.3 do). Name in .helmignore what the chart does not need, or pull it with another helm.',
  );
}
