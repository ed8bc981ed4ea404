/**
 * Picks different whole numbers from 1 to `most`, the same for the same seed: what a test tries of too much to try it all.
 * Tests say their seed, so that a failure can be had again.
 */
export function seededSample(seed: number, count: number, most: number): number[] {
  const picked = new Set<number>();
  // Seeds that lie close together would begin alike.
  let state = Math.imul(seed, 2_654_435_761);
  while (picked.size < Math.min(count, most)) {
    // The generator of Numerical Recipes.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    picked.add(1 + Math.floor((state / 2 ** 32) * most));
  }
  return [...picked];
}
