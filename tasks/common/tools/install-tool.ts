import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { TaskContext } from '../task/context.ts';
import type { Given } from '../task/inputs.ts';
import { TaskError } from '../task/outcome.ts';
import { addToCache, type CachedTool, findInCache } from './cache.ts';
import { toolDefinitions, type ToolName } from './definitions.ts';
import { downloadLimits, type DownloadLimits, type Fetch, fetchFile } from './download.ts';
import { checkSystem, platformOf } from './platform.ts';
import { pinnedReleases, type PinnedReleases, publishedChecksum } from './releases.ts';
import { chooseSource, type SourceContext } from './sources.ts';
import { resolveVersion } from './wanted-version.ts';

export type InstallContext = SourceContext & Pick<TaskContext, 'privateFolder'>;

export interface InstallOptions {
  /** Version, range or `latest`; the pinned version without it. */
  readonly version: string | undefined;
  /** Address or folder to take the tool from, instead of the vendor; undefined for a task without an input for it. */
  readonly mirror: Given<string | undefined> | undefined;
  /** The version as the author of the step wrote it, where that is another text. */
  readonly said?: string;
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
 * against its SHA-256, and nothing of it kept when anything goes wrong. What is in the cache is checked against the same
 * SHA-256 each time.
 * @throws TaskError with what went wrong and what to do.
 */
export async function installTool(
  name: ToolName,
  options: InstallOptions,
  context: InstallContext,
): Promise<ReadyTool> {
  const { limits = downloadLimits, pinned: { [name]: pinned } = pinnedReleases } = options;
  const { maxExecutableBytes } = limits;
  const definition = toolDefinitions[name];
  const platform = platformOf(context);
  checkSystem(definition, platform);
  const source = await chooseSource(definition.vendor, options.mirror, limits, context);
  const from = { source, limits, signal: context.signal };
  const version = await resolveVersion(definition, options.version, pinned.version, from, options.said);
  const asset = definition.asset(version, platform);
  // A checksum that an earlier job was told is not taken: it may have asked another source.
  const pin = version === pinned.version ? pinned.sha256[`${platform.os}-${platform.cpu}`] : undefined;
  const checksum = pin ?? (await publishedChecksum(asset, from));
  const tool = { tool: name, version, cpu: platform.cpu, asset, checksum, maxExecutableBytes };
  const cached = await findInCache(tool, context);
  context.log.info(
    cached === undefined
      ? `Downloading ${name} ${version} from ${source.name}.`
      : `${name} ${version} is in the tool cache.`,
  );
  const installed = cached ?? (await downloadIntoCache(tool, from, context));
  context.log.info(
    `Its SHA-256 is ${checksum}, as ${pin === undefined ? `${source.name} publishes` : 'pinned in this task'}.`,
  );
  return { path: installed, version };
}

async function downloadIntoCache(
  tool: CachedTool,
  from: Omit<Fetch, 'path'>,
  context: InstallContext,
): Promise<string> {
  const { source } = from;
  const { asset, checksum } = tool;
  const file = path.join(context.privateFolder(), `${tool.tool}.download`);
  try {
    const actual = await fetchFile({ ...from, path: asset.path }, file);
    if (actual === undefined) {
      throw new TaskError(
        `${source.name} has no ${tool.tool} ${tool.version} for this platform (${asset.path}): check the version` +
          `${source.isMirror ? " and that the mirror keeps the vendor's paths" : ''}.`,
      );
    }
    if (actual !== checksum) {
      throw new TaskError(
        `${asset.path} from ${source.name} has the SHA-256 ${actual}, but it must have ${checksum}: it was changed or ` +
          `damaged on its way${source.isMirror ? ', or the mirror keeps another file' : ''}. Nothing of it was installed.`,
      );
    }
    return await addToCache(file, tool, context);
  } finally {
    await rm(file, { force: true });
  }
}
