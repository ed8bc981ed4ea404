import { downloader, type Downloader } from '../network/index.ts';
import { TaskError } from '../task/errors.ts';
import type { DevOpsContext } from './build-client.ts';
import { explainDevOpsError, refusal } from './devops-error.ts';
import { collectionUri } from './run-identity.ts';

/** More than any artifact that is meant for a handoff; it is kept in memory. */
const largestDownload = 64 * 1024 * 1024;
const attempts = 3;

/**
 * Downloads an artifact's zip from its `resource.downloadUrl`. Pipeline artifacts lie on a host of their own, which
 * redirects to blob storage by a signed link: the job's token goes to Azure DevOps alone, never along a redirect.
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
  const download = downloader(context, { answerMs: 30_000, retries: 3, pauseMs: 800 });
  for (let attempt = 1; ; attempt++) {
    try {
      return await content(await download(url, headers), what);
    } catch (error) {
      context.signal.throwIfAborted();
      if (error instanceof TaskError || attempt === attempts) throw explainDevOpsError(error, what);
    }
  }
}

/** Whether a host is Azure DevOps itself: the collection's own, or one of the service's where that is hosted. */
function belongsTo(collection: URL, url: URL): boolean {
  if (url.origin === collection.origin) return true;
  const ofService = /(^|\.)(dev\.azure\.com|visualstudio\.com)$/;
  return url.protocol === 'https:' && ofService.test(collection.hostname) && ofService.test(url.hostname);
}

type Answer = Awaited<ReturnType<Downloader>>;

async function content({ status, headers, body }: Answer, what: string): Promise<Buffer> {
  if (status !== 200 || body === undefined) throw refusal(status, what);
  if (headers.get('content-type')?.startsWith('text/html')) throw refusal(203, what, 'a sign-in page');
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
