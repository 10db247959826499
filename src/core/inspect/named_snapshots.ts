/**
 * Success means that the target shows the GUID that was to be sent: this asks it.
 *
 * @module
 */

import { listNamedSnapshots } from "../../zfs/parsers/list.ts";
import { onlyMissingNames } from "../../zfs/parsers/missing_names.ts";
import { fullName, type Snapshot } from "../../zfs/names/version.ts";
import { Fault } from "../fault.ts";
import type { Host } from "../ports.ts";
import { outcomeFault } from "./query.ts";
import { nameBatches } from "./name_batches.ts";

/**
 * Lists named snapshots; those that are not there are simply missing from the answer.
 *
 * @returns By full name.
 * @throws {Fault} When the host does not answer.
 */
export async function findSnapshots(
  host: Host,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, Snapshot>> {
  const found = new Map<string, Snapshot>();
  for (const batch of nameBatches(names)) {
    const command = listNamedSnapshots(batch);
    const outcome = await host.run(command.argv, { signal, timeoutMs: 10 * 60_000 });
    if (outcome.status !== 0 && !onlyMissingNames(outcome)) {
      throw new Fault(outcomeFault(host, command.argv, outcome, "cannot verify what arrived"));
    }
    for (const version of command.parse(outcome.stdout)) {
      if (version.kind === "snapshot") found.set(fullName(version), version);
    }
  }
  return found;
}
