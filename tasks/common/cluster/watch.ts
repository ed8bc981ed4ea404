import { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { isMapping } from '../go/mapping.ts';
import { TaskError } from '../task/outcome.ts';
import type { ApiRequest } from './api-server.ts';
import { acceptOf, queryOf, type Selection } from './lists.ts';
import { type KubernetesObject, objectIn, parsed } from './objects.ts';

/** One line of a watch. An ERROR carries a Status, with code 410 when the version is too old to go on from. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubernetesObject;
}

/**
 * After so long the API server ends a watch by itself. A connection that died unnoticed, as those behind a load balancer
 * do after minutes without a byte, is found no later.
 */
const watchSeconds = 120;

/** A watch hears nothing as long as nothing happens, but no longer than until its end. */
const silenceMs = (watchSeconds + 30) * 1000;

/** An object has at most 1.5 MiB in etcd; as JSON it may have more. In bytes. */
const longestLine = 8 * 1024 * 1024;

const lineEnd = '\n'.charCodeAt(0);

const types = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']);

/** Asks what happens to the objects of a kind from a version on. */
export function watchRequest(
  path: string,
  selection: Selection,
  resourceVersion: string,
  signal: AbortSignal | undefined,
): ApiRequest {
  const wanted = { watch: 'true', allowWatchBookmarks: 'true', timeoutSeconds: String(watchSeconds), resourceVersion };
  return {
    method: 'GET',
    path: `${path}?${queryOf(selection, wanted)}`,
    headers: { accept: acceptOf(selection, 'PartialObjectMetadata') },
    stream: true,
    limits: { signal },
  };
}

/**
 * The events of a watch as they come; nothing is read ahead of who takes them. It ends when the stream does, also when
 * that broke off: whoever watches goes on from the last version.
 * @throws TaskError for a line that is endless or no event; the signal's reason
 */
export async function* eventsIn(
  stream: Readable,
  host: string,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent, void, undefined> {
  // The time in which the answer had to begin is over.
  if (stream instanceof IncomingMessage) stream.setTimeout(silenceMs);
  const stop = (): unknown => stream.destroy();
  signal.addEventListener('abort', stop);
  try {
    yield* events(stream, host);
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

async function* events(stream: Readable, host: string): AsyncGenerator<WatchEvent, void, undefined> {
  for await (const line of jsonLines(stream, host)) {
    if (line.trim() === '') continue;
    const value = parsed(line);
    const object = isMapping(value) ? objectIn(value['object']) : undefined;
    if (!isMapping(value) || !isType(value['type']) || object === undefined) {
      throw new TaskError(
        `${host} sent something else than the events of a watch: check that no proxy on the way to the API server changes ` +
          'its answers.',
      );
    }
    yield { type: value['type'], object };
  }
}

const isType = (value: unknown): value is WatchEvent['type'] => typeof value === 'string' && types.has(value);

/** Of what has no line end at its own end, as the page of a proxy, the rest is a line, too; what broke off is none. */
async function* jsonLines(stream: Readable, host: string): AsyncGenerator<string, void, undefined> {
  let parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk);
      let start = 0;
      for (let end = bytes.indexOf(lineEnd); end >= 0; end = bytes.indexOf(lineEnd, start)) {
        yield Buffer.concat([...parts, bytes.subarray(start, end)]).toString('utf8');
        [parts, size, start] = [[], 0, end + 1];
      }
      parts.push(bytes.subarray(start));
      size += bytes.length - start;
      if (size > longestLine) throw new TaskError(`${host} sent a line of more than ${longestLine} bytes in a watch.`);
    }
  } catch (error) {
    if (error instanceof TaskError) throw error;
    return;
  }
  if (size > 0) yield Buffer.concat(parts).toString('utf8');
}
