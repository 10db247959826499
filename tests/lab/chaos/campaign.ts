/**
 * The fault campaign: users work, something goes wrong, bzman runs until both sides agree; after every run it is proven that
 * nothing anybody had is gone, that nothing of bzman's is left running, and that the record tells what happened.
 *
 * @module
 */

import { ok, strictEqual } from "node:assert/strict";
import type { Lab } from "../../../lab/lab.ts";
import { bzman } from "../support/bzman.ts";
import { assertAllEnded } from "../support/faults.ts";
import { makePools } from "../support/trees.ts";
import { type ChaosFault, replicateInPeace, type Scene, usualExits } from "./fault.ts";
import { faults } from "./faults/all.ts";
import { aliveOptions } from "./faults/programs.ts";
import { makeRecordDisk, removeRecordDisk } from "./faults/record_disk.ts";
import { allowUsers, makeUsers } from "./faults/users.ts";
import { type Chance, chanceFrom } from "./random.ts";
import { assertEqual, assertNoHolds, assertNothingLost, assertTold, snapshotsOf } from "./state.ts";
import { makeTree, type Users, workOnce, writeOnce } from "./work.ts";

/** What a campaign saw so far. */
export interface CampaignReport {
  rounds: number;
  runs: number;
  /** How often each fault struck, and how often it came too late. */
  readonly met: Record<string, { struck: number; late: number }>;
}

/** After this many undisturbed runs both sides must agree. */
const mostRuns = 3;

/** So many rounds begin with the same pools; then come new ones, else all that is listed would grow for ever. */
const roundsOfPools = 25;

/** One line of what goes on. */
type Tell = (line: string) => void;

/** Runs a campaign on a pair of hosts. What they had is gone. The report is filled in as it goes on. */
export async function campaign(
  lab: Lab,
  seed: number,
  rounds: number,
  report: CampaignReport,
  tell: Tell,
): Promise<void> {
  const ssh = "/usr/local/bin/ssh";
  // A dead link is to be noticed in seconds. bzman's own limits would win over those of ~/.ssh/config.
  await lab.source.write(ssh, `#!/bin/sh\nexec /usr/bin/ssh ${aliveOptions} "$@"\n`, 0o755);
  try {
    await makeUsers(lab);
    // All this is to be there also after a power cut.
    await lab.source.sh("sync");
    for (let first = 1; first <= rounds; first += roundsOfPools) {
      const last = Math.min(rounds, first + roundsOfPools - 1);
      await live(lab, chanceFrom(seed + first), first, last, report, tell);
    }
  } finally {
    await removeRecordDisk(lab.source);
    await lab.source.sh(`rm -f ${ssh}`);
  }
}

/** The life of one pair of pools. */
async function live(
  lab: Lab,
  chance: Chance,
  first: number,
  last: number,
  report: CampaignReport,
  tell: Tell,
): Promise<void> {
  await makePools(lab);
  await makeRecordDisk(lab.source);
  await allowUsers(lab);
  const users = await makeTree(lab.source);
  const keep = chance.pick([[], ["--keep", "2"], ["--keep", "6"]]);
  for (let round = first; round <= last; round++) {
    const say: Tell = (line) => tell(`${round}: ${line}`);
    const fault = chance.pick(faults);
    const retries = chance.pick(["0", "0", "1"]);
    const args = ["--bwlimit", "2M", "--retries", retries, ...keep, "tank", "target"];
    say(await writeOnce(lab.source, users, chance));
    for (let i = chance.below(3); i > 0; i--) say(await workOnce(lab.source, users, chance));
    if (chance.below(5) === 0) say(await destroyCommon(lab, chance));
    if (round > first && chance.below(10) === 0) report.runs += await diverge(lab, users, chance, say);
    const scene = { lab, chance, args };
    await untilEqual(fault, scene, users, report, say);
    report.rounds++;
  }
  const verified = await bzman(lab.source, ["verify", "tank", "target"]);
  tell(`verify: ${verified.code}, ${verified.stdout.split("\n")[0]}`);
  ok(verified.code <= 1, verified.stdout + verified.stderr);
  await assertNoHolds(lab.source);
}

/** Runs once with the fault, then undisturbed until all is well. */
async function untilEqual(
  fault: ChaosFault,
  scene: Scene,
  users: Users,
  report: CampaignReport,
  tell: Tell,
): Promise<void> {
  const { lab, args } = scene;
  let before = await snapshotsOf(lab);
  for (let run = 0; run <= mostRuns; run++) {
    const began = performance.now();
    const disturbed = run > 0 ? undefined : await fault.strike(scene);
    const { code, stdout, stderr } = disturbed ?? await replicateInPeace(scene);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const why = code === 0 ? "" : ` (${firstError(stdout + stderr).slice(0, 200)})`;
    const late = disturbed?.hit === false;
    tell(`${run > 0 ? "again" : `${fault.name}${late ? ", too late" : ""}`}: exit ${code} after ${seconds} s${why}`);
    report.runs++;
    if (disturbed !== undefined) {
      const met = report.met[fault.name] ??= { struck: 0, late: 0 };
      late ? met.late++ : met.struck++;
    }
    const exits = disturbed === undefined ? [0, 1, 3] : fault.exits ?? usualExits;
    ok(exits.includes(code), `exit ${code} of ${exits.slice(0, 5)}\n${stdout}${stderr.slice(-4000)}`);
    if (disturbed === undefined || fault.lingers !== true) await assertAllEnded(lab);
    const after = await snapshotsOf(lab);
    assertNothingLost(before, after, users, args.includes("--keep"));
    if (fault.untold !== true || disturbed === undefined) await assertTold(lab, code);
    before = after;
    // Equality decides: a run that was killed before it sent anything may have ended with 0, or one of another user have sent all.
    if (code !== 0 || (disturbed !== undefined && fault.untold === true)) continue;
    await assertEqual(lab, after, scene.chance);
    return;
  }
  throw new Error(`not equal after ${mostRuns} undisturbed runs: ${(await bzman(lab.source, ["log"])).stdout}`);
}

/** What the run says of its failure, else its last words. */
function firstError(output: string): string {
  return / error: (.*)/.exec(output)?.[1] ?? output.trimEnd().split("\n").at(-1) ?? "";
}

/** Somebody writes to the copy: it is refused and left alone, and rolled back only when told to. Answers how many runs that took. */
async function diverge(lab: Lab, users: Users, chance: Chance, tell: Tell): Promise<number> {
  const { stdout } = await lab.target.sh("zfs list -H -r -t filesystem -o name tank");
  const there = new Set(stdout.split("\n"));
  const dataset = chance.pick(users.filesystems.filter((name) => there.has(name)));
  const at = "/run/chaos";
  await lab.target.sh(`zfs set readonly=off '${dataset}'; mkdir -p ${at}
    mount -t zfs -o zfsutil '${dataset}' ${at} && echo precious >${at}/precious && sync && umount ${at}
    zfs inherit readonly '${dataset}'; zpool sync`);
  tell(`wrote to the copy ${dataset}`);
  const before = await snapshotsOf(lab);
  const refused = await bzman(lab.source, ["replicate", "tank", "target"]);
  ok(refused.code === 1 || refused.code === 3, `a changed copy was not refused: ${refused.code}\n${refused.stdout}`);
  const kept = await lab.target.sh(`mount -t zfs -o ro,zfsutil '${dataset}' ${at} && cat ${at}/precious; umount ${at}`);
  strictEqual(kept.stdout.trim(), "precious");
  assertNothingLost(before, await snapshotsOf(lab), users, false);
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
