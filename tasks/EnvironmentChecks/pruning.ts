import type { EnvironmentService } from './service.ts';

/** Which checks and permissions may be taken away. */
export interface Pruning {
  readonly isOn: boolean;
  /** The id of the identity that asks: what it made is ours. Undefined where it is not known. */
  readonly self: string | undefined;
}

/** @param isOn input prune */
export async function pruningOf(isOn: boolean, service: Pick<EnvironmentService, 'self'>): Promise<Pruning> {
  // Not knowing who asks, nothing counts as ours.
  return { isOn, self: isOn ? await service.self().catch(() => undefined) : undefined };
}

/** Whether something may be taken away. @param maker the id of the identity that made it, if it is known */
export function mayTakeAway(maker: string | undefined, { isOn, self }: Pruning): boolean {
  return isOn && self !== undefined && maker === self;
}

/** Why something is not taken away, where that may not be. @param others what somebody else did */
export function whyLeft({ isOn, self }: Pruning, others: string): string {
  if (!isOn) return 'it is taken away only with input prune';
  if (self === undefined) return 'whose it is could not be found out; run the step again';
  return `${others}, so it has to be taken away by hand`;
}
