/**
 * The fault campaign: users work, something goes wrong, bzman runs until both sides agree; after every run it is proven that
 * nothing anybody had is gone, that nothing of bzman's is left running, and that the record tells what happened.
 *
 * @module
 */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Lab } from "../../../lab/lab.ts";
import { bzman, loggedRuns } from "../support/bzman.ts";
import { assertAllEnded } from "../support/faults.ts";
import { type Chance, chanceFrom } from "./random.ts";
import { replicateIn, type Trouble, troubles } from "./trouble.ts";
import { makeTree, type Users, workOnce } from "./work.ts";

/** What a campaign saw. */
export interface CampaignReport {
  readonly rounds: number;
  readonly runs: number;
  /** How often each trouble was survived. */
  readonly survived: Readonly<Record<string, number>>;
}

/** After this many undisturbed runs both sides must agree. */
const mostRuns = 4;

/** Runs a campaign on a pair of hosts that have an empty pool `tank` each. */
export async function campaign(
  lab: Lab,
  seed: number,
  rounds: number,
  tell: (line: string) => void,
): Promise<CampaignReport> {
  const chance = chanceFrom(seed);
  const users = await makeTree(lab.source);
  const survived: Record<string, number> = {};
  let runs = 0;
  for (let round = 1; round <= rounds; round++) {
    for (let i = chance.below(3) + 1; i > 0; i--) tell(`${round}: ${await workOnce(lab.source, users, chance)}`);
    if (chance.below(4) === 0) tell(`${round}: ${await destroyCommon(lab, chance)}`);
    if (round > 1 && chance.below(4) === 0) {
      runs += await diverge(lab, users, chance, (line) => tell(`${round}: ${line}`));
      survived["write to the target"] = (survived["write to the target"] ?? 0) + 1;
    }
    const trouble = chance.pick(troubles);
    runs += await untilEqual(trouble, lab, users, chance, (line) => tell(`${round}: ${line}`));
    survived[trouble] = (survived[trouble] ?? 0) + 1;
  }
  return { rounds, runs, survived };
}

/** Runs once in trouble, then undisturbed until all is well. */
async function untilEqual(
  trouble: Trouble,
  lab: Lab,
  users: Users,
  chance: Chance,
  tell: (line: string) => void,
): Promise<number> {
  for (let run = 0; run <= mostRuns; run++) {
    const before = await arrivedGuids(lab);
    const began = performance.now();
    const { code, stderr } = await replicateIn(run === 0 ? trouble : "none", lab, chance);
    const seconds = Math.round((performance.now() - began) / 1000);
    const why = code === 0 ? "" : ` (${/ error: (.*)/.exec(stderr)?.[1]?.slice(0, 200) ?? "no word"})`;
    tell(`${run === 0 ? trouble : "again"}: exit ${code} after ${seconds} s${why}`);
    await assertNothingLost(lab, users, before);
    await assertAllEnded(lab);
    await assertTold(lab, code);
    if (code !== 0) continue;
    // A run that was killed before it sent anything may have ended with 0: equality decides.
    await assertEqual(lab);
    return run + 1;
  }
  throw new Error(`not equal after ${mostRuns} undisturbed runs: ${(await bzman(lab.source, ["log"])).stdout}`);
}

/** Somebody writes to the copy: it is refused and left alone, and rolled back only when told to. */
async function diverge(lab: Lab, users: Users, chance: Chance, tell: (line: string) => void): Promise<number> {
  const { stdout } = await lab.target.sh("zfs list -H -r -t filesystem -o name tank");
  const there = new Set(stdout.split("\n"));
  const dataset = chance.pick(users.filesystems.filter((name) => there.has(name)));
  const at = "/run/chaos";
  await lab.target.sh(`zfs set readonly=off '${dataset}'; mkdir -p ${at}
    mount -t zfs -o zfsutil '${dataset}' ${at} && echo precious >${at}/precious && sync && umount ${at}
    zfs inherit readonly '${dataset}'; zpool sync`);
  tell(`wrote to the copy ${dataset}`);
  const before = await arrivedGuids(lab);
  const refused = await bzman(lab.source, ["replicate", "tank", "target"]);
  ok(refused.code === 1 || refused.code === 3, `a changed copy was not refused: ${refused.code}\n${refused.stdout}`);
  const kept = await lab.target.sh(`mount -t zfs -o ro,zfsutil '${dataset}' ${at} && cat ${at}/precious; umount ${at}`);
  strictEqual(kept.stdout.trim(), "precious");
  await assertNothingLost(lab, users, before);
  const rolled = await bzman(lab.source, ["replicate", "tank", "target", "--on-divergence", "rollback"]);
  tell(`rolled back: exit ${rolled.code}`);
  return 2;
}

/** Destroys a snapshot of bzman's on the source by hand, perhaps the common one. */
async function destroyCommon(lab: Lab, chance: Chance): Promise<string> {
  const { stdout } = await lab.source.sh("zfs list -H -r -t snapshot -o name tank | grep '@incremental-'; true");
  const names = stdout.split("\n").filter((name) => name !== "");
  if (names.length === 0) return "nothing to destroy yet";
  const name = chance.pick(names);
  const { code } = await lab.source.sh(`zfs destroy '${name}'`, { check: false });
  return code === 0 ? `destroyed ${name}` : `could not destroy ${name}`;
}

async function arrivedGuids(lab: Lab): Promise<ReadonlySet<string>> {
  return new Set((await lab.target.guids("tank")).values());
}

async function assertNothingLost(lab: Lab, users: Users, before: ReadonlySet<string>): Promise<void> {
  const source = new Set((await lab.source.guids("tank")).values());
  deepStrictEqual([...users.kept].filter(([guid]) => !source.has(guid)), [], "a user's snapshot is gone");
  const target = await arrivedGuids(lab);
  deepStrictEqual([...before].filter((guid) => !target.has(guid)), [], "a snapshot that had arrived is gone");
}

/** The newest record agrees with the exit status; that of a killed run still says `running`. */
async function assertTold(lab: Lab, code: number): Promise<void> {
  const last = (await loggedRuns(lab.source, "--limit", "1")).at(-1);
  ok(last !== undefined, "no record");
  if (code === 137) return;
  strictEqual(last.exitStatus, code);
  strictEqual(last.result === "ok", code === 0);
  if (code !== 0) ok(last.message !== null && last.errorClass !== null, "a failed run without a reason");
}

/** Every dataset of the source has its newest snapshot on the target, by GUID and content. */
async function assertEqual(lab: Lab): Promise<void> {
  const [source, target] = await Promise.all([lab.source.guids("tank"), lab.target.guids("tank")]);
  const newest = new Map<string, string>();
  const { stdout } = await lab.source.sh("zfs list -H -r -t snapshot -s createtxg -o name tank");
  for (const name of stdout.trim().split("\n")) newest.set(name.split("@")[0] ?? "", name);
  for (const name of newest.values()) strictEqual(target.get(name), source.get(name), `${name} has not arrived`);
  for (const name of [...newest.values()].slice(0, 4)) {
    strictEqual(await lab.target.checksum(name), await lab.source.checksum(name), `${name} differs`);
  }
}
