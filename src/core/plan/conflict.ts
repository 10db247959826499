/**
 * Why a dataset cannot be replicated as things stand, and the words that explain it: both sides, and the choices.
 *
 * @module
 */

import { type DatasetName, moveName } from "../../zfs/names.ts";
import type { Snapshot } from "../../zfs/version.ts";

/** What stands in the way. */
export type Conflict =
  /** The source has no snapshot, and none is to be made; `below`: the first dataset below it that has some. */
  | { readonly kind: "empty-source"; readonly below?: DatasetName }
  /** The target has data that bzman did not put there, and no version in common. */
  | {
    readonly kind: "foreign-data";
    readonly found: string;
    readonly sourceNewest: Snapshot | undefined;
    readonly targetNewest: Snapshot | undefined;
    /** A pool's root has no other name to be set aside under. */
    readonly isPoolRoot: boolean;
  }
  /** The target went its own way since the last common version. */
  | {
    readonly kind: "diverged";
    readonly common: Snapshot;
    readonly sourceNewest: Snapshot;
    readonly targetNewer: readonly Snapshot[];
    readonly writtenBytes: bigint;
    readonly isPoolRoot: boolean;
  }
  /** Snapshots of the same names, but other GUIDs, stand where new ones have to arrive. */
  | { readonly kind: "name-taken"; readonly names: readonly string[] }
  /** One side is a filesystem, the other a volume. */
  | { readonly kind: "type-mismatch"; readonly sourceType: string; readonly targetType: string }
  /** ZFS cannot receive an encrypted dataset over a pool's root. */
  | { readonly kind: "encrypted-root"; readonly pool: DatasetName }
  /** The source is encrypted, the copy on the target is not. */
  | { readonly kind: "raw-mismatch" }
  /** A key must be loaded to read the source, or to write below an encrypted parent. */
  | { readonly kind: "key-needed"; readonly side: "source" | "target"; readonly dataset: string }
  /** The full name would have more than 255 bytes. */
  | { readonly kind: "name-too-long"; readonly name: string }
  /** It is, or lies in, a replica that another run receives: a snapshot of this run would part that from its source. */
  | {
    readonly kind: "source-is-replica";
    readonly replica: DatasetName;
    /** Where the replica would be on the target. */
    readonly copy: DatasetName;
    /** What `--exclude` calls the replica. */
    readonly pattern: string;
  }
  /** The parent on the target will not be there, for a reason of its own. */
  | { readonly kind: "no-parent"; readonly parent: DatasetName };

/** A conflict in words. */
export interface ConflictText {
  /** Why, in one or more sentences. */
  readonly why: string;
  /** The choices, each a thing to type. */
  readonly next: string;
}

/** What to type for a copy that was restored and is in use again. */
export function makeWritable(dataset: DatasetName): string {
  return `zfs inherit -r readonly '${dataset}' && zfs set readonly=off '${dataset}'`;
}

/** What to type to pass a replica on as it is. */
function passOn(dataset: DatasetName, target: DatasetName): string {
  return `bzman replicate --no-snapshot '${dataset}' 'HOST:${target}'`;
}

/**
 * Explains a conflict.
 *
 * @param bytes Shows a number of bytes.
 */
export function explainConflict(
  conflict: Conflict,
  dataset: DatasetName,
  target: DatasetName,
  bytes: (count: bigint) => string,
): ConflictText {
  switch (conflict.kind) {
    case "empty-source":
      // A parent that bzman made for a replica never had a snapshot, and to snapshot the replica too would break it.
      return {
        why: `${dataset} has no snapshot to send`,
        next: conflict.below === undefined
          ? "run without --no-snapshot, or take a snapshot first"
          : `pass on by itself what has some: ${passOn(conflict.below, moveName(conflict.below, dataset, target))}; ` +
            `or snapshot it alone: zfs snapshot '${dataset}@first'`,
      };
    case "foreign-data":
      return {
        why: `the target holds data that did not come from ${dataset} (${conflict.found}); no version in common: ` +
          `source ends at ${conflict.sourceNewest?.name ?? "nothing"}, target at ${
            conflict.targetNewest?.name ?? "no snapshot"
          }`,
        next: conflict.isPoolRoot
          ? `name a dataset below the pool: HOST:${target}/NAME; or empty the pool by hand if nothing on it is needed`
          : `name another target, HOST:POOL/NAME; or keep both with --on-foreign keep-both, which renames ${target} aside`,
      };
    case "diverged": {
      const newer = conflict.targetNewer;
      const names = newer.slice(-3).map((snapshot) => snapshot.name).join(", ");
      const own = [
        ...(newer.length > 0 ? [`${newer.length} snapshot${newer.length > 1 ? "s" : ""} (${names})`] : []),
        ...(conflict.writtenBytes > 0n ? [`${bytes(conflict.writtenBytes)} written`] : []),
      ].join(" and ");
      return {
        why: `the target went its own way: since the last common version ${conflict.common.name} it has ${own} ` +
          `that the source does not have; source ends at ${conflict.sourceNewest.name}`,
        next: `--on-divergence rollback discards that (${own}) on ${target}` +
          (conflict.isPoolRoot ? "" : "; --on-divergence keep-both renames it aside and copies anew"),
      };
    }
    case "name-taken":
      return {
        why: `the target has other snapshots of the same name: ${conflict.names.slice(0, 5).join(", ")}`,
        next: `rename them on the target: zfs rename '${target}@${conflict.names[0]}' '@${conflict.names[0]}-other'`,
      };
    case "type-mismatch":
      return {
        why: `${dataset} is a ${conflict.sourceType}, ${target} a ${conflict.targetType}`,
        next: `rename one of them, or keep both with --on-foreign keep-both`,
      };
    case "encrypted-root":
      return {
        why:
          `${dataset} is encrypted, and ZFS cannot receive an encrypted dataset over the root of pool ${conflict.pool}`,
        next: `name a dataset below it: HOST:${conflict.pool}/NAME`,
      };
    case "raw-mismatch":
      return {
        why: `${dataset} is encrypted, but its copy ${target} is not`,
        next: `replicate to a new dataset, HOST:POOL/NEWNAME; or, if the copy may be readable there, --raw never`,
      };
    case "key-needed":
      return {
        why: `the key of ${conflict.dataset} is not loaded on the ${conflict.side}`,
        next: conflict.side === "source"
          ? `send it encrypted as it is, with --raw auto; or type zfs load-key '${conflict.dataset}'`
          : `on the target type zfs load-key '${conflict.dataset}'`,
      };
    case "name-too-long":
      return {
        why: `the name ${conflict.name} would have more than 255 bytes`,
        next: "choose a shorter target, or a shorter --prefix",
      };
    case "source-is-replica": {
      const { replica, copy, pattern } = conflict;
      return {
        why: `${dataset} ${dataset === replica ? "is itself" : `lies in ${replica}, which is itself`} a replica: ` +
          "it is read-only, and a snapshot of its own would part it from its source",
        next: `if it was restored here and is in use, ${makeWritable(replica)}; if another run receives it, leave it ` +
          `out with --exclude '${pattern}', and pass it on as it is: ${passOn(replica, copy)}`,
      };
    }
    case "no-parent":
      return {
        why: `its parent ${conflict.parent} will not be there`,
        next: "mend the parent first; its children follow in the same run",
      };
  }
}
