import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import type { Fault } from './faults.ts';
import { pass, type Gates } from './gates.ts';
import type { RecordedRequest } from './request-log.ts';

/** Plays one host: must answer the exchange by one of its `send` methods. */
export type Handler = (exchange: Exchange) => Promise<void>;

/** A body that is read as it is sent; without a length it goes out chunked. */
export interface SizedStream {
  readonly stream: Readable;
  readonly length?: number | undefined;
}

type Body = string | Buffer | SizedStream;

const bodyLimit = 4 * 1024 * 1024;

/** One request and its answer, recorded, and bent by a fault where a test injected one. */
export class Exchange {
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #record: RecordedRequest;
  readonly #gates: Gates;
  #body: Promise<Buffer> | undefined;
  #fault: Fault | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, url: URL, record: RecordedRequest, gates: Gates) {
    this.request = request;
    this.url = url;
    this.#response = response;
    this.#record = record;
    this.#gates = gates;
    response.once('close', () => {
      record.ended = performance.now();
    });
  }

  get method(): string {
    return this.request.method ?? '';
  }

  get host(): string {
    return this.url.hostname;
  }

  get path(): string {
    return this.url.pathname;
  }

  get query(): URLSearchParams {
    return this.url.searchParams;
  }

  header(name: string): string | undefined {
    return [this.request.headers[name]].flat()[0];
  }

  /** The value of the Authorization header if it has this scheme. */
  authorization(scheme: 'Bearer' | 'Basic'): string | undefined {
    const [given, value] = (this.header('authorization') ?? '').split(' ');
    return given?.toLowerCase() === scheme.toLowerCase() ? value : undefined;
  }

  /** The certificate that the client proved to be its own, whoever signed it. */
  get clientCertificate(): X509Certificate | undefined {
    const { socket } = this.request;
    return socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  }

  /** The whole body, for small ones only. Throws above 4 MiB. */
  bytes(): Promise<Buffer> {
    return (this.#body ??= this.#read());
  }

  async #read(): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.request) {
      if (!Buffer.isBuffer(chunk)) continue;
      size += chunk.length;
      if (size > bodyLimit) throw new Error(`The body sent to ${this.host}${this.path} is over ${bodyLimit} bytes.`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  /** The fields of a form post. */
  async form(): Promise<URLSearchParams> {
    const form = new URLSearchParams((await this.bytes()).toString());
    this.#record.form = form;
    return form;
  }

  /** Records who sent the request. */
  identify(user: string): void {
    this.#record.user = user;
  }

  /** Headers that every answer to this request is to have. */
  preset(headers: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(headers)) this.#response.setHeader(name, value);
  }

  json(status: number, value: unknown, headers: OutgoingHttpHeaders = {}): Promise<void> {
    const type = { 'Content-Type': 'application/json; charset=utf-8' };
    return this.send(status, { ...type, ...headers }, JSON.stringify(value));
  }

  /** Answers. A HEAD request gets the headers alone, whose Content-Length may then be given. */
  async send(status: number, headers: OutgoingHttpHeaders, body: Body = ''): Promise<void> {
    if (this.#fault?.kind === 'lostAnswer') return this.cut();
    if (await pass(this.#gates.at(this.#record, 'after'), this.#record)) return this.cut();
    const { stream, length } = sized(body);
    this.#record.status = status;
    const isBare = this.method === 'HEAD' || status === 204;
    const lengthHeader = status === 204 || length === undefined ? {} : { 'Content-Length': length };
    this.#response.writeHead(status, { ...lengthHeader, ...headers });
    if (isBare) {
      stream.destroy();
      this.#response.end();
      return;
    }
    // A stream may have nothing to say for long.
    if (length === undefined) this.#response.flushHeaders();
    // A client that goes away in the middle of a body is its own affair.
    await pipeline([stream, ...this.#distortion(length ?? 0), this.#response]).catch(() => this.cut());
    if (this.#fault?.kind === 'truncate') this.request.socket.end();
  }

  /** Waits at the gates for requests of its kind. @returns whether it goes on */
  async enter(): Promise<boolean> {
    const gates = this.#gates.at(this.#record, 'before');
    if (gates.length > 0) await this.bytes();
    if (!(await pass(gates, this.#record))) return true;
    this.cut();
    return false;
  }

  /** Applies a fault now if it takes the place of the answer (true), else when the answer is sent (false). */
  async suffer(fault: Fault): Promise<boolean> {
    if (['lostAnswer', 'truncate', 'tamper'].includes(fault.kind)) {
      this.#fault = fault;
      return false;
    }
    if (fault.kind === 'reset') this.cut();
    else if (fault.kind === 'html') await this.send(200, { 'Content-Type': 'text/html' }, signInPage);
    else if (fault.kind !== 'hang')
      await this.json(Number(fault.kind), troubleBody(Number(fault.kind), fault.says), retryAfter(fault));
    return true;
  }

  /** Cuts the connection without an answer. */
  cut(): void {
    this.request.socket.destroy();
  }

  #distortion(length: number): Transform[] {
    if (this.#fault?.kind === 'truncate') return [truncating(Math.floor(length / 2))];
    return this.#fault?.kind === 'tamper' ? [tampering(Math.floor(length / 2))] : [];
  }
}

const signInPage = '<!DOCTYPE html><html><title>Sign in</title></html>';
/** In the words of registries and of API servers at once. */
function troubleBody(code: number, says?: string): Record<string, unknown> {
  const message = says ?? 'The service cannot answer at the moment.';
  const reasons: Readonly<Record<number, string>> = {
    400: 'BadRequest',
    403: 'Forbidden',
    429: 'TooManyRequests',
    500: 'InternalError',
  };
  const reason = reasons[code] ?? 'ServiceUnavailable';
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
  return { errors: [{ code: 'TOOMANYREQUESTS', message }], ...status };
}

function retryAfter({ retryAfter: value }: Fault): OutgoingHttpHeaders {
  return value === undefined ? {} : { 'Retry-After': value };
}

function sized(body: Body): SizedStream {
  if (typeof body === 'object' && 'stream' in body) return body;
  const bytes = Buffer.from(body);
  return { stream: Readable.from(bytes.length === 0 ? [] : [bytes]), length: bytes.length };
}

function truncating(limit: number): Transform {
  let left = limit;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const kept = chunk.subarray(0, left);
      left -= kept.length;
      done(null, kept);
    },
  });
}

function tampering(position: number): Transform {
  let left = position;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const changed = Buffer.from(chunk);
      if (left >= 0 && left < changed.length) changed.writeUInt8(changed.readUInt8(left) ^ 0xff, left);
      left -= changed.length;
      done(null, changed);
    },
  });
}
