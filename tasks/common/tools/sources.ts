import { stat } from 'node:fs/promises';
import path from 'node:path';
import { unescape } from 'node:querystring';
import {
  downloader,
  type Downloader,
  type DownloadPatience,
  type NetworkContext,
  SilentHost,
} from '../network/index.ts';
import type { TaskContext } from '../task/context.ts';
import { leadsOutOfJob } from '../task/job-files.ts';
import { TaskError } from '../task/outcome.ts';
import type { Given } from '../task/inputs.ts';
import { explainConnection, explainRefusal, type SourceWords } from './errors.ts';
import { FolderSource, type OpenedFile, type ToolSource } from './folder-source.ts';

export type SourceContext = NetworkContext & Pick<TaskContext, 'variable'>;

/**
 * The source that a mirror names: an https address, with user and password where it wants them, or a folder of this
 * agent. Without a mirror the vendor's host.
 * @param mirror undefined for a task without an input for it
 * @throws TaskError when it is neither.
 */
export async function chooseSource(
  vendor: string,
  mirror: Given<string | undefined> | undefined,
  limits: DownloadPatience,
  context: SourceContext,
): Promise<ToolSource> {
  const { input = '', value } = mirror ?? {};
  const elsewhere = mirror && `, or give input ${input} an address or a folder that this agent can reach`;
  const words = { isMirror: value !== undefined, elsewhere: elsewhere ?? '' };
  if (value === undefined) return new HostSource(new URL(vendor), words, limits, context);
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(value)) return new HostSource(mirrorAddress(value, input), words, limits, context);
  const folder = path.resolve(context.variable('System.DefaultWorkingDirectory') ?? '.', value);
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder && (await leadsOutOfJob(folder, context)) === undefined) return new FolderSource(folder, input);
  if (isFolder) {
    throw new TaskError(
      `Input ${input} is '${value}', which is a link in the sources that leads out of this job: commit the files themselves, ` +
        "or name the agent's folder by its whole path.",
    );
  }
  throw new TaskError(`Input ${input} is '${value}', but ${folder} is no folder; give an https address or a folder.`);
}

function mirrorAddress(mirror: string, input: string): URL {
  const address = URL.canParse(mirror) ? new URL(mirror) : undefined;
  if (address?.protocol === 'https:') return address;
  const shown = address === undefined ? 'no address' : `the address of ${address.protocol}//${address.host}`;
  throw new TaskError(
    `Input ${input} is ${shown}; it takes an address that begins with https://, since programs that run in your ` +
      'pipeline must not be changed on the way. For a mirror without https use a folder.',
  );
}

/** The vendor's download host, or a mirror of it. */
class HostSource implements ToolSource {
  readonly name: string;
  readonly isMirror: boolean;
  readonly elsewhere: string;
  readonly #base: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #download: Downloader;
  readonly #context: SourceContext;

  /** @param address may carry user and password. */
  constructor(address: URL, words: SourceWords, limits: DownloadPatience, context: SourceContext) {
    this.name = address.host;
    this.isMirror = words.isMirror;
    this.elsewhere = words.elsewhere;
    this.#context = context;
    this.#headers = authorization(address);
    this.#base = new URL(address.origin + address.pathname.replace(/\/$/, ''));
    this.#download = downloader(context, limits);
  }

  async open(file: string): Promise<OpenedFile | undefined> {
    const url = new URL(this.#base.href.replace(/\/$/, '') + file);
    const answer = await this.#ask(url);
    if (answer.status === 404 || answer.status === 410) return undefined;
    if (answer.body === undefined) throw new TaskError(explainRefusal(answer.status, url, this));
    if (/^text\/html/i.test(answer.headers.get('content-type') ?? '')) {
      answer.body.destroy();
      throw new TaskError(
        `${this.name} answered with a web page instead of ${url.pathname}: probably the sign-in page of a proxy` +
          `${this.isMirror ? ' or of the mirror' : ''}. Sign the agent in there${this.elsewhere}.`,
      );
    }
    const length = answer.headers.get('content-length');
    return { body: answer.body, size: length === undefined ? undefined : Number(length) };
  }

  async #ask(url: URL): ReturnType<Downloader> {
    try {
      return await this.#download(url, this.#headers);
    } catch (error) {
      this.#context.signal.throwIfAborted();
      if (error instanceof TaskError && !(error instanceof SilentHost)) throw error;
      throw new TaskError(explainConnection(error, url, this));
    }
  }
}

function authorization({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  const pair = `${unescape(username)}:${unescape(password)}`;
  return { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
