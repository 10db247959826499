/**
 * What both sides have, and the proofs of a campaign about it: nothing lost, nothing left running, the record right, both equal.
 *
 * @module
 */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type Lab, type LabHost, quote } from "../../../lab/lab.ts";
import { loggedRuns } from "../support/bzman.ts";
import type { Chance } from "./random.ts";
import type { Users } from "./work.ts";

/** A snapshot as `zfs list` tells it. */
interface Listed {
  readonly name: string;
  readonly guid: string;
}

/** All snapshots of both sides, in each dataset the oldest first. */
export interface Snapshots {
  readonly source: readonly Listed[];
  readonly target: readonly Listed[];
}

/** Lists both sides at once. */
export async function snapshotsOf(lab: Lab): Promise<Snapshots> {
  const [source, target] = await Promise.all([list(lab.source), list(lab.target)]);
  return { source: source!, target: target! };
}

async function list(host: LabHost): Promise<readonly Listed[]> {
  const { stdout } = await host.sh("zfs list -H -p -r -t snapshot -s createtxg -o name,guid tank");
  return stdout.split("\n").filter((line) => line !== "").map((line) => {
    const [name = "", guid = ""] = line.split("\t");
    return { name, guid };
  });
}

/**
 * Proves that nothing anybody had is gone. Of what had arrived, only bzman's own snapshots may go, where they are told to be
 * pruned, and only from a copy that still has one in common with its source, if it had one.
 */
export function assertNothingLost(before: Snapshots, after: Snapshots, users: Users, prunes: boolean): void {
  const source = new Set(after.source.map(({ guid }) => guid));
  deepStrictEqual([...users.kept].filter(([guid]) => !source.has(guid)), [], "a user's snapshot is gone");
  const there = new Map(after.target.map(({ name, guid }) => [guid, name]));
  const lost = before.target.filter(({ name, guid }) =>
    !there.has(guid) && !(prunes && name.includes("@incremental-"))
  );
  deepStrictEqual(lost, [], "a snapshot that had arrived is gone");
  const chained = new Set(after.target.filter(({ guid }) => source.has(guid)).map(({ name }) => datasetOf(name)));
  for (const [dataset, guid] of newestCommon(before)) {
    // A copy that was renamed is found by what is left of it.
    const left = before.target.filter(({ name }) => datasetOf(name) === dataset).map((one) => there.get(one.guid));
    const now = datasetOf(there.get(guid) ?? left.find((name) => name !== undefined) ?? `${dataset}@`);
    const isGone = !after.source.some(({ name }) => datasetOf(name) === now);
    ok(there.has(guid) || isGone || chained.has(now), `${now} has no snapshot in common any more`);
  }
}

function datasetOf(snapshot: string): string {
  return snapshot.split("@", 1)[0] ?? "";
}

/** The GUID of the newest common snapshot of each dataset of the target that has one. */
function newestCommon({ source, target }: Snapshots): ReadonlyMap<string, string> {
  const known = new Set(source.map(({ guid }) => guid));
  const newest = new Map<string, string>();
  for (const { name, guid } of target) if (known.has(guid)) newest.set(datasetOf(name), guid);
  return newest;
}

/** Proves that the newest record agrees with the exit status. */
export async function assertTold(lab: Lab, code: number): Promise<void> {
  const last = (await loggedRuns(lab.source, "--limit", "1")).at(-1);
  ok(last !== undefined, "no record");
  strictEqual(last.exitStatus, code, `the record says ${last.result} ${last.exitStatus}`);
  strictEqual(last.result === "ok", code === 0);
  if (code !== 0) ok(last.message !== null && last.errorClass !== null, "a failed run without a reason");
}

/** Proves that every dataset of the source has its newest snapshot on the target, by GUID, and in two of them by content. */
export async function assertEqual(lab: Lab, { source, target }: Snapshots, chance: Chance): Promise<void> {
  const copied = new Map(target.map(({ name, guid }) => [name, guid]));
  const newest = new Map(source.map((snapshot) => [snapshot.name.split("@")[0] ?? "", snapshot]));
  const { stdout } = await lab.source.sh("zfs list -H -r -t filesystem,volume -o name tank");
  for (const dataset of stdout.trimEnd().split("\n")) ok(newest.has(dataset), `${dataset} has no snapshot`);
  for (const { name, guid } of newest.values()) strictEqual(copied.get(name), guid, `${name} has not arrived`);
  for (const name of new Set([1, 2].map(() => chance.pick([...newest.values()]).name))) {
    const [there, here] = await Promise.all([lab.target, lab.source].map((host) => host.checksum(name)));
    strictEqual(there, here, `${name} differs`);
  }
}

/** Proves that no hold of bzman's is left in a tree whose copy is whole. */
export async function assertNoHolds(host: LabHost): Promise<void> {
  const { stdout } = await host.sh(
    `zfs list -H -r -t snapshot -o name,userrefs tank | while read -r name refs; do
      [ "$refs" = 0 ] || zfs holds -H "$name"; done`,
  );
  strictEqual(stdout, "", `holds are left on ${quote(host.name)}`);
}
