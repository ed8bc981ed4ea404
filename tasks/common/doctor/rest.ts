/** Shorter work is no burden. In ms. */
const burden = 100;

/**
 * How long to do nothing after work that took so long: helm's requests go through this process, and the Lease has to be
 * renewed, while thousands of pods of a release are looked at. In ms.
 */
export const restAfter = (ms: number): number => (ms < burden ? 0 : 9 * ms);
