/**
 * How the snapshot of a run is taken, so that it is of one moment for every dataset: one command where its names fit into it.
 * Pure.
 *
 * @module
 */

import type { DatasetName } from "../../zfs/names/names.ts";
import { isAtLeast } from "../../zfs/pools/pool.ts";
import type { HostInfo } from "../inspect/probe.ts";
import type { Finding } from "../finding.ts";

/**
 * `recursive`: one name stands for the whole tree; `named`: every name in one command; `program`: a channel program;
 * `impossible`: too many names for one command, and no channel program can be run.
 */
export type SnapshotMethod = "recursive" | "named" | "program" | "impossible";

/** What the choice depends on. */
export interface SnapshotMethodInputs {
  /** What gets a snapshot. */
  readonly datasets: readonly DatasetName[];
  /** Whether datasets of the tree get none: left out, or replicas. */
  readonly someStayOut: boolean;
  /** The part behind `@`. */
  readonly part: string;
  /** Whether the source is this machine. */
  readonly isLocal: boolean;
  readonly source: Pick<HostInfo, "isRoot" | "zfs">;
}

/** Bytes of names in one remote command, which is one word of at most 128 KiB for the shell there (execve(2)). */
const maxRemoteBytes = 110_000;
/** Bytes of names in one command here: the words of a command have a quarter of the stack's limit, 2 MiB by default. */
const maxLocalBytes = 1_000_000;
/** The quotes and the space around a name. */
const quotingBytes = 3;

/** Chooses. */
export function snapshotMethod({ datasets, someStayOut, part, isLocal, source }: SnapshotMethodInputs): SnapshotMethod {
  if (!someStayOut) return "recursive";
  const bytes = datasets.reduce((sum, name) => sum + name.length + 1 + part.length + quotingBytes, 0);
  if (bytes <= (isLocal ? maxLocalBytes : maxRemoteBytes)) return "named";
  // zfs-program(8) is for root, and sets the property of a snapshot since OpenZFS 2.0 (`zcp_set.c`).
  return source.isRoot && isAtLeast(source.zfs.userland, 2, 0) ? "program" : "impossible";
}

/** The refusal where there is no way. */
export function checkSnapshotMethod(inputs: SnapshotMethodInputs, where: string): Finding[] {
  if (snapshotMethod(inputs) !== "impossible") return [];
  const { datasets, isLocal, source } = inputs;
  const why = source.isRoot ? `OpenZFS ${source.zfs.userland} has no channel program for it` : "only root may do it";
  return [{
    check: "snapshot-names",
    where,
    verdict: "critical",
    text:
      `${datasets.length} datasets cannot be snapshotted at one moment: --exclude, or a replica among them, makes ` +
      `bzman name each one, the names do not fit into one command, and ${why} without one`,
    next: source.isRoot
      ? "leave nothing out, or replicate parts of the tree one by one; or update OpenZFS there to 2.0 or later"
      : `log in ${isLocal ? "" : "there "}as root, leave nothing out, or replicate parts of the tree one by one`,
  }];
}
