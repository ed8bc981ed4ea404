import { openRegularFile, readFully } from '../../task/job-files.ts';
import { TaskError } from '../../task/outcome.ts';
import { descriptorOf, type Descriptor } from '../client/content.ts';
import type { FoundManifest, Repository } from '../client/repository.ts';
import type { Blob } from '../client/upload.ts';
import type { ChartRegistry } from '../connection.ts';
import { chartReference, digestReference, tagOfVersion } from '../reference.ts';
import { chartConfig, chartManifest } from './manifest.ts';
import { type Comparison, likeness, type OwnArchive } from './same-chart.ts';

/** A chart archive that was inspected and is to be pushed. */
export interface PushedArchive extends OwnArchive {
  /** Repository that it goes to, such as `helm/app`. */
  readonly repository: string;
}

interface PushRules {
  readonly ifExists: 'fail' | 'skipIfIdentical' | 'overwrite';
  readonly extraAnnotations: Readonly<Record<string, string>>;
  /** How skipIfIdentical finds that another archive is the same chart. */
  readonly comparison: Comparison;
}

export interface PushReceipt {
  readonly chartRef: string;
  readonly chartVersion: string;
  readonly chartDigest: string;
  readonly chartDigestRef: string;
  readonly pushResult: 'pushed' | 'unchanged' | 'overwritten';
  /** The digest that the tag pointed to before, when it was overwritten. */
  readonly replaced: string | undefined;
  /** The same chart is there, but its archive was packed by another program or at another time. */
  readonly isRepacked: boolean;
}

/** What goes up for a chart: its blobs, and the manifest that names them. */
interface Content {
  readonly layer: Descriptor;
  readonly blobs: readonly Blob[];
  readonly manifest: Buffer;
  readonly digest: string;
}

/**
 * Pushes one chart. The tag is written last, so an interrupted push leaves nothing visible and can be repeated.
 * @throws TaskError when the version exists and the rules forbid to touch it, and for every refusal of the registry.
 */
export async function pushChart(
  registry: ChartRegistry,
  archive: PushedArchive,
  rules: PushRules,
): Promise<PushReceipt> {
  const repository = registry.repository(archive.repository);
  const content = contentOf(archive, rules);
  const { version } = archive.facts.metadata;
  const tag = tagOfVersion(version);
  const reference = chartReference(registry.loginServer, archive.repository, version);
  const receipt = receiptsOf(registry.loginServer, archive, reference);
  const comparison = rules.ifExists === 'skipIfIdentical' ? rules.comparison : undefined;
  /** The manifest behind the tag, if it may be replaced; a receipt if it holds this chart already. */
  const look = async (): Promise<FoundManifest | PushReceipt | undefined> => {
    const existing = await repository.find(tag, 'push');
    if (existing === undefined) return undefined;
    const isEqual = existing.digest === content.digest;
    const found = isEqual ? {} : await likeness(repository, existing, archive, reference, comparison);
    const { difference, isRepacked = false } = found;
    if (difference === undefined && rules.ifExists !== 'fail')
      return receipt(existing.digest, 'unchanged', { isRepacked });
    if (rules.ifExists !== 'overwrite') throw exists(reference, existing.digest, content.digest, difference);
    return existing;
  };
  // Side by side: whether the registry has the archive already is seldom needed, but costs no time.
  const [before, missing] = await Promise.all([look(), missingIn(repository, content)]);
  if (before !== undefined && 'pushResult' in before) return before;
  await Promise.all(missing.map((blob) => repository.upload(blob)));
  // Another job may have pushed this version meanwhile, and registries know no write that depends on what is there.
  const replaced = await look();
  if (replaced !== undefined && 'pushResult' in replaced) return replaced;
  const digest = await repository.putManifest(content.manifest, tag);
  return replaced === undefined
    ? receipt(digest, 'pushed')
    : receipt(digest, 'overwritten', { replaced: replaced.digest });
}

/** Writes the receipts of one chart. */
function receiptsOf(loginServer: string, { repository, facts }: PushedArchive, reference: string) {
  return (
    digest: string,
    pushResult: PushReceipt['pushResult'],
    { replaced, isRepacked = false }: { replaced?: string; isRepacked?: boolean } = {},
  ): PushReceipt => ({
    chartRef: reference,
    chartVersion: facts.metadata.version,
    chartDigest: digest,
    chartDigestRef: digestReference(loginServer, repository, digest),
    pushResult,
    replaced,
    isRepacked,
  });
}

function contentOf({ file, facts, provenance }: PushedArchive, rules: PushRules): Content {
  const { metadata, digest, size, createdAt } = facts;
  const config = chartConfig(metadata);
  const layer = { digest, size };
  const manifest = chartManifest({
    metadata,
    config: descriptorOf(config),
    layer,
    ...(provenance && { provenance: descriptorOf(provenance) }),
    created: createdAt,
    extraAnnotations: rules.extraAnnotations,
  });
  const archive = { ...layer, read: readerOf(file) };
  const blobs = [archive, blobOf(config), ...(provenance ? [blobOf(provenance)] : [])];
  return { layer, blobs, manifest, digest: descriptorOf(manifest).digest };
}

function blobOf(bytes: Buffer): Blob {
  return { ...descriptorOf(bytes), read: async (start, end) => bytes.subarray(start, end) };
}

/** Reads parts of a file, one after the other into the same memory; less where the file has become shorter. */
function readerOf(file: string): Blob['read'] {
  let memory = Buffer.alloc(0);
  return async (start, end) => {
    if (memory.length < end - start) memory = Buffer.alloc(end - start);
    const handle = await openRegularFile(file);
    if (handle === undefined) throw new TaskError(`${file} is gone; it was there before. Run the step again.`);
    try {
      return await readFully(handle, start, memory.subarray(0, end - start));
    } finally {
      await handle.close();
    }
  };
}

/** What must go up. Only the archive is asked for: the others are small, and every question takes a connection. */
async function missingIn(repository: Repository, { layer, blobs }: Content): Promise<readonly Blob[]> {
  return (await repository.has(layer)) ? blobs.filter(({ digest }) => digest !== layer.digest) : blobs;
}

/** Where a chart gets its version. */
const versionPlaces = 'in Chart.yaml, or by input chartVersion or buildMetadata of HelmChartSave';

function exists(reference: string, theirs: string, ours: string, difference: string | undefined): TaskError {
  if (difference === undefined) {
    return new TaskError(
      `${reference} exists already with the same chart (${theirs}); ifExists is 'fail', so give it another version (${versionPlaces}), or use skipIfIdentical.`,
    );
  }
  return new TaskError(
    `${reference} exists already ${difference}: the registry has ${theirs}, this chart would be ${ours}. ` +
      `Give the chart another version (${versionPlaces}), or set ifExists to 'overwrite' to move the tag.`,
  );
}
