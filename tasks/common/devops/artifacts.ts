import { type UnzipFileInfo, unzipSync } from 'fflate';
import { again, BrokenTransfer, downloader, type Downloader, Patience } from '../network/index.ts';
import { messageOf, TaskError } from '../task/outcome.ts';
import { explainDevOpsError, explainRefusal } from './errors.ts';
import { collectionUri, type DevOpsContext } from './this-run.ts';

/** What a file takes in a zip's list, in bytes (APPNOTE.TXT, 4.3.12). */
const shortestEntry = 46;

/** What packing may add to a file of a few megabytes that does not get any smaller, in bytes. */
const mostOverhead = 1024;

/** Files of an artifact: the most bytes that each may have, by its path in the artifact, with `/`. */
export type WantedFiles = ReadonlyMap<string, number>;

/**
 * Files of an artifact's zip, from its top or from its folder of the artifact's name, by their paths; those that are not
 * there are left out. Only these entries are unpacked, and only when they say to be small: what they have beyond that is cut off.
 * @throws TaskError when the zip is damaged, or a file is there twice, or too large.
 */
export function filesInZip(zip: Uint8Array, artifact: string, wanted: WantedFiles): Map<string, Buffer> {
  const entries = new Map<string, string>();
  let listed = 0;
  const isWanted = (entry: UnzipFileInfo): boolean => {
    listed += 1;
    // A list may claim four thousand million files, each of which would be looked at, and nobody hears a cancel meanwhile.
    if (listed * shortestEntry > zip.length) throw new Error('it lists more files than it can hold');
    const file = [entry.name.replaceAll('\\', '/')]
      .flatMap((name) => [name, withoutFolder(name, artifact)])
      .find((name) => name !== undefined && wanted.has(name));
    if (file === undefined) return false;
    if (entries.has(file)) throw new TaskError(`The artifact '${artifact}' has ${file} 2 times or more.`);
    entries.set(file, entry.name);
    const [size, largest] = [Math.max(entry.size - mostOverhead, entry.originalSize), wanted.get(file) ?? 0];
    if (size <= largest) return true;
    throw new TaskError(`${file} in the artifact '${artifact}' has ${size} bytes; it should have at most ${largest}.`);
  };
  const files = unpacked(zip, isWanted, artifact);
  return new Map([...entries].map(([file, name]) => [file, Buffer.from(files[name] ?? [])]));
}

/** The path in the artifact of an entry that is in the folder of the artifact's name. */
function withoutFolder(name: string, artifact: string): string | undefined {
  const [folder = '', ...rest] = name.split('/');
  return folder.toLowerCase() === artifact.toLowerCase() && rest.length > 0 ? rest.join('/') : undefined;
}

function unpacked(
  zip: Uint8Array,
  filter: (entry: UnzipFileInfo) => boolean,
  artifact: string,
): Record<string, Uint8Array> {
  try {
    return unzipSync(zip, { filter });
  } catch (error) {
    if (error instanceof TaskError) throw error;
    throw new TaskError(`The artifact '${artifact}' came as a damaged zip (${messageOf(error)}); run the step again.`);
  }
}

/** More than any artifact that is meant for a handoff; it is kept in memory. */
const largestDownload = 64 * 1024 * 1024;
const attempts = 3;
const pauseMs = 800;

/**
 * Downloads an artifact's zip from its `resource.downloadUrl`. Pipeline artifacts lie on a host of their own, which
 * redirects to blob storage by a signed link: the job's token goes to Azure DevOps alone, never along a redirect to another host.
 * @param what completes "Azure DevOps did not ...".
 * @throws TaskError when it is refused, too large, or breaks off several times.
 */
export async function downloadArtifact(address: string, what: string, context: DevOpsContext): Promise<Buffer> {
  const collection = new URL(collectionUri(context));
  const url = new URL(address, collection);
  if (url.protocol !== 'https:' && url.protocol !== collection.protocol) {
    throw new TaskError(`Azure DevOps did not ${what}: it names an address without https (${url.origin}).`);
  }
  const headers = {
    accept: 'application/zip',
    'x-tfs-fedauthredirect': 'Suppress',
    ...(belongsTo(collection, url) && { authorization: `Bearer ${context.job.accessToken()}` }),
  };
  const download = downloader(context, { answerMs: 30_000, retries: 3, pauseMs });
  const patience = new Patience();
  const attempt = async (): Promise<Buffer> => {
    const answer = await download(url, headers, patience);
    return zipIn(answer, what).catch((error: unknown) => {
      throw error instanceof TaskError ? error : new BrokenTransfer('artifact', { cause: error });
    });
  };
  return again(attempt, { attempts, pauseMs, signal: context.signal }).catch((error: unknown) => {
    context.signal.throwIfAborted();
    throw explainDevOpsError(error instanceof BrokenTransfer ? error.cause : error, what);
  });
}

/** Whether a host is Azure DevOps itself: the collection's own, or one of the service's where that is hosted. */
function belongsTo(collection: URL, url: URL): boolean {
  if (url.origin === collection.origin) return true;
  const ofService = /(^|\.)(dev\.azure\.com|visualstudio\.com)$/;
  return url.protocol === 'https:' && ofService.test(collection.hostname) && ofService.test(url.hostname);
}

type Answer = Awaited<ReturnType<Downloader>>;

async function zipIn({ status, headers, body }: Answer, what: string): Promise<Buffer> {
  if (status !== 200 || body === undefined) throw explainRefusal(status, what);
  if (headers.get('content-type')?.startsWith('text/html')) throw explainRefusal(203, what, 'a sign-in page');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > largestDownload) {
      throw new TaskError(
        `The artifact has more than ${largestDownload / 1024 / 1024} MiB; publish the handoff as an artifact of its own (input artifactName).`,
      );
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks, size);
}
