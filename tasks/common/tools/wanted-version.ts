import semver from 'semver';
import { TaskError } from '../task/outcome.ts';
import { shortened } from '../text/shown.ts';
import type { ToolDefinition } from './definitions.ts';
import { type Fetch, fetchText } from './download.ts';

/**
 * The version that is meant by a version (`4.1.4`, `v4.1.4`), a range (`4.x`, `>=3.17 <4`), `latest`, or nothing, which
 * means the pinned one. A range means the pinned version if that fits, else the newest, else the newest of the range's
 * lowest line; vendors publish no list of versions but through the rate-limited GitHub API. What the agent has in its
 * cache plays no part, so that all agents get the same.
 * @param said the range as the author of the step wrote it
 * @throws TaskError when it is none of these or no known version fits.
 */
export async function resolveVersion(
  { name, latest, latestPattern, latestOfLine }: ToolDefinition,
  wanted: string | undefined,
  pinned: string,
  from: Omit<Fetch, 'path'>,
  said = wanted,
): Promise<string> {
  if (wanted === undefined) return pinned;
  if (wanted === 'latest') return requiredVersion(latest, latestPattern, from);
  const exact = semver.parse(wanted);
  if (exact !== null) return exact.version;
  const range = semver.validRange(wanted);
  if (range === null) {
    throw new TaskError(
      `'${wanted}' is no version of ${name}; give a version such as ${pinned}, a range such as ${semver.major(pinned)}.x, or latest.`,
    );
  }
  if (semver.satisfies(pinned, range)) return pinned;
  const lowest = semver.minVersion(range);
  const line = lowest === null || lowest.major === 0 ? undefined : latestOfLine?.(lowest);
  const known = [pinned];
  for (const path of [latest, line]) {
    const version = path === undefined ? undefined : await versionIn(path, latestPattern, from);
    if (version === undefined) continue;
    if (semver.satisfies(version, range)) return version;
    known.push(version);
  }
  throw new TaskError(
    `No version of ${name} is known that fits ${said}: ${from.source.name} names its newest versions only ` +
      `(${[...new Set(known)].join(', ')}). Give one exact version, such as ${lowest?.version ?? pinned}.`,
  );
}

async function requiredVersion(path: string, pattern: RegExp | undefined, from: Omit<Fetch, 'path'>): Promise<string> {
  const version = await versionIn(path, pattern, from);
  if (version !== undefined) return version;
  throw new TaskError(
    `${from.source.name} has no ${path}, which would name the latest version; give an exact version instead.`,
  );
}

async function versionIn(
  path: string,
  pattern: RegExp | undefined,
  from: Omit<Fetch, 'path'>,
): Promise<string | undefined> {
  const text = await fetchText({ ...from, path });
  if (text === undefined) return undefined;
  const version = semver.parse(pattern === undefined ? text.trim() : pattern.exec(text)?.[1]);
  if (version !== null) return version.version;
  throw new TaskError(
    `${path} from ${from.source.name} should hold a version, but holds '${shortened(text.trim(), 60)}'; is it a sign-in page?`,
  );
}
