import { ApiRefusal, type KubernetesClient } from '../cluster/client.ts';
import { type Clock, type Moment, momentOf } from './clock.ts';
import { explainForbidden, explainNoNamespace, type LeaseOf } from './lease-errors.ts';
import { leaseName, leaseObject, leasesPath, leaseState, type LeaseContent, type LeaseState } from './lease-object.ts';

/** What of the cluster's client Leases need. */
export type LeaseClient = Pick<KubernetesClient, 'get' | 'create' | 'replace'>;

/** A Lease as we wrote it, and the moment before: from then on it is seen by others, not earlier. */
export interface Written {
  readonly state: LeaseState;
  readonly since: Moment;
}

/** How long one request about a Lease may take with all its tries, in ms. */
const mostMs = 10_000;

/** Reads and writes one Lease. Each write has a time of its own, so that it is known again when its answer was lost. */
export class LeaseWriter {
  readonly #lease: LeaseOf;
  readonly #client: LeaseClient;
  readonly #clock: Clock;
  readonly #sent = new Map<string, Moment>();
  #count = 0;

  constructor(lease: LeaseOf, client: LeaseClient, clock: Clock) {
    this.#lease = lease;
    this.#client = client;
    this.#clock = clock;
  }

  /** @throws TaskError where the right is missing, and what the client throws */
  async read(timeoutMs = mostMs): Promise<LeaseState | undefined> {
    const { release, namespace } = this.#lease;
    const path = `${leasesPath(namespace)}/${leaseName(release)}`;
    const object = await this.#allowed(this.#client.get(path, { timeoutMs }));
    return object === undefined ? undefined : leaseState(object);
  }

  /**
   * Writes it in the place of what is there.
   * @returns undefined when that is not there any more: look again. It may also be that this write was done, and tried again.
   * @throws TaskError where the right is missing, and what the client throws
   */
  async write(
    there: LeaseState | undefined,
    content: Omit<LeaseContent, 'renewed'>,
    timeoutMs = mostMs,
  ): Promise<Written | undefined> {
    const { release, namespace } = this.#lease;
    const since = momentOf(this.#clock);
    const renewed = this.#stamp(since.wallMs);
    this.#sent.set(renewed, since);
    const object = leaseObject(there, this.#lease, { ...content, renewed });
    const [leases, limits] = [leasesPath(namespace), { timeoutMs: Math.min(timeoutMs, mostMs) }];
    const request =
      there === undefined
        ? this.#client.create(leases, object, limits)
        : this.#client.replace(`${leases}/${leaseName(release)}`, object, limits);
    try {
      const written = leaseState(await this.#allowed(request));
      this.#sent.clear();
      return { state: written, since };
    } catch (error) {
      if (!(error instanceof ApiRefusal) || ![404, 409].includes(error.status)) throw error;
      // Gone is a conflict like any other, but for a new one: there it is the namespace that is missing.
      if (error.status === 404 && there === undefined) throw explainNoNamespace(this.#lease);
      return undefined;
    }
  }

  /** When this state was written, if it is one that we wrote and have no answer for. */
  sentAt({ renewed }: LeaseState): Moment | undefined {
    return this.#sent.get(renewed);
  }

  /** A time as Kubernetes writes it (MicroTime); the last three digits are a number of ours. */
  #stamp(wallMs: number): string {
    this.#count = (this.#count + 1) % 1000;
    return new Date(wallMs).toISOString().replace('Z', `${String(this.#count).padStart(3, '0')}Z`);
  }

  async #allowed<Result>(request: Promise<Result>): Promise<Result> {
    try {
      return await request;
    } catch (error) {
      throw error instanceof ApiRefusal && error.status === 403 ? explainForbidden(this.#lease, error) : error;
    }
  }
}
