/**
 * Names of versions, shortened where they repeat each other.
 *
 * @module
 */

/**
 * Two names as a way from one to the other: of the first only what differs from the second is shown, so
 * `…05:50:01Z → incremental-2026-11-22T06:00:01Z`.
 *
 * @returns The shortened first name, `undefined` where there is none to show, and the second.
 */
export function versionRange(from: string | undefined, to: string): readonly [from: string | undefined, to: string] {
  return [from === undefined || from === to ? undefined : ending(from, to), to];
}

function ending(from: string, to: string): string {
  let same = 0;
  while (same < from.length && from[same] === to[same]) same += 1;
  // Back to where a word begins, so that a time stays whole.
  const cut = from.slice(0, same).search(/[T-][^T-]*$/);
  return cut < 4 ? from : `…${from.slice(cut + 1)}`;
}
