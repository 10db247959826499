/**
 * Status 1 of `zfs` for a list of names is an answer only when everything it complains of is that some are not there.
 *
 * @module
 */

// zfs_main.c, zfs_do_get(), zfs_do_list(), zfs_do_destroy(); libzfs_dataset.c, zfs_open(), zfs_get_bookmarks()
const vanishedLine =
  /^(?:cannot \S.*: )?(?:dataset does not exist|(?:snapshot|bookmark) .*does not exist|could not find any snapshots to destroy; check snapshot names\.)$/;

/**
 * Whether a command that failed said of what it did not answer that it is not there, and nothing else. Silence is no
 * answer, nor is a complaint of another kind beside it, nor one that was cut.
 *
 * @param outcome How the command ended.
 */
export function onlyMissingNames(
  outcome: {
    readonly status: number;
    readonly stderr: string;
    readonly stopped?: unknown;
    readonly connection?: unknown;
  },
): boolean {
  if (outcome.status !== 1 || outcome.stopped !== undefined || outcome.connection !== undefined) return false;
  const lines = outcome.stderr.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return lines.length > 0 && lines.every((line) => vanishedLine.test(line));
}
