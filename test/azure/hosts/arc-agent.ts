import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exchange } from '../network/exchange.ts';

/** The version of the interface by which the Arc agent is asked; the metadata service of a machine has another one. */
export const arcVersion = '2020-06-01';

/**
 * Plays how the agent of Azure Arc lets somebody in: it lays a key into a folder that only its users can read, and wants
 * to hear what stands there. A key is good for one token.
 */
export class ArcAgent {
  readonly #keys = new Map<string, string>();
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Whether the request carries a key; else it is answered. */
  async admits(exchange: Exchange): Promise<boolean> {
    const key = exchange.header('authorization')?.replace(/^Basic /, '') ?? '';
    const known = this.#keys.get(key);
    if (known !== undefined) {
      this.#keys.delete(key);
      rmSync(known);
      return true;
    }
    const fresh = randomUUID();
    const file = join(this.#folder, `${randomUUID()}.key`);
    this.#keys.set(fresh, file);
    writeFileSync(file, fresh, { mode: 0o640 });
    await exchange.send(401, { 'WWW-Authenticate': `Basic realm=${file}` });
    return false;
  }
}
