import { unescape } from 'node:querystring';
import { downloader, type Downloader } from '../network/index.ts';
import { TaskError } from '../task/errors.ts';
import type { DownloadLimits } from './download-limits.ts';
import { connectionProblem, refusal } from './download-error.ts';
import type { OpenedFile, SourceContext, ToolSource } from './tool-source.ts';

/** The vendor's download host, or a mirror of it. */
export class HostSource implements ToolSource {
  readonly name: string;
  readonly #base: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #download: Downloader;
  readonly #context: SourceContext;

  /** @param address may carry user and password. */
  constructor(address: URL, limits: DownloadLimits, context: SourceContext) {
    this.name = address.host;
    this.#context = context;
    this.#headers = authorization(address);
    this.#base = new URL(address.origin + address.pathname.replace(/\/$/, ''));
    this.#download = downloader(context, limits);
  }

  async open(path: string): Promise<OpenedFile | undefined> {
    const url = new URL(this.#base.href.replace(/\/$/, '') + path);
    const answer = await this.#ask(url);
    if (answer.status === 404 || answer.status === 410) return undefined;
    if (answer.body === undefined) throw new TaskError(refusal(answer.status, url));
    if (/^text\/html/i.test(answer.headers.get('content-type') ?? '')) {
      answer.body.destroy();
      throw new TaskError(
        `${this.name} answered with a web page instead of ${url.pathname}: probably the sign-in page of a proxy or of ` +
          'the mirror. Sign the agent in there, or give a mirror that needs no browser.',
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
      throw error instanceof TaskError ? error : new TaskError(connectionProblem(error, url));
    }
  }
}

function authorization({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  const pair = `${unescape(username)}:${unescape(password)}`;
  return { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
