import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { TaskContext } from '../task/context.ts';
import { TaskError } from '../task/outcome.ts';
import { addToCache, type CacheKey, findInCache } from './cache.ts';
import { type Asset, platformOf, toolDefinitions, type ToolName } from './definitions.ts';
import { downloadLimits, type DownloadLimits, type Fetch, fetchFile } from './download.ts';
import { pinnedReleases, type PinnedReleases, publishedChecksum, resolveVersion } from './releases.ts';
import { chooseSource, type SourceContext } from './sources.ts';
import { unpackExecutable } from './unpack.ts';

export type InstallContext = SourceContext & Pick<TaskContext, 'privateFolder'>;

export interface InstallOptions {
  /** Version, range or `latest`; the pinned version without it. */
  readonly version: string | undefined;
  /** Address or folder to take the tool from, instead of the vendor. */
  readonly mirror: string | undefined;
  readonly limits?: DownloadLimits;
  readonly pinned?: PinnedReleases;
}

/** A tool that can be run. */
export interface ReadyTool {
  /** Its executable. */
  readonly path: string;
  readonly version: string;
}

/**
 * Installs a tool into the agent's tool cache, unless it is there: downloaded from the vendor or a mirror, checked
 * against its SHA-256, and nothing of it kept when anything goes wrong.
 * @throws TaskError with what went wrong and what to do.
 */
export async function installTool(
  name: ToolName,
  options: InstallOptions,
  context: InstallContext,
): Promise<ReadyTool> {
  const { limits = downloadLimits, pinned: { [name]: pinned } = pinnedReleases } = options;
  const definition = toolDefinitions[name];
  const platform = platformOf(context);
  const source = await chooseSource(definition.vendor, options.mirror, limits, context);
  const from = { source, limits, signal: context.signal };
  const version = await resolveVersion(definition, options.version, pinned.version, from);
  const asset = definition.asset(version, platform);
  const executable = path.posix.basename(asset.entry);
  const key = { tool: name, version, cpu: platform.cpu, executable };
  const cached = findInCache(key);
  if (cached !== undefined) return { path: cached, version };

  context.log.info(`Downloading ${name} ${version} from ${source.name}.`);
  const pin = version === pinned.version ? pinned.sha256[`${platform.os}-${platform.cpu}`] : undefined;
  const checksum = pin ?? (await publishedChecksum(asset, from));
  const installed = await downloadInto(key, asset, checksum, from, context);
  context.log.info(
    `Its SHA-256 is ${checksum}, as ${pin === undefined ? `${source.name} publishes` : 'pinned in this task'}.`,
  );
  return { path: installed, version };
}

async function downloadInto(
  key: CacheKey,
  asset: Asset,
  checksum: string,
  from: Omit<Fetch, 'path'>,
  context: InstallContext,
): Promise<string> {
  const folder = context.privateFolder();
  const file = path.join(folder, `${key.tool}.download`);
  const executable = path.join(folder, `${key.tool}.unpacked`);
  try {
    const actual = await fetchFile({ ...from, path: asset.path }, file);
    const { source } = from;
    if (actual === undefined) {
      throw new TaskError(
        `${source.name} has no ${key.tool} ${key.version} for this platform (${asset.path}): check the version and, with ` +
          "a mirror, that it keeps the vendor's paths.",
      );
    }
    if (actual !== checksum) {
      throw new TaskError(
        `${asset.path} from ${source.name} has the SHA-256 ${actual}, but it must have ${checksum}: it was changed or ` +
          'damaged on its way, or the mirror keeps another file. Nothing of it was installed.',
      );
    }
    await unpackExecutable(file, asset, executable, from.limits.maxExecutableBytes);
    return await addToCache(executable, key, context);
  } finally {
    await Promise.all([file, executable].map((each) => rm(each, { force: true })));
  }
}
