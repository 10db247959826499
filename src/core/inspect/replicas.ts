/**
 * Tells which datasets are themselves copies of others: their newest snapshot of bzman was received, or marked as it
 * arrived, and not made there.
 *
 * @module
 */

import { eachRow } from "../../zfs/arguments/command.ts";
import type { Dataset } from "../../zfs/names/dataset.ts";
import { type DatasetName, parentOf } from "../../zfs/names/names.ts";
import { isAnyBzmanSnapshot, receivedTagProperty, snapshotProperty } from "../../zfs/names/bzman_names.ts";
import { onlyMissingNames } from "../../zfs/parsers/missing_names.ts";
import { fullName, type Snapshot } from "../../zfs/names/version.ts";
import { Fault } from "../fault.ts";
import type { Host } from "../ports.ts";
import { outcomeFault } from "./query.ts";
import { nameBatches } from "./name_batches.ts";

/**
 * The snapshots that tell: a copy is read-only, and others may have made snapshots of it since.
 *
 * @param datasets As listed, without placeholders.
 */
export function tellingSnapshots(datasets: readonly Dataset[]): readonly Snapshot[] {
  return datasets.flatMap(({ readonly, snapshots }) => {
    const newest = readonly ? snapshots.findLast(({ name }) => isAnyBzmanSnapshot(name)) : undefined;
    return newest ? [newest] : [];
  });
}

/**
 * What must be left out of a larger tree, each dataset with the replica that it is or lies in: the uppermost, with which it
 * came.
 *
 * @param datasets Those that a run would snapshot.
 */
export function withinReplicas(
  datasets: readonly DatasetName[],
  replicas: readonly DatasetName[],
): ReadonlyMap<DatasetName, DatasetName> {
  const all = new Set(replicas);
  const found = new Map<DatasetName, DatasetName>();
  for (const dataset of datasets) {
    for (let at: DatasetName | undefined = dataset; at !== undefined; at = parentOf(at)) {
      if (all.has(at)) found.set(dataset, at);
    }
  }
  return found;
}

/**
 * Asks which of the datasets are replicas; where none can be one, nothing is asked.
 *
 * @throws {Fault} When the host does not answer.
 */
export async function replicasAmong(
  host: Host,
  datasets: readonly Dataset[],
  signal: AbortSignal,
): Promise<readonly DatasetName[]> {
  const telling = new Map(tellingSnapshots(datasets).map((snapshot) => [fullName(snapshot), snapshot.dataset]));
  const replicas = new Set<DatasetName>();
  for (const batch of nameBatches([...telling.keys()])) {
    const argv = [
      "zfs",
      "get",
      "-H",
      "-p",
      "-o",
      "name,property,source",
      `${snapshotProperty},${receivedTagProperty}`,
      ...batch,
    ];
    const outcome = await host.run(argv, { signal });
    if (outcome.status !== 0 && !onlyMissingNames(outcome)) {
      throw new Fault(outcomeFault(host, argv, outcome, "cannot see what is a replica"));
    }
    for (const [name = "", property, source] of eachRow(outcome.stdout, 3)) {
      const dataset = telling.get(name);
      // The mark says so itself, whoever's copy it is.
      const arrived = source === "received" || (property === receivedTagProperty && source === "local");
      if (dataset !== undefined && arrived) replicas.add(dataset);
    }
  }
  return [...replicas];
}
