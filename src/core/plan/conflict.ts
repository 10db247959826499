/**
 * Why a dataset cannot be replicated as things stand, and the words that explain it: both sides, and the choices.
 *
 * @module
 */

import type { DatasetName } from "../../zfs/names/names.ts";
import type { Snapshot } from "../../zfs/names/version.ts";
import { elsewhereCommand, type JobCommand, partCommand, replicateCommand, sideCommand } from "../job_command.ts";

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
  /** The target has diverged since the last common version. */
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
  /** It is, or lies in, a replica that another run receives: snapshotting it would make it diverge from its own source. */
  | {
    readonly kind: "source-is-replica";
    readonly replica: DatasetName;
    /** Where the replica would be on the target. */
    readonly copy: DatasetName;
    /** What `--exclude` calls the replica. */
    readonly pattern: string;
  }
  /** The parent on the target will not be there, for a reason of its own. */
  | { readonly kind: "parent-missing"; readonly parent: DatasetName };

/** A conflict in words. */
export interface ConflictText {
  /** Why, in one or more sentences. */
  readonly why: string;
  /** The choices, one a line, the harmless one first; each ends in the whole command to type. */
  readonly next: string;
}

/** What to type for a copy that was restored and is in use again. */
export function makeWritable(job: JobCommand, dataset: DatasetName): string {
  return [["zfs", "inherit", "-r", "readonly", dataset], ["zfs", "set", "readonly=off", dataset]]
    .map((words) => sideCommand(job, "source", words)).join(" && ");
}

/** What to type to pass a replica on as it is. */
export function replicateUnchanged(job: JobCommand, dataset: DatasetName): string {
  return partCommand(job, dataset, { set: ["--no-snapshot"], drop: "--exclude" });
}

/** Alternatives, the harmless one first: each has a line of its own that ends in what to type. */
function choices(...lines: readonly string[]): string {
  return lines.join("\n");
}

/** A name for a copy beside what is there: below a pool's root, which has no neighbours. */
function newName({ sourceTop, targetTop }: JobCommand): string {
  const last = sourceTop.slice(sourceTop.lastIndexOf("/") + 1);
  return targetTop.includes("/") ? `${targetTop}-new` : `${targetTop}/${last}`;
}

/**
 * Explains a conflict.
 *
 * @param formatBytes Shows a number of bytes.
 * @param job The job that meets it, whose command is to be typed again.
 */
export function explainConflict(
  conflict: Conflict,
  dataset: DatasetName,
  target: DatasetName,
  formatBytes: (count: bigint) => string,
  job: JobCommand,
): ConflictText {
  switch (conflict.kind) {
    case "empty-source":
      // A parent that bzman made for a replica never had a snapshot, and to snapshot the replica too would break it.
      return {
        why: `${dataset} has no snapshot to send`,
        next: conflict.below === undefined
          ? choices(
            `take a snapshot: ${sideCommand(job, "source", ["zfs", "snapshot", `${dataset}@first`])}`,
            `let the run take one: ${replicateCommand(job, { drop: "--no-snapshot" })}`,
          )
          : choices(
            `replicate only the part that has snapshots: ${replicateUnchanged(job, conflict.below)}`,
            `snapshot it alone: ${sideCommand(job, "source", ["zfs", "snapshot", `${dataset}@first`])}`,
          ),
      };
    case "foreign-data":
      return {
        why: `the target holds data that did not come from ${dataset} (${conflict.found}); no version in common: ` +
          `source ends at ${conflict.sourceNewest?.name ?? "nothing"}, target at ${
            conflict.targetNewest?.name ?? "no snapshot"
          }`,
        next: choices(
          `see what is there: ${sideCommand(job, "target", ["zfs", "list", "-r", "-t", "all", target])}`,
          `copy to another name: ${elsewhereCommand(job, newName(job))}`,
          ...(conflict.isPoolRoot ? [] : [
            `rename ${target} aside and copy anew: ${replicateCommand(job, { set: ["--on-foreign", "keep-both"] })}`,
          ]),
        ),
      };
    case "diverged": {
      const newer = conflict.targetNewer;
      const names = newer.slice(-3).map((snapshot) => snapshot.name).join(", ");
      const own = [
        ...(newer.length > 0 ? [`${newer.length} snapshot${newer.length > 1 ? "s" : ""} (${names})`] : []),
        ...(conflict.writtenBytes > 0n ? [`${formatBytes(conflict.writtenBytes)} written`] : []),
      ].join(" and ");
      return {
        why: `the target has diverged: since the common snapshot ${conflict.common.name} it has ${own} ` +
          `that the source does not have; source ends at ${conflict.sourceNewest.name}`,
        next: choices(
          ...(conflict.isPoolRoot
            ? [`see what is there: ${sideCommand(job, "target", ["zfs", "list", "-r", "-t", "all", target])}`]
            : [
              `rename ${target} aside and copy anew: ${
                replicateCommand(job, { set: ["--on-divergence", "keep-both"] })
              }`,
            ]),
          `discard that (${own}) on ${target}: ${replicateCommand(job, { set: ["--on-divergence", "rollback"] })}`,
        ),
      };
    }
    case "name-taken":
      return {
        why: `the target has other snapshots of the same name: ${conflict.names.slice(0, 5).join(", ")}`,
        next: conflict.names.slice(0, 5).map((name) =>
          `rename it on the target: ${
            sideCommand(job, "target", ["zfs", "rename", `${target}@${name}`, `@${name}-other`])
          }`
        ).join("\n"),
      };
    case "type-mismatch":
      return {
        why: `${dataset} is a ${conflict.sourceType}, ${target} a ${conflict.targetType}`,
        next: choices(
          `copy to another name: ${elsewhereCommand(job, newName(job))}`,
          `rename ${target} aside and copy anew: ${replicateCommand(job, { set: ["--on-foreign", "keep-both"] })}`,
        ),
      };
    case "encrypted-root":
      return {
        why:
          `${dataset} is encrypted, and ZFS cannot receive an encrypted dataset over the root of pool ${conflict.pool}`,
        next: `copy to a dataset below it: ${elsewhereCommand(job, newName(job))}`,
      };
    case "raw-mismatch":
      return {
        why: `${dataset} is encrypted, but its copy ${target} is not`,
        next: choices(
          `copy to another name, encrypted: ${elsewhereCommand(job, newName(job))}`,
          `let the copy be readable on the target: ${replicateCommand(job, { set: ["--raw", "never"] })}`,
        ),
      };
    case "key-needed":
      return {
        why: `the key of ${conflict.dataset} is not loaded on the ${conflict.side}`,
        next: choices(
          ...(conflict.side === "source"
            ? [`send it encrypted as it is: ${replicateCommand(job, { set: ["--raw", "auto"] })}`]
            : []),
          `load the key: ${sideCommand(job, conflict.side, ["zfs", "load-key", conflict.dataset])}`,
        ),
      };
    case "name-too-long":
      return {
        why: `the name ${conflict.name} would have more than 255 bytes`,
        next: dataset === job.sourceTop
          ? `a short prefix makes shorter names: ${replicateCommand(job, { set: ["--prefix", "i"] })}`
          : `leave it out: ${replicateCommand(job, { add: ["--exclude", dataset.slice(job.sourceTop.length + 1)] })}`,
      };
    case "source-is-replica": {
      const { replica, pattern } = conflict;
      return {
        why: `${dataset} ${dataset === replica ? "is itself" : `lies in ${replica}, which is itself`} a replica: ` +
          "it is read-only, and snapshotting it would make it diverge from its own source",
        next: choices(
          `if another run receives it, leave it out: ${replicateCommand(job, { add: ["--exclude", pattern] })}`,
          `and replicate it unchanged: ${replicateUnchanged(job, replica)}`,
          `if it was restored here and is in use: ${makeWritable(job, replica)}`,
        ),
      };
    }
    case "parent-missing":
      return {
        why: `its parent ${conflict.parent} will not be there`,
        next: `see why, and fix that first: ${replicateCommand(job, { set: ["--dry-run"] })}`,
      };
  }
}
