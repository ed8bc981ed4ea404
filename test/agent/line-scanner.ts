import { StringDecoder } from 'node:string_decoder';

/**
 * Cuts the bytes of a stream into lines. A bare carriage return ends a line too, as for the real agent:
 * a progress bar can therefore bring a command to the start of a line.
 */
export class LineScanner {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: (line: string) => void;
  #rest = '';
  #afterCarriageReturn = false;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    this.#take(this.#decoder.write(chunk));
  }

  /** Hands over the last line if it has no line end. */
  end(): void {
    this.#take(this.#decoder.end());
    if (this.#rest !== '') this.#onLine(this.#rest);
    this.#rest = '';
  }

  #take(received: string): void {
    if (received === '') return;
    const text = this.#afterCarriageReturn && received.startsWith('\n') ? received.slice(1) : received;
    this.#afterCarriageReturn = text.endsWith('\r');
    const lines = text.split(/\r\n|\r|\n/);
    lines[0] = this.#rest + (lines[0] ?? '');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line);
  }
}
