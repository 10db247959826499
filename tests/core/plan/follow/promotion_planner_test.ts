import assert from "node:assert/strict";
import { planPromotions } from "../../../../src/core/plan/follow/promotion_planner.ts";
import type { PlanInput } from "../../../../src/core/plan/plan_input.ts";
import { planTree } from "../../../../src/core/plan/plan_tree.ts";
import type { Dataset } from "../../../../src/zfs/names/dataset.ts";
import { parseGuid } from "../../../../src/zfs/names/names.ts";
import { dataset, encrypted, planInput, shown } from "../../make.ts";

interface Case {
  readonly source: readonly Dataset[];
  readonly target: readonly Dataset[];
  readonly told?: Partial<PlanInput>;
  readonly promotions: readonly string[];
  readonly barred?: readonly string[];
}

/** A clone of a snapshot, by its full name. */
const of = (origin: string, told: Partial<Dataset> = {}): Partial<Dataset> => ({ origin, ...told });
const aside = "backup/tank/o-kept-20261122T030000Z";
/** What everybody means by a promotion: `o` has a clone `c` of `o@s`; then `c` is promoted. */
const promoted = [dataset("tank/o", "y:4 z:7 #s:2", of("tank/c@s")), dataset("tank/c", "r:1 s:2 x:3 z:6")];
const copy = [dataset("backup/tank/o", "r:1 s:2 y:4"), dataset("backup/tank/c", "x:3", of("backup/tank/o@s"))];
const once = ["promote backup/tank/c from backup/tank/o@r,s"];
const own = (name: string) => encrypted(name, "unavailable");

/** A dataset whose first snapshot has another name. */
const called = (told: Dataset, name: string): Dataset => ({
  ...told,
  snapshots: told.snapshots.map((snapshot, i) => i === 0 ? { ...snapshot, name } : snapshot),
});

const cases: Readonly<Record<string, Case>> = {
  "a promoted clone": { source: promoted, target: copy, promotions: once },
  "its origin's dataset is gone since": { source: promoted.slice(1), target: copy, promotions: once },
  "also with nothing else left there": {
    source: promoted.slice(1),
    target: [dataset("backup/tank/o", "r:1 s:2"), copy[1]!],
    promotions: once,
  },
  "a clone that is one on both sides": {
    source: [dataset("tank/o", "r:1 s:2 y:4"), dataset("tank/c", "x:3", of("tank/o@s"))],
    target: copy,
    promotions: [],
  },
  "promoted back": {
    source: [dataset("tank/o", "r:1 s:2 y:4"), dataset("tank/c", "x:3", of("tank/o@s"))],
    target: [dataset("backup/tank/c", "r:1 s:2 x:3"), dataset("backup/tank/o", "y:4", of("backup/tank/c@s"))],
    promotions: ["promote backup/tank/o from backup/tank/c@r,s"],
  },
  "the end of a chain, promoted twice": {
    source: [
      dataset("tank/o", "y:4", of("tank/e@s")),
      dataset("tank/c", "w:8", of("tank/e@x")),
      dataset("tank/e", "r:1 s:2 x:3 v:9"),
    ],
    target: [
      dataset("backup/tank/o", "r:1 s:2 y:4"),
      dataset("backup/tank/c", "x:3 w:8", of("backup/tank/o@s")),
      dataset("backup/tank/e", "v:9", of("backup/tank/c@x")),
    ],
    promotions: ["promote backup/tank/e from backup/tank/c@x", "promote backup/tank/e from backup/tank/o@r,s"],
  },
  "the end of a chain, promoted once": {
    source: [
      dataset("tank/o", "r:1 s:2 y:4"),
      dataset("tank/c", "w:8", of("tank/e@x")),
      dataset("tank/e", "x:3 v:9", of("tank/o@s")),
    ],
    target: [
      dataset("backup/tank/o", "r:1 s:2 y:4"),
      dataset("backup/tank/c", "x:3 w:8", of("backup/tank/o@s")),
      dataset("backup/tank/e", "v:9", of("backup/tank/c@x")),
    ],
    promotions: ["promote backup/tank/e from backup/tank/c@x"],
  },
  "several clones, of which the one of the older snapshot was promoted": {
    source: [
      dataset("tank/o", "s:2 y:4", of("tank/c@r")),
      dataset("tank/c", "r:1 x:3"),
      dataset("tank/d", "w:8", of("tank/o@s")),
    ],
    target: [
      dataset("backup/tank/o", "r:1 s:2 y:4"),
      dataset("backup/tank/c", "x:3", of("backup/tank/o@r")),
      dataset("backup/tank/d", "w:8", of("backup/tank/o@s")),
    ],
    promotions: ["promote backup/tank/c from backup/tank/o@r"],
  },
  "and both, one after the other": {
    source: [
      dataset("tank/o", "y:4", of("tank/d@s")),
      dataset("tank/c", "r:1 x:3"),
      dataset("tank/d", "s:2 w:8", of("tank/c@r")),
    ],
    target: [
      dataset("backup/tank/o", "r:1 s:2 y:4"),
      dataset("backup/tank/c", "x:3", of("backup/tank/o@r")),
      dataset("backup/tank/d", "w:8", of("backup/tank/o@s")),
    ],
    promotions: ["promote backup/tank/c from backup/tank/o@r", "promote backup/tank/d from backup/tank/o@s"],
  },
  "two clones of one snapshot, of which one was promoted": {
    source: [...promoted, dataset("tank/d", "w:8", of("tank/c@s"))],
    target: [...copy, dataset("backup/tank/d", "w:8", of("backup/tank/o@s"))],
    promotions: once,
  },
  "a snapshot that the source destroyed, but as bzman names them, moves along": {
    source: promoted,
    target: [called(dataset("backup/tank/o", "old:5 s:2 y:4"), "incremental-2026-11-20T03:00:00Z"), copy[1]!],
    promotions: ["promote backup/tank/c from backup/tank/o@incremental-2026-11-20T03:00:00Z,s"],
  },
  "not where a snapshot would move along that the source does not have": {
    source: promoted,
    target: [dataset("backup/tank/o", "mine:5 s:2 y:4"), copy[1]!],
    promotions: [],
    barred: ["foreign-snapshots"],
  },
  "but where the record tells that the source had it": {
    source: promoted,
    target: [dataset("backup/tank/o", "daily:5 s:2 y:4"), copy[1]!],
    told: { seen: new Set([parseGuid("5")]) },
    promotions: ["promote backup/tank/c from backup/tank/o@daily,s"],
  },
  "a newer one stays where it is": {
    source: promoted,
    target: [dataset("backup/tank/o", "r:1 s:2 y:4 mine:5"), copy[1]!],
    promotions: once,
  },
  "not over other snapshots of the same names": {
    source: promoted,
    target: [copy[0]!, dataset("backup/tank/c", "x:3 r:5", of("backup/tank/o@s"))],
    promotions: [],
    barred: ["names"],
  },
  "not where it would leave nothing that can be received into": {
    source: promoted,
    target: [dataset("backup/tank/o", "r:1 s:2"), copy[1]!],
    promotions: [],
    barred: ["bare"],
  },
  "not out of the copy of an excluded dataset": {
    source: promoted.slice(1),
    target: copy,
    told: { excluded: [promoted[0]!] },
    promotions: [],
    barred: ["not-ours"],
  },
  "nor out of one that was set aside": {
    source: promoted,
    target: [dataset(aside, "r:1 s:2 y:4"), dataset("backup/tank/c", "x:3", of(`${aside}@s`))],
    promotions: [],
    barred: ["not-ours"],
  },
  "not what somebody cloned on the target by hand under that name": {
    source: promoted,
    target: [copy[0]!, dataset("backup/tank/c", "mine:9", of("backup/tank/o@s"))],
    promotions: [],
  },
  "not while a transfer to one of the two was cut": {
    source: promoted,
    target: [dataset("backup/tank/o", "r:1 s:2 y:4", { resumeToken: "1-x" }), copy[1]!],
    promotions: [],
    barred: ["not-yet"],
  },
  "not where two of the source have the snapshot": {
    source: [...promoted, dataset("tank/twin", "s:2")],
    target: copy,
    promotions: [],
  },
  "an encryption root hands its part over": {
    source: promoted,
    target: [
      dataset("backup/tank/o", "r:1 s:2 y:4", own("backup/tank/o")),
      dataset("backup/tank/c", "x:3", of("backup/tank/o@s", own("backup/tank/o"))),
    ],
    promotions: once,
  },
  "two below their encryption root": {
    source: promoted,
    target: [
      dataset("backup/tank", "", own("backup/tank")),
      dataset("backup/tank/o", "r:1 s:2 y:4", own("backup/tank")),
      dataset("backup/tank/c", "x:3", of("backup/tank/o@s", own("backup/tank"))),
    ],
    promotions: once,
  },
  "not out of an encryption root": {
    source: [promoted[1]!, dataset("tank/e"), dataset("tank/e/o", "y:4", of("tank/c@s"))],
    target: [
      dataset("backup/tank/c", "x:3", of("backup/tank/e/o@s", own("backup/tank/e"))),
      dataset("backup/tank/e", "", own("backup/tank/e")),
      dataset("backup/tank/e/o", "r:1 s:2 y:4", own("backup/tank/e")),
    ],
    promotions: [],
    barred: ["key"],
  },
};

Deno.test("which promotions are followed", async (t) => {
  for (const [name, { source, target, told, promotions, barred = [] }] of Object.entries(cases)) {
    await t.step(name, () => {
      const found = planPromotions(planInput(source, target, told));
      assert.deepEqual(found.steps.map(shown), promotions);
      assert.deepEqual(found.barred.map(({ bar }) => bar.kind), barred);
      const again = planPromotions(planInput(source, found.target, told));
      assert.deepEqual(again.steps, [], "and then nothing more is to be promoted");
    });
  }
});

const top = dataset("tank", "a:11 z:12");
const topCopy = dataset("backup/tank", "a:11");

Deno.test("a promotion comes before anything is sent, and what follows takes it for made", () => {
  const { steps, datasets } = planTree(planInput([top, ...promoted], [topCopy, ...copy]));
  assert.deepEqual(steps.map(shown), [
    "promote backup/tank/c from backup/tank/o@r,s",
    "incremental tank@a..z > backup/tank",
    "incremental tank/c@x..z > backup/tank/c",
    "incremental tank/o@y..z > backup/tank/o",
  ]);
  assert.ok(datasets.every(({ plan }) => plan.kind === "steps"));
});

Deno.test("also where nothing is to be sent", () => {
  const source = [dataset("tank", "a:11"), dataset("tank/o", "y:4", of("tank/c@s")), dataset("tank/c", "r:1 s:2 x:3")];
  assert.deepEqual(planTree(planInput(source, [topCopy, ...copy])).steps.map(shown), once);
});

Deno.test("a dataset in conflict takes part in no promotion", () => {
  for (const name of ["backup/tank/o", "backup/tank/c"]) {
    const written = copy.map((entry) => entry.name === name ? { ...entry, writtenBytes: 1n } : entry);
    const { steps, datasets } = planTree(planInput([top, ...promoted], [topCopy, ...written]));
    assert.deepEqual(datasets.filter(({ plan }) => plan.kind === "conflict").map(({ target }) => target), [name]);
    assert.ok(!steps.some(({ kind }) => kind === "promote"), name);
  }
});

Deno.test("renamed as well: the clone took the name of what it was cloned from", () => {
  const source = [
    dataset("tank", "a:11"),
    dataset("tank/o", "r:1 s:2 x:3"),
    dataset("tank/o-old", "y:4", of("tank/o@s")),
  ];
  assert.deepEqual(planTree(planInput(source, [topCopy, ...copy])).steps.map(shown), [
    "promote backup/tank/c from backup/tank/o@r,s",
    "rename backup/tank/o as backup/tank/o-old",
    "rename backup/tank/c as backup/tank/o",
  ]);
});

Deno.test("an orphan is named as needed while a copy is its clone, and not once that is promoted", () => {
  const needed = (target: readonly Dataset[]) =>
    planTree(planInput([top, promoted[1]!], [topCopy, ...target])).neededOrphans;
  assert.deepEqual(needed(copy), []);
  const foreign = [dataset("backup/tank/o", "mine:5 s:2 y:4"), copy[1]!];
  assert.deepEqual(needed(foreign), [{ orphan: "backup/tank/o", clones: ["backup/tank/c"] }]);
});
