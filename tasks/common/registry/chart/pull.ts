import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { inspectArchive, type ArchiveFacts } from '../../chart/archive/inspect.ts';
import type { ArchiveLimits } from '../../chart/archive/walk.ts';
import { TaskError } from '../../task/outcome.ts';
import type { FoundManifest, Repository } from '../client/repository.ts';
import type { ChartRegistry } from '../connection.ts';
import { chartReference, digestReference, tagOfVersion } from '../reference.ts';
import { readChartManifest } from './read-manifest.ts';

/** What is to be pulled: a version, a digest, or both, which must then agree. */
interface WantedChart {
  readonly repository: string;
  readonly version: string | undefined;
  readonly digest: string | undefined;
  /** Bytes. */
  readonly maxUnpacked: number;
  /** What sets that limit, as words that follow `more than`. */
  readonly limit: string;
}

export interface PulledChart {
  /** Path of the archive. */
  readonly file: string;
  /** Digest of the manifest. */
  readonly digest: string;
  readonly facts: ArchiveFacts;
}

/**
 * Pulls a chart into a folder. The archive appears there only after digest, name and version proved right.
 * @param reading how its archive is read
 * @throws TaskError when the registry has no such chart, or it is not what was asked for.
 */
export async function pullChart(
  registry: ChartRegistry,
  wanted: WantedChart,
  folder: string,
  reading: Partial<ArchiveLimits>,
): Promise<PulledChart> {
  const repository = registry.repository(wanted.repository);
  const { manifest, reference } = await findChart(registry, repository, wanted);
  const { layer } = readChartManifest(manifest.bytes, reference);
  if (layer.size > wanted.maxUnpacked) {
    throw new TaskError(`${reference} is an archive of ${layer.size} bytes, more than ${wanted.limit}.`);
  }
  await mkdir(folder, { recursive: true }).catch(refusedBy(folder));
  // Beside its final place, so that moving it there is one step even across volumes.
  const partial = await mkdtemp(path.join(folder, '.pull-')).catch(refusedBy(folder));
  try {
    const download = path.join(partial, 'chart.tgz');
    await repository.download(layer, download);
    const facts = await inspectArchive(download, { ...reading, maxUnpackedBytes: wanted.maxUnpacked });
    checkIdentity(facts, wanted, reference);
    const file = path.join(folder, `${facts.metadata.name}-${facts.metadata.version}.tgz`);
    await rename(download, file).catch(refusedBy(file));
    return { file, digest: manifest.digest, facts };
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

function refusedBy(place: string): (error: Error) => never {
  return (error) => {
    throw new TaskError(`The chart cannot be put to ${place} (${error.message}); give another folder as destination.`);
  };
}

interface FoundChart {
  readonly manifest: FoundManifest;
  readonly reference: string;
}

async function findChart(registry: ChartRegistry, repository: Repository, wanted: WantedChart): Promise<FoundChart> {
  const { loginServer } = registry;
  const byVersion =
    wanted.version === undefined
      ? undefined
      : await found(
          repository,
          tagOfVersion(wanted.version),
          chartReference(loginServer, wanted.repository, wanted.version),
        );
  if (wanted.digest === undefined) {
    if (byVersion === undefined)
      throw new TaskError(
        `Nothing says which version of ${wanted.repository}: one is never pulled without version and digest.`,
      );
    return byVersion;
  }
  if (byVersion === undefined) {
    return found(repository, wanted.digest, digestReference(loginServer, wanted.repository, wanted.digest));
  }
  if (byVersion.manifest.digest !== wanted.digest) {
    throw new TaskError(
      `${byVersion.reference} points to ${byVersion.manifest.digest}, not to ${wanted.digest} as asked: ` +
        'the tag was moved after the digest was taken. Find out who pushed over it, or pull by digest alone.',
    );
  }
  return byVersion;
}

async function found(repository: Repository, tagOrDigest: string, reference: string): Promise<FoundChart> {
  const manifest = await repository.find(tagOrDigest, 'pull');
  if (manifest !== undefined) return { manifest, reference };
  const leading = /:v\d[^/]*$/.test(reference) ? ' Most charts have no "v" before their version.' : '';
  throw new TaskError(
    `${reference} does not exist: check repository, version and digest, and that the push succeeded.${leading}`,
  );
}

function checkIdentity(facts: ArchiveFacts, wanted: WantedChart, reference: string): void {
  const { name, version } = facts.metadata;
  const expected = wanted.repository.split('/').at(-1);
  if (name !== expected) {
    throw new TaskError(
      `${reference} holds the chart '${name}', not '${expected}' as its repository says; it was pushed to the wrong place or tampered with.`,
    );
  }
  if (wanted.version !== undefined && version !== wanted.version) {
    throw new TaskError(
      `${reference} holds version ${version} of the chart, not ${wanted.version} as asked; its tag was set by hand or tampered with.`,
    );
  }
}
