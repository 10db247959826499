import assert from "node:assert/strict";
import type { Forecast } from "../../../src/core/capacity/forecast.ts";
import { type CapacityInputs, freePercent, judgeCapacity } from "../../../src/core/capacity/judge_capacity.ts";
import type { SpaceLimits } from "../../../src/zfs/pools/space_limits.ts";
import type { DatasetName } from "../../../src/zfs/names/names.ts";
import { seenPool, show } from "../health/seen_pool.ts";

const inputs: CapacityInputs = {
  warnPercent: 25,
  criticalPercent: 10,
  forecast: undefined,
  limits: undefined,
  format: show,
};

function judge(
  changes: Partial<CapacityInputs>,
  space = { usedBytes: 500n, availableBytes: 500n },
  pool = {},
): string[] {
  const seen = seenPool("scrub_done", { space: { ...space, createdAt: 0 }, ...pool });
  return judgeCapacity(seen, { ...inputs, ...changes }).map(({ verdict, check, text }) =>
    `${verdict} ${check}: ${text}`
  );
}

Deno.test("free space is a part of what can be used", () => {
  const cases: readonly (readonly [used: bigint, available: bigint, expected: string[]])[] = [
    [750n, 250n, []],
    [751n, 249n, ["warning space-low: 249 B of 1000 B are free, 24.9 %, less than 25 %"]],
    [900n, 100n, ["warning space-low: 100 B of 1000 B are free, 10.0 %, less than 25 %"]],
    [901n, 99n, ["critical space-low: 99 B of 1000 B are free, 9.9 %, less than 10 %"]],
    [1000n, 0n, ["critical space-low: 0 B of 1000 B are free, 0.0 %, less than 10 %"]],
    [0n, 0n, ["critical space-low: 0 B of 0 B are free, 0.0 %, less than 10 %"]],
  ];
  for (const [usedBytes, availableBytes, expected] of cases) {
    assert.deepEqual(judge({}, { usedBytes, availableBytes }), expected);
  }
  assert.equal(freePercent({ space: { usedBytes: 3n << 62n, availableBytes: 1n << 62n, createdAt: 0 } }), 25);
});

const ahead = (days: number): Forecast => ({
  growthBytesPerDay: 10,
  lowBytesPerDay: 5,
  highBytesPerDay: 20,
  seenDays: 30,
  untilThreeQuarters: undefined,
  untilFull: { days, earliestDays: days / 2, latestDays: undefined },
});

Deno.test("a pool that fills soon is told in time", () => {
  assert.deepEqual(judge({ forecast: ahead(30.1) }), []);
  assert.deepEqual(judge({ forecast: ahead(30) }), [
    "warning fills-soon: it grows by 10 B a day and is full in 30 days (15 or more)",
  ]);
  assert.match(judge({ forecast: ahead(7) })[0] ?? "", /^critical fills-soon: .* full in 7 days \(3\.5 or more\)$/);
});

const dataset = (name: string, changes: Partial<SpaceLimits> = {}): SpaceLimits => ({
  name: name as DatasetName,
  type: "filesystem",
  usedBytes: 10n,
  availableBytes: 500n,
  referencedBytes: 10n,
  writtenBytes: 0n,
  quotaBytes: 0n,
  refquotaBytes: 0n,
  reservationBytes: 0n,
  refreservationBytes: 0n,
  usedByRefreservationBytes: 0n,
  ...changes,
});
const root = dataset("mir", { usedBytes: 500n });

Deno.test("a quota is told before it is reached, with what it counts", () => {
  const limits = [
    root,
    dataset("mir/a", { usedBytes: 90n, quotaBytes: 100n }),
    dataset("mir/b", { usedBytes: 89n, quotaBytes: 100n }),
    dataset("mir/c", { usedBytes: 900n, referencedBytes: 100n, refquotaBytes: 100n }),
  ];
  assert.deepEqual(judge({ limits }), [
    "warning quota-nearly-full: mir/a has used 90 % of its quota of 100 B, mir/c has used 100 % of its refquota of 100 B",
  ]);
});

Deno.test("reservations that keep much are noted, and are no trouble", () => {
  const limits = [
    root,
    dataset("mir/a", { reservationBytes: 100n, usedBytes: 10n }),
    dataset("mir/b", { refreservationBytes: 50n, usedByRefreservationBytes: 40n, type: "volume" }),
    dataset("mir/c", { reservationBytes: 5n }),
  ];
  assert.deepEqual(judge({ limits }), [
    "ok reservations: reservations keep 130 B that nothing uses: mir/a 90 B, mir/b 40 B",
  ]);
  assert.deepEqual(judge({ limits: limits.slice(0, 2) }), []);
});

Deno.test("a volume that cannot be snapshotted any more is told", () => {
  const limits = [root, dataset("mir/v", { type: "volume", refreservationBytes: 800n, writtenBytes: 501n })];
  assert.deepEqual(judge({ limits }), [
    "warning volume-snapshot: volumes cannot be snapshotted, since they reserve their full size again: mir/v needs 501 B, and 500 B are free",
  ]);
});

Deno.test("fragmentation, and many names", () => {
  const list = { ...seenPool("scrub_done").list, fragmentationPercent: 80 };
  assert.match(judge({}, undefined, { list })[0] ?? "", /^warning fragmentation: .* 80 %/);
  const limits = [root, ...[..."abcdefg"].map((name) => dataset(`mir/${name}`, { usedBytes: 1n, quotaBytes: 1n }))];
  assert.match(judge({ limits })[0] ?? "", /mir\/e has used [^,]* and 2 more$/);
});
