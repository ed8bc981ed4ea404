import { TaskError } from '../common/task/outcome.ts';
import { Refusal } from './refusals.ts';

/** Azure DevOps is not to be reached, or takes nothing from this identity now. */
class Outage extends TaskError {}

/** What a write ends with when it is not about this one: whose token is not taken, and who asks too much. */
const notNow: ReadonlySet<number | undefined> = new Set([203, 302, 401, 429]);

/** What only reads was asked five times before it came to this, and what the network's rules refuse is refused to all. */
export function asOutage(error: unknown): never {
  const isOfOne =
    error instanceof Refusal && error.status !== undefined && error.status < 500 && !notNow.has(error.status);
  throw error instanceof TaskError && !isOfOne ? new Outage(error.message) : error;
}

/** Whether whatever is asked next would be refused alike. */
export function isOfAll(error: TaskError): boolean {
  return error instanceof Outage || (error instanceof Refusal && notNow.has(error.status));
}
