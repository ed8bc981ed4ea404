import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { archiveContent } from '../../chart/archive/content.ts';
import type { ArchiveFacts } from '../../chart/archive/inspect.ts';
import { TaskError } from '../../task/outcome.ts';
import type { Descriptor } from '../client/content.ts';
import type { FoundManifest, Repository } from '../client/repository.ts';
import { readChartManifest } from './read-manifest.ts';

/** A chart archive of ours. */
export interface OwnArchive {
  /** Path of the .tgz. */
  readonly file: string;
  readonly facts: ArchiveFacts;
  /** The provenance file beside it (`.tgz.prov`), if there is one. */
  readonly provenance: Buffer | undefined;
}

/** How archives are compared whose bytes differ. */
export interface Comparison {
  /** A private folder, for the archive out of the registry. */
  readonly folder: () => string;
  /** A larger archive is not looked into. */
  readonly maxUnpackedBytes: number;
  readonly signal: AbortSignal;
}

/** How the chart in a registry relates to ours. */
export interface Likeness {
  /** What is different, such as `with other content`; undefined when it is the same chart. */
  readonly difference?: string;
  /** The same files, but packed by another program or at another time. */
  readonly isRepacked?: boolean;
}

/**
 * Compares our chart with the one in the registry. The archive counts, not the manifest, which also tells when and from
 * which commit it was pushed. Nor does a new signature of the same chart count, but one that the registry lacks does.
 * @param comparison where archives with other bytes are unpacked, since the files may be the same; without it they differ
 * @throws TaskError when the manifest is not that of a chart, or our archive has changed since it was read
 */
export async function likeness(
  repository: Repository,
  existing: FoundManifest,
  archive: OwnArchive,
  reference: string,
  comparison: Comparison | undefined,
): Promise<Likeness> {
  const theirs = readChartManifest(existing.bytes, reference);
  const isRepacked = theirs.layer.digest !== archive.facts.digest;
  const difference = isRepacked ? await contentDifference(repository, theirs.layer, archive, comparison) : undefined;
  if (difference !== undefined) return { difference };
  if (archive.provenance !== undefined && theirs.provenance === undefined)
    return { difference: 'without the provenance file' };
  return { isRepacked };
}

async function contentDifference(
  repository: Repository,
  layer: Descriptor,
  { file, facts }: OwnArchive,
  comparison: Comparison | undefined,
): Promise<string | undefined> {
  if (comparison === undefined) return 'with another archive';
  const { maxUnpackedBytes, signal } = comparison;
  if (layer.size > maxUnpackedBytes) return 'with a larger archive than input maxUnpackedMB lets in';
  const ours = await archiveContent(file, { maxUnpackedBytes, signal });
  if (ours.digest !== facts.digest) throw new TaskError(`${file} changed while it was pushed; run the step again.`);
  const folder = await mkdtemp(path.join(comparison.folder(), 'existing-'));
  try {
    const existing = path.join(folder, 'chart.tgz');
    await repository.download(layer, existing);
    const theirs = await archiveContent(existing, { maxUnpackedBytes, signal });
    return theirs.content === ours.content ? undefined : 'with other content';
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TaskError)) throw error;
    return `with an archive that cannot be compared (${error.message.replace(/\.$/, '')})`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
