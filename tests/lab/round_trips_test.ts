// How often a cycle goes to the other host and back: a constant, and small, however many datasets there are and however far it is.

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { replicateWell } from "./support/bzman.ts";
import { withFake } from "./support/faults.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, makePools } from "./support/trees.ts";

const lab = sharedLab();

/** What a run asks of the other host: as many sessions, one after another, and seconds. */
interface Cost {
  readonly sessions: number;
  readonly seconds: number;
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const { source } = lab;
  await source.sh("rm -f /run/ssh-calls");
  const began = performance.now();
  await withFake(source, "ssh", `echo x >>/run/ssh-calls; exec $real "$@"`, work);
  const seconds = (performance.now() - began) / 1000;
  return { sessions: Number((await source.sh("wc -l </run/ssh-calls")).stdout), seconds };
}

/** A cycle in which all is new, and one in which nothing is. */
async function cycles(): Promise<readonly [changed: Cost, nothing: Cost]> {
  await lab.source.sh("for d in /tank/u/fs*; do date +%N >>$d/file; done");
  const changed = await costOf(() => replicateWell(lab.source, "tank/u", "target"));
  const nothing = await costOf(() => replicateWell(lab.source, "--no-snapshot", "tank/u", "target"));
  return [changed, nothing];
}

const sessionsOf = (costs: readonly Cost[]): number[] => costs.map(({ sessions }) => sessions);

Deno.test("a link of 50 ms: a cycle has as many sessions for twelve datasets as for three, and few", async () => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh("zfs create tank/u; for i in 1 2; do zfs create tank/u/fs$i; done");
  await replicateWell(source, "tank/u", "target");
  await cycles();
  const near = await cycles();
  await source.sh("for i in 3 4 5 6 7 8 9 10 11; do zfs create tank/u/fs$i; done");
  await replicateWell(source, "tank/u", "target");
  await cycles();
  await Promise.all([source, target].map((host) => host.sh("tc qdisc add dev eth1 root netem delay 25ms")));
  try {
    const far = await cycles();
    deepStrictEqual(sessionsOf(far), sessionsOf(near));
    ok(sessionsOf(far).every((sessions) => sessions <= 12), `too many: ${sessionsOf(far)}`);
    const shown = (costs: readonly Cost[]) =>
      costs.map(({ sessions, seconds }) => `${sessions} in ${seconds.toFixed(1)} s`);
    console.log(`all changed, nothing new: ${shown(near).join(", ")}; at 50 ms: ${shown(far).join(", ")}`);
    // Beginning a connection takes some ten round trips, each session two or three: on this link, that is no second apiece.
    for (const [i, { seconds }] of far.entries()) ok(seconds < near[i]!.seconds * 2 + 10, `${seconds} s`);
  } finally {
    await Promise.all([source, target].map((host) => host.sh("tc qdisc del dev eth1 root")));
  }
  await assertCopied({ host: source, top: "tank/u" }, { host: target, top: "tank/u" });
  strictEqual((await source.sh("pgrep -x ssh; true")).stdout, "");
});
