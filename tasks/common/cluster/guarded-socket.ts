import { writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

type Done = (error?: Error | null) => void;

/** Waits for room in the system's buffer, in ms: the first one, and what the doubled ones come to. */
const [shortestMs, longestMs] = [1, 32];

/** What may not be sent any more: whoever asked for it has lost the right. */
export class Cut extends Error {
  override readonly name = 'Cut';
}

/**
 * A connection whose every byte passes a guard at the very instant it is handed to the system, so that none waits in
 * between. A socket of Node keeps what the system has no room for and sends it from inside of its event loop, before any
 * code runs: a process that was stopped (SIGSTOP) would, once it goes on, send that without asking. So the bytes are
 * written to the socket's descriptor here, as far as there is room, and the guard is asked again before the rest. On
 * Windows sockets have no descriptor; there one piece may be on its way, which is written by Node.
 *
 * Destroyed before its time it is reset: the system throws away what it has not sent yet.
 */
export class GuardedSocket extends Duplex {
  readonly #socket: Socket;
  readonly #mayPass: () => boolean;
  #again: NodeJS.Timeout | undefined;
  /** Whether the end of what is sent is on its way to the system. */
  #isEnding = false;

  /** @param socket connected, with allowHalfOpen, and used by nobody else */
  constructor(socket: Socket, mayPass: () => boolean) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    this.#mayPass = mayPass;
    socket.on('data', (bytes) => void (this.push(bytes) || socket.pause()));
    socket.once('end', () => this.push(null));
    socket.once('error', (error) => this.destroy(error));
    socket.once('close', () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(bytes: Buffer, _encoding: string, done: Done): void {
    this.#send(bytes, done, shortestMs);
  }

  override _final(done: Done): void {
    this.#isEnding = true;
    this.#socket.end(() => {
      this.#isEnding = false;
      done();
    });
  }

  override _destroy(error: Error | null, done: Done): void {
    clearTimeout(this.#again);
    const isOver = this.writableFinished && this.readableEnded;
    // While it ends, libuv refuses to reset it (uv_tcp_close_reset), and Node then takes the handle for closed: the process
    // would wait for that one for ever when it exits.
    if (isOver || this.#isEnding) this.#socket.destroy();
    else if (!this.#socket.destroyed) this.#socket.resetAndDestroy();
    done(error);
  }

  #send(bytes: Buffer, done: Done, pauseMs: number): void {
    if (!this.#mayPass()) return done(new Cut('The connection was cut.'));
    // Asked for each time: the number may be another file's as soon as the socket is closed.
    const descriptor = descriptorOf(this.#socket);
    if (descriptor === undefined) return void this.#socket.write(bytes, done);
    try {
      const rest = bytes.subarray(sent(descriptor, bytes));
      if (rest.length === 0) return done();
      const nextMs = rest.length < bytes.length ? shortestMs : Math.min(pauseMs * 2, longestMs);
      this.#again = setTimeout(() => this.#send(rest, done, nextMs), pauseMs);
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

/** How many of these bytes the system took; it has no room for more at the moment. */
function sent(descriptor: number, bytes: Buffer): number {
  try {
    return writeSync(descriptor, bytes);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EAGAIN' || error.code === 'EINTR')) return 0;
    throw error;
  }
}

/** Node's own handle knows it; the types do not. Undefined on Windows, and of a closed socket. */
function descriptorOf(socket: Socket): number | undefined {
  const handle: unknown = Reflect.get(socket, '_handle');
  if (typeof handle !== 'object' || handle === null || !('fd' in handle)) return undefined;
  return typeof handle.fd === 'number' && handle.fd >= 0 ? handle.fd : undefined;
}
