/**
 * Asks whether what was written to a mounted copy is anybody's: a copy that syncoid made is mounted, and mounting its children
 * writes to it.
 *
 * @module
 */

import { diffSince, listMountpoints } from "../../zfs/parsers/diff.ts";
import type { Dataset } from "../../zfs/names/dataset.ts";
import { syncPool } from "../../zfs/parsers/emptiness.ts";
import { poolOf } from "../../zfs/names/names.ts";
import { isIgnorable } from "./ignorable_changes.ts";
import type { Host } from "../ports.ts";

/** More than mountpoints need. */
const maxBytes = 2n ** 20n;
/** A pool full of copies is not compared file by file. */
const maxDatasets = 100;

/**
 * The filesystems of the target that were written to since their newest snapshot, and in which nothing was changed but the
 * directories on which others are mounted. What cannot be proven is not among them.
 *
 * @param known The GUIDs of all versions of the source.
 */
export async function findIgnorableWrites(
  host: Host,
  target: readonly Dataset[],
  known: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Set<string>> {
  const top = target[0]?.name;
  const candidates = target.flatMap((dataset) => {
    const newest = dataset.snapshots.at(-1);
    const asked = dataset.type === "filesystem" && dataset.mounted && dataset.writtenBytes > 0n &&
      dataset.writtenBytes <= maxBytes && dataset.resumeToken === undefined;
    return asked && newest && known.has(newest.guid) ? [{ name: dataset.name, diff: diffSince(newest) }] : [];
  });
  if (top === undefined || candidates.length === 0 || candidates.length > maxDatasets) return new Set();
  const mountpoints = listMountpoints(top);
  const outcomes = await host.runAll(
    [syncPool(poolOf(top)), mountpoints.argv, ...candidates.map(({ diff }) => diff.argv)],
    { signal, timeoutMs: 5 * 60_000 },
  );
  const [synced, mounts, ...diffs] = outcomes;
  if (synced?.status !== 0 || mounts?.status !== 0) return new Set();
  try {
    const at = mountpoints.parse(mounts.stdout);
    return new Set(
      candidates.filter(({ name, diff }, i) => {
        const below = [...at].filter(([other]) => other.startsWith(`${name}/`)).map(([, mountpoint]) => mountpoint);
        const outcome = diffs[i];
        return outcome?.status === 0 && outcome.stopped === undefined && isIgnorable(diff.parse(outcome.stdout), below);
      }).map(({ name }) => name),
    );
  } catch (error) {
    if (error instanceof SyntaxError) return new Set();
    throw error;
  }
}
