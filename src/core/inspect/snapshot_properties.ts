/**
 * Asks for properties of single snapshots.
 *
 * @module
 */

import { parseRows } from "../../zfs/arguments/command.ts";
import { onlyMissingNames } from "../../zfs/parsers/missing_names.ts";
import type { Host, Outcome } from "../ports.ts";
import { outcomeFault } from "./query.ts";
import { nameBatches } from "./name_batches.ts";

/** The values of a snapshot's properties, by their names; `-` where it has none. */
export type Properties = ReadonlyMap<string, string>;

/** What a host said of snapshots. */
export interface Told {
  /** By full name; what vanished meanwhile is missing. */
  readonly found: ReadonlyMap<string, Properties>;
  /** Full names of those of which it said nothing, not even that they are not there. */
  readonly unanswered: ReadonlySet<string>;
  /** Why it said nothing of them, in words; empty where it said all. */
  readonly why: string;
}

const limitMs = 10 * 60_000;

/**
 * Asks for them.
 *
 * @param names Full names of snapshots.
 * @throws {SyntaxError} When the answer cannot be read.
 */
export async function readProperties(
  host: Host,
  names: readonly string[],
  properties: readonly string[],
  signal: AbortSignal,
): Promise<Told> {
  const found = new Map<string, Map<string, string>>();
  const unanswered = new Set(names);
  let why = "";
  for (const batch of nameBatches(names)) {
    const argv = ["zfs", "get", "-H", "-p", "-o", "name,property,value", properties.join(","), ...batch];
    const outcome = await host.run(argv, { signal, timeoutMs: limitMs });
    const isWhole = saidAll(outcome);
    if (!isWhole) why ||= outcomeFault(host, argv, outcome, "cannot read properties").why ?? "";
    // Each further batch would wait as long, and what came may end within a line.
    if (outcome.connection || outcome.stopped) break;
    for (const [name = "", property = "", value = ""] of parseRows(outcome.stdout, 3)) {
      const entry = found.get(name) ?? new Map<string, string>();
      entry.set(property, value);
      found.set(name, entry);
      unanswered.delete(name);
    }
    if (isWhole) { for (const name of batch) unanswered.delete(name); }
  }
  return { found, unanswered, why };
}

/** Status 1 may say no more than that some are not there; the others are told. */
function saidAll(outcome: Outcome): boolean {
  return (outcome.status === 0 && !outcome.connection && !outcome.stopped) || onlyMissingNames(outcome);
}
