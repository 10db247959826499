/**
 * Feature flags of pools, as far as streams depend on them.
 *
 * @module
 */

import { type Command, parseRows } from "../arguments/command.ts";
import type { DatasetName } from "../names/names.ts";

/** Each feature's state: `disabled`, `enabled` or `active`; a feature that the release does not know is missing. */
export type Features = ReadonlyMap<string, string>;

/** Reads the feature flags of a pool. */
export function poolFeatures(pool: DatasetName): Command<Features> {
  return {
    argv: ["zpool", "get", "-H", "-p", "-o", "property,value", "all", pool],
    parse(stdout) {
      const rows = parseRows(stdout, 2);
      return new Map(
        rows.flatMap(([property = "", value = ""]): [string, string][] =>
          property.startsWith("feature@") ? [[property.slice("feature@".length), value]] : []
        ),
      );
    },
  };
}

/**
 * Features that a receiver must have when the sender uses them, since they show in the stream (`zpool-features(7)`;
 * compressed and large blocks travel as they are).
 */
const inStreams = ["large_blocks", "lz4_compress", "zstd_compress", "encryption", "large_dnode", "longname"];

/** Features that the source uses and that would stand in a stream, but that the target cannot take. */
export function missingFeatures(source: Features, target: Features): string[] {
  return inStreams.filter((name) => source.get(name) === "active" && !isOn(target.get(name)));
}

/** Whether a state lets the feature be used. */
export function isOn(state: string | undefined): boolean {
  return state === "enabled" || state === "active";
}
