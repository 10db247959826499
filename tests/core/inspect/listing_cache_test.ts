import fc from "fast-check";
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type ListingCache, lookUp, unexpired } from "../../../src/core/inspect/listing_cache.ts";
import { planTree } from "../../../src/core/plan/plan_tree.ts";
import { isStream } from "../../../src/core/plan/step.ts";
import { cacheableListings } from "../../../src/core/replicate/cacheable_listings.ts";
import { mayTrustCache } from "../../../src/core/replicate/trust_cache.ts";
import { RunState } from "../../../src/core/run/run_state.ts";
import type { Dataset } from "../../../src/zfs/names/dataset.ts";
import { parseGuid } from "../../../src/zfs/names/names.ts";
import type { Snapshot } from "../../../src/zfs/names/version.ts";
import { dataset, planInput } from "../make.ts";

const guid = parseGuid("77");

/** The copy with snapshots of these numbers, last changed at a second. */
const copy = (numbers: readonly number[], changedAt: number): Dataset =>
  dataset("backup/tank", numbers.map((n) => `s${n}:${n}`).join(" "), { guid, snapshotsChangedAt: changedAt });

const original = (last: number): Dataset =>
  dataset("tank", Array.from({ length: last }, (_, i) => `s${i + 1}:${i + 1}`).join(" "));

/** What a run remembers that began with `before`, sent up to the snapshot `last` and destroyed some. */
function remembered(
  before: Dataset,
  last: number,
  told: { changedAt: number; afterAt: number; destroyed?: readonly number[]; recalled?: ListingCache },
): ListingCache {
  const source = original(last);
  const plan = planTree(planInput([source], [before]));
  const tally = new RunState(plan);
  for (const step of plan.steps.filter(isStream)) {
    const { dataset: from, target, type, to } = step as Extract<typeof step, { kind: "incremental" }>;
    tally.sent(step, { ok: true, bytes: 1n, shares: new Map(), snapshots: 1, elapsedMs: 1, silentMs: 0 });
    tally.markReceived({ dataset: from, target, type, to, from: undefined }, { ...to, dataset: target });
  }
  return cacheableListings({
    before: [before],
    cached: told.recalled ?? new Map(),
    source: [source],
    datasets: tally.datasets,
    destroyed: before.snapshots.filter(({ guid }) => told.destroyed?.includes(Number(guid))),
    after: new Map([[before.name, { guid, changedAt: told.changedAt, origin: undefined }]]),
    afterAt: told.afterAt,
    nowMs: told.afterAt * 1000,
  });
}

const numbers = (memory: ListingCache): number[] | undefined =>
  memory.get(guid)?.snapshots.map((entry) => Number(entry.guid));

Deno.test("what is remembered after a run", () => {
  const before = copy([1, 2], 100);
  deepStrictEqual(numbers(remembered(before, 3, { changedAt: 200, afterAt: 202 })), [1, 2, 3], "one came");
  deepStrictEqual(numbers(remembered(before, 3, { changedAt: 200, afterAt: 202, destroyed: [1] })), [2, 3]);
  deepStrictEqual(numbers(remembered(before, 2, { changedAt: 100, afterAt: 202 })), [1, 2], "nothing came");
  deepStrictEqual(numbers(remembered(before, 2, { changedAt: 200, afterAt: 202, destroyed: [1] })), [2]);
  strictEqual(numbers(remembered(before, 4, { changedAt: 200, afterAt: 202 })), undefined, "how both came is not seen");
  strictEqual(numbers(remembered(before, 3, { changedAt: 202, afterAt: 202 })), undefined, "this second is not over");
  strictEqual(numbers(remembered(before, 2, { changedAt: 150, afterAt: 202 })), undefined, "somebody changed it");
});

Deno.test("what was seen once is known only of a dataset that has not changed since", () => {
  const memory = remembered(copy([1, 2], 100), 3, { changedAt: 200, afterAt: 202 });
  const told = (changedAt: number, told: Partial<Dataset> = {}) =>
    lookUp([{ ...copy([], changedAt), ...told }], memory);
  const names = told(200).known.map(({ dataset, name }: Snapshot) => `${dataset}@${name}`);
  deepStrictEqual(names, ["backup/tank@s1", "backup/tank@s2", "backup/tank@s3"]);
  const none = { known: [], unknown: ["backup/tank"], used: new Map() };
  deepStrictEqual(told(201), none);
  deepStrictEqual(told(200, { origin: "backup/other@s1" }), none, "promoted");
  deepStrictEqual(told(200, { guid: parseGuid("78") }), none);
});

Deno.test("once a day everything is listed anew, however often it was remembered meanwhile", () => {
  const hour = 3600;
  const listed = remembered(copy([1], 100), 2, { changedAt: 200, afterAt: 202 });
  const later = remembered(copy([1, 2], 200), 3, { changedAt: 20 * hour, afterAt: 21 * hour, recalled: listed });
  deepStrictEqual(numbers(later), [1, 2, 3]);
  strictEqual(unexpired(later, 23 * hour * 1000).size, 1);
  strictEqual(unexpired(later, 25 * hour * 1000).size, 0);
  strictEqual(unexpired(later, 0).size, 0, "a clock that was put back tells nothing");
});

Deno.test("a plan that discards or refuses is never made from memory", () => {
  const plan = (target: Dataset[], told = {}) => planTree(planInput([original(3)], target, told));
  ok(mayTrustCache(plan([copy([1, 2], 100)])));
  ok(mayTrustCache(plan([])));
  ok(!mayTrustCache(plan([copy([7], 100)])), "a refusal");
  ok(!mayTrustCache(plan([copy([7], 100)], { onForeign: "keep-both" })), "set aside");
  ok(!mayTrustCache(plan([copy([1, 2, 7], 100)], { onDivergence: "rollback" })), "rolled back");
  ok(!mayTrustCache(plan([copy([], 100)], { targetEmpty: new Set(["backup/tank"]) })), "received over");
});

Deno.test("whatever others do before and after a run: what is recalled is what is there", () => {
  /** Somebody makes snapshot 100 + n, or destroys the oldest, so many seconds later. */
  const deed = fc.record({ after: fc.integer({ min: 0, max: 3 }), makes: fc.boolean() });
  const run = fc.record({
    sends: fc.integer({ min: 0, max: 2 }),
    destroys: fc.boolean(),
    meanwhile: fc.option(deed, { nil: undefined }),
    settleSeconds: fc.integer({ min: 0, max: 2 }),
    later: fc.array(deed, { maxLength: 2 }),
  });
  fc.assert(fc.property(run, ({ sends, destroys, meanwhile, settleSeconds, later }) => {
    // Who meddles while datasets change by the run itself is found out by a receive that fails, or by retention.
    fc.pre(meanwhile === undefined || (sends === 0 && !destroys));
    let now = 1000;
    let there = [1, 2];
    let changedAt = 900;
    let made = 100;
    const change = (snapshots: number[]): void => {
      there = snapshots;
      changedAt = now;
    };
    const meddle = ({ after, makes }: { after: number; makes: boolean }): void => {
      now += after;
      change(makes ? [...there, made++] : there.slice(1));
    };
    const before = copy(there, changedAt);
    if (meanwhile) meddle(meanwhile);
    if (sends > 0) change([...there, ...Array.from({ length: sends }, (_, i) => 3 + i)]);
    if (destroys) change(there.filter((n) => n !== 1));
    now += settleSeconds;
    const memory = remembered(before, 2 + sends, { changedAt, afterAt: now, destroyed: destroys ? [1] : [] });
    for (const one of later) meddle(one);
    const { known, unknown } = lookUp([copy([], changedAt)], memory);
    if (unknown.length === 0) deepStrictEqual(known.map((entry) => Number(entry.guid)), there);
  }));
});
