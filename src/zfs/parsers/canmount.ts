/**
 * Whether a filesystem would be mounted at boot, and who said so.
 *
 * @module
 */

import { type Command, eachRow } from "../arguments/command.ts";
import { type DatasetName, parseDatasetName } from "../names/names.ts";

/** What decides whether a filesystem is mounted at boot. */
export interface CanmountState {
  readonly name: DatasetName;
  /** `on`, `off` or `noauto`. */
  readonly canmount: string;
  /** Where `canmount` comes from: `local` (somebody set it), `received` or `default`. */
  readonly source: string;
  readonly mounted: boolean;
  readonly readonly: boolean;
}

/** Asks it of the named filesystems; those that do not exist make the status 1 and are missing from the output. */
export function listCanmount(names: readonly DatasetName[]): Command<CanmountState[]> {
  return {
    argv: ["zfs", "get", "-H", "-p", "-o", "name,property,value,source", "canmount,mounted,readonly", ...names],
    parse: (stdout) => {
      const found = new Map<string, Map<string, readonly [value: string, source: string]>>();
      for (const [name = "", property = "", value = "", source = ""] of eachRow(stdout, 4)) {
        const entry = found.get(name) ?? new Map<string, readonly [string, string]>();
        found.set(name, entry.set(property, [value, source]));
      }
      return [...found].map(([name, of]) => ({
        name: parseDatasetName(name),
        canmount: of.get("canmount")?.[0] ?? "",
        source: of.get("canmount")?.[1] ?? "",
        mounted: of.get("mounted")?.[0] === "yes",
        readonly: of.get("readonly")?.[0] === "on",
      }));
    },
  };
}
