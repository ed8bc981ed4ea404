import type { CertificateAuthority } from '../certificates/certificate-authority.ts';
import type { Handler } from './exchange.ts';

/** Which host is played by whom. A name that is not in the table does not exist on this loopback. */
export class Hosts {
  readonly #handlers = new Map<string, Handler>();
  readonly #authorities = new Map<string, CertificateAuthority>();
  readonly #servers = new Map<string, number>();
  /** Hosts that cannot be reached at the moment. */
  readonly gone = new Set<string>();

  /**
   * Plays `host` by `handler`, with a certificate of `authority` if it is not the one of all hosts. Throws if the host
   * is already played.
   */
  play(host: string, handler: Handler, authority?: CertificateAuthority): void {
    if (this.#handlers.has(host)) throw new Error(`The host '${host}' is already played.`);
    this.#handlers.set(host, handler);
    if (authority !== undefined) this.#authorities.set(host, authority);
  }

  /** Plays a host by another handler than before. */
  replace(host: string, handler: Handler): void {
    this.#handlers.set(host, handler);
  }

  /** Leaves `host` to a server on this port of the loopback, which ends TLS itself, whoever played it before. */
  leave(host: string, port: number): void {
    this.#servers.set(host, port);
  }

  /** The port of the server that a host was left to. */
  serverOf(host: string): number | undefined {
    return this.#servers.get(host.toLowerCase());
  }

  find(host: string): Handler | undefined {
    return this.#handlers.get(host.toLowerCase());
  }

  /** Who signs the host's certificate if it is not the authority of all hosts. */
  authorityOf(host: string): CertificateAuthority | undefined {
    return this.#authorities.get(host.toLowerCase());
  }
}
