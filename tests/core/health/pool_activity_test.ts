import assert from "node:assert/strict";
import { judgePool, type PoolInputs } from "../../../src/core/health/judge_pool.ts";
import type { AnsweringPool } from "../../../src/core/health/pool_inspection.ts";
import { sampleOf } from "../../../src/core/health/sample_pool.ts";
import { stalledSince } from "../../../src/core/health/stalled_work.ts";
import type { PoolSample } from "../../../src/core/pool_sample.ts";
import { parsePoolStatus } from "../../../src/zfs/pools/pool_status.ts";
import { now, seenPool, show } from "./seen_pool.ts";

const minute = 60_000;
const day = 86_400_000;
const inputs: PoolInputs = { now, scrubAgeMs: 35 * day, recordedScrubAt: undefined, earlier: [], format: show };

function judge(pool: AnsweringPool, changes: Partial<PoolInputs> = {}): string[] {
  return judgePool(pool, { ...inputs, ...changes }).map(({ check, verdict, text }) => `${verdict} ${check}: ${text}`);
}

/** A pool with this table of devices and these lines above it, ONLINE. */
function pool(table: readonly string[], above: readonly string[] = []): AnsweringPool {
  const text = `  pool: t\n state: ONLINE\n${above.map((line) => `${line}\n`).join("")}config:\n
\tNAME                   STATE     READ WRITE CKSUM
\tt                      ONLINE       0     0     0
${table.map((line) => `\t${line}\n`).join("")}
errors: No known data errors\n`;
  const [status] = parsePoolStatus(text);
  return seenPool("scrub_done", { pool: "t", status: status! });
}

const row = (name: string, state = "ONLINE", note = ""): string =>
  `${name.padEnd(23)}${state.padEnd(9)}    0     0     0${note === "" ? "" : `  ${note}`}`;
const resilver = [
  "  scan: resilver in progress since Sun Nov 22 21:05:53 2026",
  "\t10.1M / 10.1M scanned, 522K / 10.1M issued at 522K/s",
  "\t540K resilvered, 5.05% done, 00:02:00 to go",
];
const running = "a resilver is under way, 5.05 % done, expected to end in 2 min";

const cases: Readonly<Record<string, readonly [pool: AnsweringPool, findings: readonly string[], next?: string]>> = {
  "a spare in use, the disk well again": [
    pool([
      row("  mirror-0"),
      row("    a"),
      row("    spare-1"),
      row("      b"),
      row("      s"),
      "spares",
      "  s                    INUSE     currently in use",
    ]),
    ["warning spare-in-use: the spare s stands in for b, which is ONLINE again: until that ends, the spare is not there for another disk"],
    "zpool detach t s",
  ],
  "a spare in use, the disk removed": [
    pool([row("  mirror-0"), row("    a"), row("    spare-1"), row("      b", "REMOVED"), row("      s")]),
    [
      "warning device-lost: b is REMOVED",
      "warning spare-in-use: the spare s stands in for b, which is REMOVED: until that ends, the spare is not there for another disk",
    ],
  ],
  "a distributed spare of dRAID": [
    pool([
      row("  draid1:2d:4c:1s-0"),
      row("    spare-0"),
      row("      a", "UNAVAIL"),
      row("      draid1-0-0"),
      row("    b"),
    ]),
    [
      "warning device-lost: a is UNAVAIL",
      "warning spare-in-use: the spare draid1-0-0 stands in for a, which is UNAVAIL: until that ends, the spare is not there for another disk",
    ],
  ],
  "a spare that another pool uses": [
    pool([row("  a"), "spares", "  s                    INUSE     in use by pool 'other'"]),
    [],
  ],
  ...Object.fromEntries(["logs", "special", "dedup"].map((role) => [
    `a lost device under ${role}`,
    [
      pool([row("  a"), `${role}\t`, row("  b", "FAULTED", "too many errors")]),
      [`warning device-lost: ${role === "logs" ? "log" : role} b is FAULTED (too many errors)`],
    ] as const,
  ])),
  "a lost cache": [pool([row("  a"), "cache", row("  b", "REMOVED")]), ["warning spare-or-cache: cache b is REMOVED"]],
  "a resilver of a disk that was away": [
    pool([row("  mirror-0"), row("    a"), row("    b", "ONLINE", "(resilvering)")], resilver),
    [`warning resilver: ${running}; until then redundancy is reduced: b`],
  ],
  "a resilver that has not written anything yet": [
    pool([row("  mirror-0"), row("    a"), row("    b")], resilver),
    [`warning resilver: ${running}; until then redundancy is reduced: ZFS does not tell yet which device`],
  ],
  "a replacement that has not written anything yet": [
    pool([row("  mirror-0"), row("    a"), row("    replacing-1"), row("      b"), row("      c")], resilver),
    [`ok resilver: ${running}`],
  ],
  "a replacement while the old disk is whole": [
    pool(
      [
        row("  mirror-0"),
        row("    a"),
        row("    replacing-1"),
        row("      b"),
        row("      c", "ONLINE", "(resilvering)"),
      ],
      resilver,
    ),
    [`ok resilver: ${running}`],
  ],
  "a replacement that nothing works on": [
    pool([row("  mirror-0"), row("    a"), row("    replacing-1"), row("      b"), row("      c")]),
    ["warning replacement-still: a replacement stands still: replacing-1 is there, and no resilver runs"],
    "zpool resilver t",
  ],
  "an expansion that waits": [
    pool([row("  raidz1-0"), row("    a")], [
      "expand: expansion of raidz1-0 in progress since Sun Nov 22 21:04:41 2026",
      "\t1M / 90M copied at 1/s, 1.00% done, paused for resilver or clear",
    ]),
    [
      "warning expansion-still: the expansion of raidz1-0 stands still: ZFS has paused it, for a resilver or until the pool is cleared",
    ],
  ],
  "a removal that has ended": [
    pool([row("  a")], ["remove: Removal of vdev 1 copied 14M in 0h0m, completed on Sun Nov 22 21:04:41 2026"]),
    [],
  ],
  "a checkpoint that is being discarded": [
    pool([row("  a")], ["checkpoint: discarding, 12M remaining."]),
    ["ok checkpoint: its checkpoint is being discarded"],
  ],
};

for (const [name, [given, findings, next]] of Object.entries(cases)) {
  Deno.test(`health: ${name}`, () => {
    assert.deepEqual(judge(given), findings);
    if (next !== undefined) assert.equal(judgePool(given, inputs)[0]?.next, next);
  });
}

Deno.test("health: a checkpoint is old after a week", () => {
  const given = seenPool("checkpoint");
  const made = Date.UTC(2026, 10, 22, 21, 4, 50);
  assert.match(judge(given, { now: made + 7 * day }).join(), /^ok checkpoint/);
  assert.match(judge(given, { now: made + 7 * day + 1 }).join(), /^warning checkpoint: .* deleting frees no space/);
  assert.equal(judgePool(given, inputs)[0]?.next, "zpool checkpoint -d rz");
});

Deno.test("health: what two looks half an hour apart find at the same place stands still", () => {
  for (
    const [file, what] of [["replacing", "resilver"], ["removing", "removal"], ["raidz_expanding", "expansion"], [
      "scrub_running",
      "scrub",
    ]] as const
  ) {
    const given = seenPool(file);
    const at = (ms: number): PoolSample => sampleOf(given, now - ms)!;
    const replication: PoolSample = { at: now - minute, host: "alpha", pool: given.pool, state: "ONLINE" };
    const still = (...earlier: PoolSample[]) =>
      judge(given, { earlier }).some((text) => text.startsWith(`warning ${what}-still: `));
    assert.ok(still(at(30 * minute)), file);
    assert.ok(still(at(40 * minute), at(20 * minute), replication, at(0)), file);
    assert.ok(!still(), file);
    assert.ok(!still(at(29 * minute)), file);
    const moved = { ...at(20 * minute), detail: JSON.stringify({ activities: [] }) };
    assert.ok(!still(at(40 * minute), moved, at(5 * minute)), file);
  }
});

Deno.test("health: rates and expectations change while work stands still", () => {
  const look = (rate: string, toGo: string) => {
    const lines = resilver.map((line) => line.replace("522K/s", rate).replace("00:02:00 to go", toGo));
    return sampleOf(pool([row("  a")], lines), now - 60 * minute)!;
  };
  const [activity] = JSON.parse(look("1/s", "no estimated completion time").detail!).activities;
  assert.equal(stalledSince(activity, [look("522K/s", "3 days 00:00:01 to go")], now), now - 60 * minute);
});
