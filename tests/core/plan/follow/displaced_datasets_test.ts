import assert from "node:assert/strict";
import { planRenames } from "../../../../src/core/plan/follow/rename_planner.ts";
import type { PlanInput } from "../../../../src/core/plan/plan_input.ts";
import { planTree } from "../../../../src/core/plan/plan_tree.ts";
import type { Dataset } from "../../../../src/zfs/names/dataset.ts";
import { dataset, encrypted, planInput, shown } from "../../make.ts";

interface Case {
  readonly source: readonly Dataset[];
  readonly target: readonly Dataset[];
  readonly told?: Partial<PlanInput>;
  readonly renames: readonly string[];
  readonly late?: readonly string[];
}

const top = dataset("tank", "x:1");
const topCopy = dataset("backup/tank", "x:1");

const swapped = "moving-20261122T030000Z";

/** Names that were taken again after a rename. */
const takenAgain: Readonly<Record<string, Case>> = {
  "its name is taken again by a new one": {
    source: [top, dataset("tank/db", "n:3"), dataset("tank/db-old", "x:2 n:4")],
    target: [topCopy, dataset("backup/tank/db", "x:2"), dataset("backup/tank/db/own", "mine:9")],
    renames: ["rename backup/tank/db as backup/tank/db-old"],
  },
  "by one of another type": {
    source: [top, dataset("tank/db", "n:3", { type: "volume" }), dataset("tank/db-old", "x:2 n:4")],
    target: [topCopy, dataset("backup/tank/db", "x:2")],
    renames: ["rename backup/tank/db as backup/tank/db-old"],
  },
  "by another that had its own": {
    source: [top, dataset("tank/www", "y:3 n:5"), dataset("tank/www-old", "x:2 n:4")],
    target: [topCopy, dataset("backup/tank/www", "x:2"), dataset("backup/tank/www-new", "y:3")],
    renames: ["rename backup/tank/www as backup/tank/www-old", "rename backup/tank/www-new as backup/tank/www"],
  },
  "a long row of copies moves on by one": {
    source: [
      top,
      dataset("tank/0", "n:9"),
      dataset("tank/1", "x:2"),
      dataset("tank/2", "x:3"),
      dataset("tank/3", "x:4"),
    ],
    target: [
      topCopy,
      dataset("backup/tank/0", "x:2"),
      dataset("backup/tank/1", "x:3"),
      dataset("backup/tank/2", "x:4"),
    ],
    renames: [
      "rename backup/tank/2 as backup/tank/3",
      "rename backup/tank/1 as backup/tank/2",
      "rename backup/tank/0 as backup/tank/1",
    ],
  },
  "two exchanged their names": {
    source: [top, dataset("tank/a", "y:3 n:5"), dataset("tank/b", "x:2 n:4")],
    target: [topCopy, dataset("backup/tank/a", "x:2"), dataset("backup/tank/b", "y:3")],
    renames: [
      `rename backup/tank/b as backup/tank/b-${swapped}`,
      "rename backup/tank/a as backup/tank/b",
      `rename backup/tank/b-${swapped} as backup/tank/a`,
    ],
  },
  "and the run that followed was killed after its first step": {
    source: [top, dataset("tank/a", "y:3 n:5"), dataset("tank/b", "x:2 n:4")],
    target: [topCopy, dataset("backup/tank/a", "x:2"), dataset("backup/tank/b-moving-20261121T000000Z", "y:3")],
    renames: [
      "rename backup/tank/a as backup/tank/b",
      "rename backup/tank/b-moving-20261121T000000Z as backup/tank/a",
    ],
  },
  "or after its second": {
    source: [top, dataset("tank/a", "y:3 n:5"), dataset("tank/b", "x:2 n:4")],
    target: [topCopy, dataset("backup/tank/b", "x:2"), dataset("backup/tank/b-moving-20261121T000000Z", "y:3")],
    renames: ["rename backup/tank/b-moving-20261121T000000Z as backup/tank/a"],
  },
  "or the names were exchanged back by then": {
    source: [top, dataset("tank/a", "x:2 n:4"), dataset("tank/b", "y:3 n:5")],
    target: [topCopy, dataset("backup/tank/a", "x:2"), dataset("backup/tank/b-moving-20261121T000000Z", "y:3")],
    renames: ["rename backup/tank/b-moving-20261121T000000Z as backup/tank/b"],
  },
  "three exchanged theirs": {
    source: [top, dataset("tank/a", "z:4"), dataset("tank/b", "x:2"), dataset("tank/c", "y:3")],
    target: [
      topCopy,
      dataset("backup/tank/a", "x:2"),
      dataset("backup/tank/b", "y:3"),
      dataset("backup/tank/c", "z:4"),
    ],
    renames: [
      `rename backup/tank/c as backup/tank/c-${swapped}`,
      "rename backup/tank/b as backup/tank/c",
      "rename backup/tank/a as backup/tank/b",
      `rename backup/tank/c-${swapped} as backup/tank/a`,
    ],
  },
  "two with children, of which one has changed its name as well": {
    source: [
      top,
      dataset("tank/a", "y:3"),
      dataset("tank/a/one", "v:6"),
      dataset("tank/b", "x:2"),
      dataset("tank/b/new", "u:5"),
    ],
    target: [
      topCopy,
      dataset("backup/tank/a", "x:2"),
      dataset("backup/tank/a/one", "u:5"),
      dataset("backup/tank/b", "y:3"),
      dataset("backup/tank/b/one", "v:6"),
    ],
    renames: [
      `rename backup/tank/b as backup/tank/b-${swapped}`,
      "rename backup/tank/a as backup/tank/b",
      `rename backup/tank/b-${swapped} as backup/tank/a`,
      "rename backup/tank/b/one as backup/tank/b/new",
    ],
  },
  "two whose children stay where they were": {
    source: [top, dataset("tank/a", "y:3"), dataset("tank/a/c", "u:5"), dataset("tank/b", "x:2")],
    target: [
      topCopy,
      dataset("backup/tank/a", "x:2"),
      dataset("backup/tank/a/c", "u:5"),
      dataset("backup/tank/b", "y:3"),
    ],
    renames: [
      `rename backup/tank/b as backup/tank/b-${swapped}`,
      "rename backup/tank/a as backup/tank/b",
      `rename backup/tank/b-${swapped} as backup/tank/a`,
      "rename backup/tank/b/c as backup/tank/a/c",
    ],
  },
  "a parent and its child": {
    source: [top, dataset("tank/a", "y:3"), dataset("tank/a/b", "x:2")],
    target: [topCopy, dataset("backup/tank/a", "x:2"), dataset("backup/tank/a/b", "y:3")],
    renames: [
      `rename backup/tank/a as backup/tank/a-${swapped}`,
      `rename backup/tank/a-${swapped}/b as backup/tank/a`,
      `rename backup/tank/a-${swapped} as backup/tank/a/b`,
    ],
  },
  "one went below the new one that has its name": {
    source: [top, dataset("tank/db", "n:3"), dataset("tank/db/old", "x:2")],
    target: [topCopy, dataset("backup/tank/db", "x:2")],
    renames: [`rename backup/tank/db as backup/tank/db-${swapped}`],
    late: [`rename backup/tank/db-${swapped} as backup/tank/db/old`],
  },
  "one went below a parent that is still to come": {
    source: [top, dataset("tank/archive", "n:4"), dataset("tank/archive/db", "x:2"), dataset("tank/db", "n:3")],
    target: [topCopy, dataset("backup/tank/db", "x:2")],
    renames: [`rename backup/tank/db as backup/tank/db-${swapped}`],
    late: [`rename backup/tank/db-${swapped} as backup/tank/archive/db`],
  },
  "but not where that one will never come by itself": {
    source: [top, dataset("tank/archive", "n:4"), dataset("tank/archive/db", "x:2"), dataset("tank/db", "n:3")],
    target: [topCopy, dataset("backup/tank/db", "x:2")],
    told: { onDivergence: "keep-both" },
    renames: [],
  },
  "encrypted with keys of their own": {
    source: [top, dataset("tank/a", "y:3"), dataset("tank/b", "x:2")],
    target: [
      topCopy,
      dataset("backup/tank/a", "x:2", encrypted("backup/tank/a", "unavailable")),
      dataset("backup/tank/b", "y:3", encrypted("backup/tank/b", "unavailable")),
    ],
    renames: [
      `rename backup/tank/b as backup/tank/b-${swapped}`,
      "rename backup/tank/a as backup/tank/b",
      `rename backup/tank/b-${swapped} as backup/tank/a`,
    ],
  },
  "not one that cannot leave its key: then none of the two moves": {
    source: [
      top,
      dataset("tank/a", "y:3"),
      dataset("tank/k", "x:7"),
      dataset("tank/k/b", "x:2"),
    ],
    target: [
      topCopy,
      dataset("backup/tank/a", "x:2"),
      dataset("backup/tank/k", "x:7", encrypted("backup/tank/k", "unavailable")),
      dataset("backup/tank/k/b", "y:3", encrypted("backup/tank/k", "unavailable")),
    ],
    renames: [],
  },
  "not one that nobody on the source has": {
    source: [top, dataset("tank/db", "n:3"), dataset("tank/db-old", "x:2 n:4")],
    target: [topCopy, dataset("backup/tank/db", "mine:9")],
    renames: [],
  },
  "not one with a snapshot of its own": {
    source: [top, dataset("tank/db", "n:3"), dataset("tank/db-old", "x:2 n:4")],
    target: [topCopy, dataset("backup/tank/db", "x:2 mine:9")],
    renames: [],
  },
  "not one that still shares a snapshot with its name": {
    source: [top, dataset("tank/db", "w:8 n:3"), dataset("tank/db-old", "x:2 n:4")],
    target: [topCopy, dataset("backup/tank/db", "w:8 x:2")],
    renames: [],
  },
  "nor a bookmark": {
    source: [top, dataset("tank/db", "#m:2 n:3"), dataset("tank/db-old", "x:2 n:4")],
    target: [topCopy, dataset("backup/tank/db", "x:2")],
    renames: [],
  },
  "not when two on the source could be meant": {
    source: [top, dataset("tank/db", "n:3"), dataset("tank/db-old", "x:2"), dataset("tank/db-older", "x:2")],
    target: [topCopy, dataset("backup/tank/db", "x:2")],
    renames: [],
  },
  "nor when one of them is excluded": {
    source: [top, dataset("tank/db", "n:3"), dataset("tank/db-old", "x:2")],
    target: [topCopy, dataset("backup/tank/db", "x:2")],
    told: { excluded: [dataset("tank/copy", "x:2")] },
    renames: [],
  },
  "not when it belongs to what is excluded": {
    source: [top, dataset("tank/db", "n:3")],
    target: [topCopy, dataset("backup/tank/db", "x:2")],
    told: { excluded: [dataset("tank/db-old", "x:2")] },
    renames: [],
  },
  "not with the copy of an excluded one below it": {
    source: [top, dataset("tank/db", "n:3"), dataset("tank/db-old", "x:2")],
    target: [topCopy, dataset("backup/tank/db", "x:2"), dataset("backup/tank/db/cache", "x:7")],
    told: { excluded: [dataset("tank/db/cache", "x:7")] },
    renames: [],
  },
  "nor with one that would get the name of an excluded one": {
    source: [top, dataset("tank/db", "n:3"), dataset("tank/db-old", "x:2")],
    target: [topCopy, dataset("backup/tank/db", "x:2"), dataset("backup/tank/db/cache", "x:7")],
    told: { excluded: [dataset("tank/db-old/cache", "y:8")] },
    renames: [],
  },
  "not over what is there and nobody's": {
    source: [top, dataset("tank/db", "n:3"), dataset("tank/db-old", "x:2")],
    target: [topCopy, dataset("backup/tank/db", "x:2"), dataset("backup/tank/db-old", "mine:9")],
    renames: [],
  },
  "not over its own newer copy": {
    source: [top, dataset("tank/db", "n:3"), dataset("tank/db-old", "x:2 y:4")],
    target: [topCopy, dataset("backup/tank/db", "x:2"), dataset("backup/tank/db-old", "x:2 y:4")],
    renames: [],
  },
  "not the top": {
    source: [dataset("tank", "n:3"), dataset("tank/old", "x:1")],
    target: [topCopy],
    renames: [],
  },
  "not where a name on the way would be too long": {
    source: [top, dataset("tank/a", `y:3`), dataset("tank/b", "x:2")],
    target: [
      topCopy,
      dataset("backup/tank/a", "x:2"),
      dataset("backup/tank/b", `${"y".repeat(220)}:9 y:3`),
    ],
    renames: [],
  },
  "not by a name that somebody else has": {
    source: [top, dataset("tank/a", "y:3"), dataset("tank/b", "x:2")],
    target: [
      topCopy,
      dataset("backup/tank/a", "x:2"),
      dataset("backup/tank/b", "y:3"),
      dataset(`backup/tank/b-${swapped}`, "mine:9"),
    ],
    renames: [],
  },
  "not what was set aside, whatever became of its name": {
    source: [top, dataset("tank/a", "n:3"), dataset("tank/b", "x:2")],
    target: [topCopy, dataset("backup/tank/a", "mine:9"), dataset("backup/tank/a-kept-20261122T030000Z", "x:2")],
    renames: [],
  },
};

Deno.test("names that were taken again after a rename are followed too, but only where no doubt is left", async (test) => {
  for (const [what, { source, target, told, renames, late = [] }] of Object.entries(takenAgain)) {
    await test.step(what, () => {
      const found = planRenames(planInput(source, target, told));
      assert.deepEqual(found.steps.map(shown), renames);
      assert.deepEqual(found.deferred.map(shown), late);
      const names = new Set(found.target.map(({ name }) => name));
      assert.equal(names.size, target.length, "no two have one name");
    });
  }
});

/** Plans after which nothing of the tree but the new is sent whole. */
const plans: Readonly<Record<string, Omit<Case, "renames"> & { readonly steps: readonly string[] }>> = {
  "a name taken again by a new one: all in one stream": {
    source: [dataset("tank", "x:1 y:11"), dataset("tank/db", "y:13"), dataset("tank/db-old", "x:2 y:12")],
    target: [topCopy, dataset("backup/tank/db", "x:2")],
    steps: [
      "rename backup/tank/db as backup/tank/db-old",
      "package tank@x..y > backup/tank [tank,tank/db,tank/db-old]",
    ],
  },
  "taken by a clone of what had it": {
    source: [
      dataset("tank", "x:1 y:11"),
      dataset("tank/db", "y:13", { origin: "tank/db-old@x" }),
      dataset("tank/db-old", "x:2 y:12"),
    ],
    target: [topCopy, dataset("backup/tank/db", "x:2")],
    steps: [
      "rename backup/tank/db as backup/tank/db-old",
      "package tank@x..y -tank/db > backup/tank [tank,tank/db-old]",
      "clone tank/db-old@x..tank/db@y > backup/tank/db",
    ],
  },
  "a swap: all in one stream": {
    source: [dataset("tank", "x:1 y:11"), dataset("tank/a", "x:3 y:13"), dataset("tank/b", "x:2 y:12")],
    target: [topCopy, dataset("backup/tank/a", "x:2"), dataset("backup/tank/b", "x:3")],
    steps: [
      `rename backup/tank/b as backup/tank/b-${swapped}`,
      "rename backup/tank/a as backup/tank/b",
      `rename backup/tank/b-${swapped} as backup/tank/a`,
      "package tank@x..y > backup/tank [tank,tank/a,tank/b]",
    ],
  },
  "what was proven empty under a name is not what gets this name": {
    source: [
      dataset("tank", "x:1"),
      dataset("tank/a", "x:3"),
      dataset("tank/a/c", "x:5"),
      dataset("tank/b", "x:2"),
    ],
    target: [
      topCopy,
      dataset("backup/tank/a", "x:2"),
      dataset("backup/tank/a/c"),
      dataset("backup/tank/b", "x:3"),
      dataset("backup/tank/b/c"),
    ],
    told: { targetEmpty: new Set(["backup/tank/a/c"]) },
    steps: [
      `rename backup/tank/b as backup/tank/b-${swapped}`,
      "rename backup/tank/a as backup/tank/b",
      `rename backup/tank/b-${swapped} as backup/tank/a`,
    ],
  },
  "nor what was written there harmless": {
    source: [dataset("tank", "x:1"), dataset("tank/a", "x:3 y:4"), dataset("tank/b", "x:2")],
    target: [
      topCopy,
      dataset("backup/tank/a", "x:2"),
      dataset("backup/tank/b", "x:3", { writtenBytes: 5n }),
    ],
    told: { targetIgnorableWrites: new Set(["backup/tank/a"]) },
    steps: [
      `rename backup/tank/b as backup/tank/b-${swapped}`,
      "rename backup/tank/a as backup/tank/b",
      `rename backup/tank/b-${swapped} as backup/tank/a`,
    ],
  },
  "below a parent that is still to come": {
    source: [
      dataset("tank", "x:1 y:11"),
      dataset("tank/archive", "y:14"),
      dataset("tank/archive/db", "x:2 y:12"),
      dataset("tank/db", "y:13"),
    ],
    target: [topCopy, dataset("backup/tank/db", "x:2")],
    steps: [
      `rename backup/tank/db as backup/tank/db-${swapped}`,
      "incremental tank@x..y > backup/tank",
      "full tank/archive@y > backup/tank/archive",
      `rename backup/tank/db-${swapped} as backup/tank/archive/db`,
      "incremental tank/archive/db@x..y > backup/tank/archive/db",
      "full tank/db@y > backup/tank/db",
    ],
  },
};

Deno.test("the whole plan where a name was taken again: only what is new is sent whole", async (test) => {
  for (const [what, { source, target, told, steps }] of Object.entries(plans)) {
    await test.step(what, () => {
      assert.deepEqual(planTree(planInput(source, target, told)).steps.map(shown), steps);
    });
  }
});
