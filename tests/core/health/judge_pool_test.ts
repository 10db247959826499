import assert from "node:assert/strict";
import { judgePool, type PoolInputs } from "../../../src/core/health/judge_pool.ts";
import type { PoolInspection } from "../../../src/core/health/pool_inspection.ts";
import { lastScrubAt, scrubText } from "../../../src/core/health/scrub.ts";
import { now, seenPool, show } from "./seen_pool.ts";

const day = 86_400_000;
const inputs: PoolInputs = { now, scrubAgeMs: 35 * day, recordedScrubAt: undefined, earlier: [], format: show };

/** The findings in short lines. */
function judge(look: PoolInspection, changes: Partial<PoolInputs> = {}): string[] {
  return judgePool(look, { ...inputs, ...changes }).map(({ check, verdict, text }) => `${verdict} ${check}: ${text}`);
}

const degraded = "warning pool-degraded: it is DEGRADED";
const spare = "warning spare-in-use: the spare /pools/s1 stands in for /pools/a2, which is FAULTED: " +
  "until that ends, the spare is not there for another disk";
const noEnd = "ZFS cannot tell its end yet";
const cases: Readonly<Record<string, readonly string[]>> = {
  mirror_with_log_cache_spare: [],
  scrub_running: [],
  scrub_paused: [
    `ok scrub-paused: its scrub is paused for ${(now - Date.UTC(2026, 10, 22, 21, 3, 16)) / 60_000} min, 19.99 % done`,
  ],
  scrub_done: [],
  features_disabled: [],
  raidz_expanding: [`ok expansion: the expansion of raidz1-0 is under way, 0 % done, ${noEnd}`],
  removing: ["ok removal: the removal of /pools/b2 is under way, 0.1 % done, expected to end in 15 min"],
  checkpoint: [
    `ok checkpoint: it has a checkpoint of ${
      (now - Date.UTC(2026, 10, 22, 21, 4, 50)) / 60_000
    } min ago, which holds 67.5K`,
  ],
  resilvered: [],
  scrub_repaired: [
    "warning device-errors: /pools/a1 had 307 checksum errors",
    `warning scrub-repaired: the scrub that ended ${
      (now - Date.UTC(2026, 10, 22, 21, 3, 23)) / 60_000
    } min ago had to repair 30.3M`,
  ],
  device_faulted: [`${degraded}: /pools/a2 is FAULTED (external device fault)`],
  device_missing: [`${degraded}: 11656449821400983903 is UNAVAIL (was /pools/u2)`],
  replacing: [
    `${degraded}: 11656449821400983903 is UNAVAIL (was /pools/u2)`,
    `warning resilver: a resilver is under way, 5.05 % done, ${noEnd}; ` +
    "until then redundancy is reduced: 11656449821400983903, /pools/u3",
  ],
  resilver_onto_spare: [
    `${degraded}: /pools/a2 is FAULTED (external device fault)`,
    spare,
    `warning resilver: a resilver is under way, 0.2 % done, ${noEnd}; ` +
    "until then redundancy is reduced: /pools/a2, /pools/s1",
  ],
  spare_in_use: [`${degraded}: /pools/a2 is FAULTED (external device fault)`, spare],
  scrub_canceled: [`${degraded}: /pools/a2 is FAULTED (external device fault)`],
  data_errors: [
    "critical data-errors: 310 files or blocks are permanently damaged",
    "warning device-errors: /pools/b1 had 711 checksum errors",
    `warning scrub-repaired: the scrub that ended ${
      (now - Date.UTC(2026, 10, 22, 21, 4, 30)) / 60_000
    } min ago had to repair 66K`,
  ],
};

Deno.test("verdicts on what real pools printed", () => {
  for (const [file, expected] of Object.entries(cases)) assert.deepEqual(judge(seenPool(file)), expected, file);
});

Deno.test("a pool that does not answer is critical, a host that does not is unknown", () => {
  const place = { host: "target", isLocal: false, pool: "my pool" };
  const [suspended] = judgePool({ kind: "suspended", ...place }, inputs);
  assert.equal(suspended?.subject, "target:my pool");
  assert.equal(suspended?.verdict, "critical");
  assert.equal(suspended?.next, `bring the disks back, then: ssh target 'zpool clear '\\''my pool'\\'''`);
  const [silent] = judgePool({ kind: "unresponsive", ...place, limitMs: 60_000, stuck: true }, inputs);
  assert.equal(silent?.verdict, "critical");
  assert.match(silent?.text ?? "", /no answer within 1 min and is stuck in the kernel/);
  const [missing] = judgePool({ kind: "missing", ...place, isLocal: true, pool: "tank" }, inputs);
  assert.deepEqual([missing?.verdict, missing?.next], ["critical", "zpool import tank"]);
  const fault = { errorClass: "ssh-unreachable", what: "cannot look at pools", why: "timed out", exit: 3 };
  const [lost] = judgePool({ kind: "unreachable", ...place, pool: "", fault }, inputs);
  assert.deepEqual([lost?.subject, lost?.verdict, lost?.text], [
    "target",
    "unknown",
    "cannot look at pools: timed out",
  ]);
});

Deno.test("a state that is worse than DEGRADED is critical, an unknown one too", () => {
  for (const state of ["FAULTED", "UNAVAIL", "REMOVED", "STRANGE"]) {
    const pool = seenPool("scrub_done");
    const findings = judge({ ...pool, status: { ...pool.status, state } });
    assert.deepEqual(findings, [`critical pool-${state.toLowerCase()}: it is ${state}`]);
  }
});

Deno.test("the loss of a cache or a spare is told, though the pool stays ONLINE", () => {
  const pool = seenPool("mirror_with_log_cache_spare");
  const vdevs = pool.status.vdevs.map((vdev) =>
    vdev.role === "cache" || vdev.role === "spares" ? { ...vdev, state: "UNAVAIL", note: "" } : vdev
  );
  assert.deepEqual(judge({ ...pool, status: { ...pool.status, vdevs } }), [
    "warning spare-or-cache: cache vdb is UNAVAIL, spare /pools/s1 is UNAVAIL",
  ]);
});

Deno.test("what ZFS notes and bzman does not know is passed on, unless something known explains it", () => {
  const pool = seenPool("scrub_done");
  const status = { ...pool.status, status: "Mismatch between pool hostid and system hostid.", action: "Export it." };
  assert.deepEqual(judgePool({ ...pool, status }, inputs).map(({ text, next }) => [text, next]), [
    ["Mismatch between pool hostid and system hostid.", "Export it."],
  ]);
});

Deno.test("a scrub is overdue by its end, else by the record, else by the birth of the pool", () => {
  const scrubbed = seenPool("scrub_done");
  const ended = Date.UTC(2026, 10, 22, 21, 3, 17);
  assert.equal(lastScrubAt(scrubbed, 1), ended);
  assert.deepEqual(judge(scrubbed, { now: ended + 35 * day }), []);
  assert.match(judge(scrubbed, { now: ended + 35 * day + 1 })[0] ?? "", /^warning scrub-overdue: its last scrub ended/);
  const young = seenPool("mirror_with_log_cache_spare");
  const old = { ...young, space: { ...young.space, createdAt: now - 36 * day } };
  assert.match(judge(old)[0] ?? "", /^warning scrub-overdue: no scrub is known, and it is \d+ min old/);
  assert.deepEqual(judge(old, { recordedScrubAt: now - 34 * day }), []);
  assert.match(judge(old, { recordedScrubAt: now - 36 * day })[0] ?? "", /its last scrub ended/);
  // ZFS knows only the last scan: a resilver hides the scrub before it.
  const resilvered = { ...seenPool("resilvered"), space: old.space };
  assert.deepEqual(judge(resilvered), []);
  assert.match(judge(resilvered, { recordedScrubAt: now - 36 * day })[0] ?? "", /its last scrub ended/);
  // One on its way will soon have ended.
  assert.deepEqual(judge({ ...seenPool("scrub_running"), space: old.space }), []);
});

Deno.test("a paused scrub is given a day, a repair is news for two", () => {
  const paused = seenPool("scrub_paused");
  const since = Date.UTC(2026, 10, 22, 21, 3, 16);
  assert.match(judge(paused, { now: since + day }).join(), /^ok scrub-paused/);
  assert.match(judge(paused, { now: since + day + 1 })[0] ?? "", /^warning scrub-paused/);
  const repaired = seenPool("scrub_repaired");
  const at = Date.UTC(2026, 10, 22, 21, 3, 23);
  assert.equal(judge(repaired, { now: at + 2 * day }).length, 1);
});

Deno.test("errors that a scrub met count also after the list of lost files was cleared", () => {
  const pool = seenPool("data_errors");
  const vdevs = pool.status.vdevs.map((vdev) => ({ ...vdev, checksumErrors: 0n }));
  const cleared = { ...pool, status: { ...pool.status, vdevs, dataErrors: 0n, status: undefined } };
  assert.deepEqual(judge(cleared), ["warning scrub-errors: its last scrub met 316 errors that it could not repair"]);
});

Deno.test("the zone of the host is taken off its local times", () => {
  const pool = seenPool("scrub_done", { zoneOffsetMs: 2 * 3_600_000 });
  assert.equal(lastScrubAt(pool, undefined), Date.UTC(2026, 10, 22, 19, 3, 17));
});

Deno.test("how scrubs stand, in words", () => {
  assert.equal(scrubText(seenPool("scrub_running"), inputs), "running, 19 %");
  assert.equal(scrubText(seenPool("scrub_paused"), inputs), "paused at 19 %");
  assert.equal(scrubText(seenPool("mirror_with_log_cache_spare"), inputs), "never");
  assert.match(scrubText(seenPool("scrub_repaired"), inputs), /min ago, 30\.3M repaired$/);
});
