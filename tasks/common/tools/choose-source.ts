import { stat } from 'node:fs/promises';
import path from 'node:path';
import { TaskError } from '../task/errors.ts';
import type { DownloadLimits } from './download-limits.ts';
import { FolderSource } from './folder-source.ts';
import { HostSource } from './host-source.ts';
import type { SourceContext, ToolSource } from './tool-source.ts';

/**
 * The source that a mirror names: an https address, with user and password where it wants them, or a folder of this
 * agent. Without a mirror the vendor's host.
 * @throws TaskError when it is neither.
 */
export async function chooseSource(
  vendor: string,
  mirror: string | undefined,
  limits: DownloadLimits,
  context: SourceContext,
): Promise<ToolSource> {
  if (mirror === undefined) return new HostSource(new URL(vendor), limits, context);
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(mirror)) return new HostSource(mirrorAddress(mirror), limits, context);
  const folder = path.resolve(context.variable('System.DefaultWorkingDirectory') ?? '.', mirror);
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) return new FolderSource(folder);
  throw new TaskError(`Input mirror is '${mirror}', but ${folder} is no folder; give an https address or a folder.`);
}

function mirrorAddress(mirror: string): URL {
  const address = URL.canParse(mirror) ? new URL(mirror) : undefined;
  if (address?.protocol === 'https:') return address;
  const shown = address === undefined ? 'no address' : `the address of ${address.protocol}//${address.host}`;
  throw new TaskError(
    `Input mirror is ${shown}; it takes an address that begins with https://, since programs that run in your ` +
      'pipeline must not be changed on the way. For a mirror without https use a folder.',
  );
}
