import fc from "fast-check";
import assert from "node:assert/strict";
import type { Keep } from "../../../src/core/keep.ts";
import { retain, type RetentionInput } from "../../../src/core/retention/retention_policy.ts";
import { snapshotName } from "../../../src/zfs/names/bzman_names.ts";
import type { Guid } from "../../../src/zfs/names/names.ts";
import type { Snapshot } from "../../../src/zfs/names/version.ts";
import { snapshot } from "../../zfs/sample.ts";

const day = 86_400_000;
const now = Date.UTC(2026, 10, 22, 3);
const week: Keep = { kind: "age", ms: 7 * day };
const none: Keep = { kind: "none" };
const count = (wanted: number): Keep => ({ kind: "count", count: wanted });

/** Snapshots from words, oldest first: `10` is bzman's of ten days ago, `10u` the same without `Z`, else a name. */
function made(words: string): Snapshot[] {
  return words.split(" ").map((word, i) => {
    const days = /^(-?[0-9]+)(u?)$/.exec(word);
    const own = snapshotName("incremental", now - Number(days?.[1]) * day || now);
    const name = days === null ? word : days[2] ? own.replace("Z", "") : own;
    return snapshot(`tank@${name}`, i + 1);
  });
}

interface Case {
  readonly snapshots: string;
  readonly keep: Keep;
  /** What stays, by place from 1. */
  readonly stay: readonly number[];
  readonly needed?: readonly number[];
  /** The place of the newest common version; none without it. */
  readonly common?: number | "none";
  readonly adopt?: boolean;
  readonly busySince?: number;
}

Deno.test("where the clocks disagree nothing goes for its age; by number it goes all the same", () => {
  const stay = (keep: Keep) =>
    retain({
      snapshots: made("30 20 10 0"),
      prefix: "incremental",
      adopt: false,
      keep,
      nowMs: undefined,
      needed: new Set(),
      newestCommonTxg: 4n,
      busySinceTxg: undefined,
    }).map(({ action, reason }) => action === "keep" ? reason : "-");
  const inDoubt = "kept: the hosts' clocks differ by more than a minute";
  assert.deepEqual(stay(week), [inDoubt, inDoubt, inDoubt, "the newest"]);
  assert.deepEqual(stay(count(2)), ["-", "-", "among the last 2", "the newest"]);
});

const cases: Readonly<Record<string, Case>> = {
  "age: a week": { snapshots: "30 8 7 6 1 0", keep: week, stay: [4, 5, 6], common: 6 },
  "age: the needed one stays, however old": {
    snapshots: "30 20 10 1",
    keep: week,
    stay: [2, 4],
    needed: [2],
    common: 4,
  },
  "age: of others, whatever their names": {
    snapshots: "30 incremental-before-upgrade autosnap_2020-01-01 incremental-2020-01-01 0",
    keep: week,
    stay: [2, 3, 4, 5],
    common: 5,
  },
  "age: the newest stays, although old and not needed": { snapshots: "30 20", keep: week, stay: [2], common: 1 },
  "age: the original's names are not bzman's": { snapshots: "30u 20u 0", keep: week, stay: [1, 2, 3], common: 3 },
  "age: the original's names, adopted": { snapshots: "30u 20u 0", keep: week, stay: [3], common: 3, adopt: true },
  "age: the clock was moved back": { snapshots: "-3 -2 -1 0", keep: week, stay: [1, 2, 3, 4], common: 4 },
  "age: nothing common yet": { snapshots: "30 20 10 0", keep: week, stay: [1, 2, 3, 4], common: "none" },
  "age: a transfer is under way: what is newer than its base may be there by now": {
    snapshots: "40 30 20 10 0",
    keep: week,
    stay: [2, 3, 4, 5],
    needed: [2],
    common: 2,
    busySince: 2,
  },
  "count: the last two of bzman's": { snapshots: "5 x 4 3 y 2", keep: count(2), stay: [2, 4, 5, 6], common: 6 },
  "count: needed ones come on top": { snapshots: "5 4 3 2", keep: count(1), stay: [1, 4], needed: [1], common: 4 },
  "count: none but the newest": { snapshots: "5 4 3 2", keep: count(0), stay: [4], common: 4 },
  "count: more than there are": { snapshots: "5 4", keep: count(504), stay: [1, 2], common: 2 },
  "none: all that was replicated goes": { snapshots: "3 2 1 0", keep: none, stay: [4], common: 4 },
  "none: what was not replicated stays": { snapshots: "3 2 1 0", keep: none, stay: [3, 4], common: 2 },
  "none: the common one stays": { snapshots: "3 2 1 x", keep: none, stay: [3, 4], needed: [3], common: 4 },
  "none: nothing common yet": { snapshots: "3 2 1 0", keep: none, stay: [1, 2, 3, 4], common: "none" },
};

function input(told: Case): RetentionInput {
  const snapshots = made(told.snapshots);
  const at = (place: number): Snapshot => snapshots[place - 1]!;
  return {
    snapshots,
    prefix: "incremental",
    adopt: told.adopt ?? false,
    keep: told.keep,
    nowMs: now,
    needed: new Set((told.needed ?? []).map((place) => at(place).guid)),
    newestCommonTxg: told.common === "none" || told.common === undefined ? undefined : at(told.common).createtxg,
    busySinceTxg: told.busySince === undefined ? undefined : at(told.busySince).createtxg,
  };
}

Deno.test("what stays", async (test) => {
  for (const [what, told] of Object.entries(cases)) {
    await test.step(what, () => {
      const verdicts = retain(input(told));
      const stay = verdicts.flatMap(({ action }, i) => action === "keep" ? [i + 1] : []);
      assert.deepEqual(stay, told.stay);
      assert.ok(verdicts.every(({ reason }) => reason.length > 5), "each has its reason");
    });
  }
});

Deno.test("reasons are told in the user's units", () => {
  const reasons = (told: Case): string[] => retain(input(told)).map(({ reason }) => reason);
  assert.deepEqual(reasons({ snapshots: "30 6 x 0", keep: week, stay: [], common: 4 }), [
    "older than 7 days",
    "younger than 7 days",
    "not made by bzman",
    "the newest",
  ]);
  assert.deepEqual(
    reasons({ snapshots: "30 6 0", keep: { kind: "age", ms: 90 * 60_000 }, stay: [], common: 3 })[0],
    "older than 90 minutes",
  );
  assert.deepEqual(reasons({ snapshots: "30 6 0", keep: count(2), stay: [], common: 3, needed: [1] }), [
    "the newest common snapshot of a job",
    "among the last 2",
    "the newest",
  ]);
});

const anySnapshot = fc.record({
  name: fc.oneof(
    fc.integer({ min: -5, max: 60 }).map((days) => snapshotName("incremental", now - days * day)),
    fc.constantFrom("incremental-before-upgrade", "incremental-2026-11-01T00:00:00", "daily", "incremental"),
  ),
  needed: fc.boolean(),
});
const anyKeep: fc.Arbitrary<Keep> = fc.oneof(
  fc.constant(none),
  fc.nat(20).map(count),
  fc.nat(40 * day).map((ms): Keep => ({ kind: "age", ms })),
);

Deno.test("whatever is asked: needed ones, those of others and the newest are never destroyed", () => {
  const all = fc.tuple(fc.array(anySnapshot, { maxLength: 30 }), anyKeep, fc.boolean(), fc.option(fc.nat(30)));
  fc.assert(
    fc.property(all, ([list, keep, adopt, common]) => {
      const snapshots = list.map(({ name }, i) => snapshot(`tank@${name}`, i + 1));
      const needed = new Set(snapshots.filter((_, i) => list[i]?.needed).map(({ guid }): Guid => guid));
      const verdicts = retain({
        snapshots,
        prefix: "incremental",
        adopt,
        keep,
        nowMs: now,
        needed,
        newestCommonTxg: common === null ? undefined : BigInt(common),
        busySinceTxg: undefined,
      });
      assert.deepEqual(verdicts.map((verdict) => verdict.snapshot), snapshots, "a verdict on each");
      for (const { snapshot: { guid, name }, action } of verdicts) {
        if (action === "keep") continue;
        assert.ok(!needed.has(guid), "needed");
        assert.ok(guid !== snapshots.at(-1)?.guid, "newest");
        assert.match(name, adopt ? /^incremental-\d{4}-.*T/ : /^incremental-\d{4}-.*Z$/, "not bzman's");
        assert.ok(common !== null, "nothing common");
      }
    }),
    { numRuns: 500 },
  );
});
