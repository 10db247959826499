/**
 * Asks for properties of single snapshots.
 *
 * @module
 */

import { parseRows } from "../../zfs/command.ts";
import type { Host } from "../ports.ts";
import { inBatches } from "./batches.ts";

/** The values of a snapshot's properties, by their names; `-` where it has none. */
export type Properties = ReadonlyMap<string, string>;

const limitMs = 10 * 60_000;

/**
 * Asks for them.
 *
 * @param names Full names of snapshots.
 * @returns By full name; what vanished meanwhile, or could not be asked, is missing.
 * @throws {SyntaxError} When the answer cannot be read.
 */
export async function readProperties(
  host: Host,
  names: readonly string[],
  properties: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, Properties>> {
  const result = new Map<string, Map<string, string>>();
  for (const batch of inBatches(names)) {
    const outcome = await host.run(
      ["zfs", "get", "-H", "-p", "-o", "name,property,value", properties.join(","), ...batch],
      { signal, timeoutMs: limitMs },
    );
    // Status 1: some are not there; the others are told.
    for (const [name = "", property = "", value = ""] of parseRows(outcome.stdout, 3)) {
      const entry = result.get(name) ?? new Map<string, string>();
      entry.set(property, value);
      result.set(name, entry);
    }
  }
  return result;
}
