import { type PipelineRequest, RestError } from '@azure/core-rest-pipeline';
import type { NetworkSettings } from '../task/network.ts';
import { TaskError } from '../task/outcome.ts';

/** How long a host may say nothing, in ms. */
export interface Silence {
  /** In the first try: a connection that died unnoticed is given up after that. */
  readonly firstMs: number;
  /** In all tries of one request together, and with the waits that a busy host asks for. */
  readonly totalMs: number;
}

export const usualSilence: Silence = { firstMs: 30_000, totalMs: 120_000 };

/** A host that said nothing for as long as one request may wait; asking once more is of no use. */
export class SilentHost extends TaskError {
  constructor(
    /** Host and time, such as `contoso.azurecr.io did not answer within 120 s`. */
    readonly said: string,
  ) {
    super(
      `${said}: check that the network of this agent (firewall, proxy) lets its answers through; ` +
        'if they come from elsewhere, run the step again later.',
    );
  }
}

/**
 * What one request may still wait, whatever its tries. Only limits that ran out count, never time in which something was
 * heard: a slow host is not cut off as long as it goes on.
 */
export class Patience {
  readonly #silence: Silence;
  #leftMs: number;

  constructor(silence: Silence = usualSilence) {
    this.#silence = silence;
    this.#leftMs = silence.totalMs;
  }

  /** For how long nothing may be heard next, in ms: a try after the first gets all that is left, since slow hosts need it. */
  nextMs(): number {
    return this.#leftMs === this.#silence.totalMs ? this.#silence.firstMs : this.leftMs;
  }

  /** The same for what cannot simply be tried again. Never nothing: a busy host may have had all the time for its wait. */
  get leftMs(): number {
    return Math.max(this.#leftMs, this.#silence.firstMs);
  }

  /** What to throw when nothing was heard for `ms`: an error that is worth another try, or SilentHost at the end. */
  ranOut(ms: number, request: PipelineRequest): RestError | SilentHost {
    const { host } = new URL(request.url);
    this.#leftMs -= ms;
    if (this.#leftMs <= 0) return new SilentHost(`${host} did not answer within ${this.#silence.totalMs / 1000} s`);
    return new RestError(`${host} did not answer within ${ms / 1000} s`, { code: 'ETIMEDOUT', request });
  }

  /** Whether there is time for a wait that a busy host asks for; it is taken off. */
  grants(ms: number): boolean {
    if (ms > this.#leftMs) return false;
    this.#leftMs -= Math.max(ms, 0);
    return true;
  }
}

/** Hosts that fell silent in a step, by name. Whoever asks one of them next is told at once, or the waits would add up. */
export type SilentHosts = Map<string, SilentHost>;

const silentOfSteps = new WeakMap<NetworkSettings, SilentHosts>();

export function silentHosts(network: NetworkSettings): SilentHosts {
  const known = silentOfSteps.get(network) ?? new Map<string, SilentHost>();
  silentOfSteps.set(network, known);
  return known;
}
