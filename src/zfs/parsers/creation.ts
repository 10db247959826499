/**
 * When snapshots were made. Asked only of the few whose names do not tell: the column makes `zfs list` open each one.
 *
 * @module
 */

import { type Command, parseCount, parseRows } from "../arguments/command.ts";
import { type Guid, parseGuid } from "../names/names.ts";

/** Lists named snapshots by GUID, with their creation in milliseconds since 1970. Missing ones make the status 1. */
export function listCreation(names: readonly string[]): Command<ReadonlyMap<Guid, number>> {
  return {
    argv: ["zfs", "list", "-H", "-p", "-t", "snapshot", "-o", "guid,creation", ...names],
    parse: (stdout) =>
      new Map(
        parseRows(stdout, 2).map((
          [guid = "", creation = ""],
        ) => [parseGuid(guid), Number(parseCount(creation)) * 1000]),
      ),
  };
}
