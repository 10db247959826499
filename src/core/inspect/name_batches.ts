/**
 * Cuts long lists of names into commands of a safe size: one remote command is one word of at most 128 KiB.
 *
 * @module
 */

/** Bytes of names in one command; leaves room for quoting. */
const maxBytes = 48 * 1024;

/**
 * Cuts `names` so that no part has more than 48 KiB.
 *
 * @param most Bytes of names in one part.
 * @param maxNames Names in one part, where each takes its time.
 */
export function nameBatches(
  names: readonly string[],
  most: number = maxBytes,
  maxNames: number = Number.POSITIVE_INFINITY,
): string[][] {
  const batches: string[][] = [];
  let batch: string[] = [];
  let bytes = 0;
  for (const name of names) {
    if (batch.length > 0 && (bytes + name.length + 3 > most || batch.length >= maxNames)) {
      batches.push(batch);
      batch = [];
      bytes = 0;
    }
    batch.push(name);
    bytes += name.length + 3;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
