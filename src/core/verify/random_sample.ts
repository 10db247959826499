/**
 * A random choice. Pure: the randomness comes in.
 *
 * @module
 */

/**
 * Some of the whole numbers below `total`, each choice as likely as any other; sorted. All of them when there are no more.
 *
 * @param random Gives numbers from 0 up to, but not including, 1.
 */
export function randomSample(total: number, count: number, random: () => number): number[] {
  if (count >= total) return Array.from({ length: total }, (_, i) => i);
  // Robert Floyd's: as many draws as numbers wanted, whatever the total is.
  const chosen = new Set<number>();
  for (let last = total - count; last < total; last++) {
    const drawn = Math.min(last, Math.floor(random() * (last + 1)));
    chosen.add(chosen.has(drawn) ? last : drawn);
  }
  return [...chosen].sort((a, b) => a - b);
}
