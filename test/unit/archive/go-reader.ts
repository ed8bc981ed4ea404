import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface ReadFile {
  readonly name: string;
  /** SHA-256 of the content, hexadecimal. */
  readonly content: string;
  /** Seconds since 1970. */
  readonly time: number;
}

/** What a reader makes of an archive: why it refuses it, or the files in it. */
export type Reading = { readonly error: string } | { readonly files: readonly ReadFile[] };

export function hasGo(): boolean {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Go's own reader of gzip and tar as a process, built of ./go-reader without network. */
export class GoReader {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'go-reader-'));
  readonly #program: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor() {
    const program = path.join(this.#folder, 'go-reader.exe');
    const env = { ...process.env, GOFLAGS: '-mod=mod', GOPROXY: 'off', GOWORK: 'off', GOTOOLCHAIN: 'local' };
    execFileSync('go', ['build', '-o', program, '.'], { cwd: path.join(import.meta.dirname, 'go-reader'), env });
    this.#program = spawn(program);
    this.#lines = createInterface({ input: this.#program.stdout })[Symbol.asyncIterator]();
  }

  async read(archive: Uint8Array): Promise<Reading> {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(archive.length);
    this.#program.stdin.write(Buffer.concat([length, archive]));
    const line = await this.#lines.next();
    if (line.done === true) throw new Error('The Go program ended.');
    return JSON.parse(line.value) as Reading;
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#program.once('close', resolve));
    this.#program.stdin.end();
    await ended;
    rmSync(this.#folder, { recursive: true });
  }
}
