import { TaskError } from '../task/outcome.ts';
import { shownHolder } from './holder.ts';
import type { LeaseWriter } from './lease-writer.ts';
import type { LeaseRequest } from './take-lease.ts';

/** The step is over already, but for this word. In ms. */
const lookMs = 3000;

/**
 * Why a Lease was lost, with the run that took it over since: the one that people look at next.
 * @param reason which does not know of that run where the time was simply over
 */
export async function withSuccessor(
  reason: unknown,
  { holder: ours }: Pick<LeaseRequest, 'holder'>,
  writer: Pick<LeaseWriter, 'read'>,
): Promise<unknown> {
  const now = await writer.read(lookMs).catch(() => undefined);
  const holder = now?.holder || now?.lastHolder || ours;
  if (holder === ours || !(reason instanceof TaskError) || reason.message.includes(shownHolder(holder))) return reason;
  return new TaskError(`${reason.message} ${shownHolder(holder)} has taken it over meanwhile; look at that run.`);
}
