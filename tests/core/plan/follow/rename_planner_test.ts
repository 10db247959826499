import assert from "node:assert/strict";
import { planRenames } from "../../../../src/core/plan/follow/rename_planner.ts";
import type { PlanInput } from "../../../../src/core/plan/plan_input.ts";
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

const cases: Readonly<Record<string, Case>> = {
  "a renamed dataset": {
    source: [top, dataset("tank/new", "x:2 y:3")],
    target: [topCopy, dataset("backup/tank/old", "x:2")],
    renames: ["rename backup/tank/old as backup/tank/new"],
  },
  "with its children": {
    source: [top, dataset("tank/new", "x:2"), dataset("tank/new/child", "x:3")],
    target: [topCopy, dataset("backup/tank/old", "x:2"), dataset("backup/tank/old/child", "x:3")],
    renames: ["rename backup/tank/old as backup/tank/new"],
  },
  "and a child of it renamed as well": {
    source: [top, dataset("tank/new", "x:2"), dataset("tank/new/young", "x:3")],
    target: [topCopy, dataset("backup/tank/old", "x:2"), dataset("backup/tank/old/child", "x:3")],
    renames: [
      "rename backup/tank/old as backup/tank/new",
      "rename backup/tank/new/child as backup/tank/new/young",
    ],
  },
  "moved below another": {
    source: [top, dataset("tank/a", "x:4"), dataset("tank/a/new", "x:2")],
    target: [topCopy, dataset("backup/tank/a", "x:4"), dataset("backup/tank/old", "x:2")],
    renames: ["rename backup/tank/old as backup/tank/a/new"],
  },
  "by GUID alone, not by the snapshot's name": {
    source: [top, dataset("tank/new", "x:9")],
    target: [topCopy, dataset("backup/tank/old", "x:2")],
    renames: [],
  },
  "not when its newest is of its own": {
    source: [top, dataset("tank/new", "x:2")],
    target: [topCopy, dataset("backup/tank/old", "x:2 mine:9")],
    renames: [],
  },
  "not what the source still has under that name": {
    source: [top, dataset("tank/old", "x:2"), dataset("tank/new", "x:2")],
    target: [topCopy, dataset("backup/tank/old", "x:2")],
    renames: [],
  },
  "not what the user excluded": {
    source: [top, dataset("tank/new", "x:2")],
    target: [topCopy, dataset("backup/tank/old", "x:2")],
    told: { excluded: [dataset("tank/old")] },
    renames: [],
  },
  "not when two could be meant": {
    source: [top, dataset("tank/new", "x:2")],
    target: [topCopy, dataset("backup/tank/old", "x:2"), dataset("backup/tank/older", "x:2")],
    renames: [],
  },
  "not over what is there": {
    source: [top, dataset("tank/new", "x:2")],
    target: [topCopy, dataset("backup/tank/old", "x:2"), dataset("backup/tank/new", "mine:9")],
    renames: [],
  },
  "below a parent that is still to come: once that is there": {
    source: [top, dataset("tank/a", "x:4"), dataset("tank/a/new", "x:2"), dataset("tank/a/new/young", "x:3")],
    target: [topCopy, dataset("backup/tank/old", "x:2"), dataset("backup/tank/old/child", "x:3")],
    renames: [],
    late: ["rename backup/tank/old as backup/tank/a/new"],
  },
  "not below one that itself waits for its parent": {
    source: [top, dataset("tank/a", "x:4"), dataset("tank/a/b", "x:2"), dataset("tank/a/b/c", "x:3")],
    target: [topCopy, dataset("backup/tank/old", "x:2"), dataset("backup/tank/other", "x:3")],
    renames: [],
    late: ["rename backup/tank/old as backup/tank/a/b"],
  },
  "not what holds one that waits": {
    source: [top, dataset("tank/a", "x:4"), dataset("tank/a/b", "x:2"), dataset("tank/c", "x:3")],
    target: [topCopy, dataset("backup/tank/other", "x:3"), dataset("backup/tank/other/old", "x:2")],
    renames: [],
    late: ["rename backup/tank/other/old as backup/tank/a/b"],
  },
  "not below a volume, or the half of a copy": {
    source: [
      top,
      dataset("tank/a", "x:4"),
      dataset("tank/a/new", "x:2"),
      dataset("tank/b", "x:5", { type: "volume" }),
      dataset("tank/b/new", "x:3"),
    ],
    target: [
      topCopy,
      dataset("backup/tank/a", "", { resumeToken: "1-a-b-c" }),
      dataset("backup/tank/b", "x:5", { type: "volume" }),
      dataset("backup/tank/old", "x:2"),
      dataset("backup/tank/older", "x:3"),
    ],
    renames: [],
  },
  "below an empty one that is received over: once that is done": {
    source: [top, dataset("tank/a", "x:4"), dataset("tank/a/new", "x:2")],
    target: [topCopy, dataset("backup/tank/a"), dataset("backup/tank/old", "x:2")],
    told: { targetEmpty: new Set(["backup/tank/a"]) },
    renames: [],
    late: ["rename backup/tank/old as backup/tank/a/new"],
  },
  "not below it while something may be set aside": {
    source: [top, dataset("tank/a", "x:4"), dataset("tank/a/new", "x:2")],
    target: [topCopy, dataset("backup/tank/a"), dataset("backup/tank/old", "x:2")],
    told: { targetEmpty: new Set(["backup/tank/a"]), onForeign: "keep-both" },
    renames: [],
  },
  "at once below an empty one that ZFS does not replace": {
    source: [top, dataset("tank/a", "x:4", encrypted("tank/a", "available")), dataset("tank/a/new", "x:2")],
    target: [topCopy, dataset("backup/tank/a"), dataset("backup/tank/old", "x:2")],
    told: { targetEmpty: new Set(["backup/tank/a"]) },
    renames: ["rename backup/tank/old as backup/tank/a/new"],
  },
  "not a volume for a filesystem": {
    source: [top, dataset("tank/new", "x:2", { type: "volume" })],
    target: [topCopy, dataset("backup/tank/old", "x:2")],
    renames: [],
  },
  "not what was set aside": {
    source: [top, dataset("tank/a", "x:2")],
    target: [topCopy, dataset("backup/tank/a-kept-20261122T030000Z", "x:2")],
    renames: [],
  },
  "not the parent of what is to be": {
    source: [top, dataset("tank/a", ""), dataset("tank/a/b", "x:2")],
    target: [topCopy, dataset("backup/tank/a", "x:2")],
    renames: [],
  },
  "not away from the key it shares": {
    source: [top, dataset("tank/a", "x:4"), dataset("tank/a/new", "x:2")],
    target: [
      dataset("backup/tank", "x:1", encrypted("backup/tank", "available")),
      dataset("backup/tank/a", "x:4", encrypted("backup/tank/a", "unavailable")),
      dataset("backup/tank/old", "x:2", encrypted("backup/tank", "available")),
    ],
    renames: [],
  },
  "with a key of its own": {
    source: [top, dataset("tank/a", "x:4"), dataset("tank/a/new", "x:2")],
    target: [
      topCopy,
      dataset("backup/tank/a", "x:4"),
      dataset("backup/tank/old", "x:2", encrypted("backup/tank/old", "unavailable")),
    ],
    renames: ["rename backup/tank/old as backup/tank/a/new"],
  },
  "not an empty one": {
    source: [top, dataset("tank/new", "x:2")],
    target: [topCopy, dataset("backup/tank/old")],
    renames: [],
  },
};

Deno.test("renames on the source are followed on the target", async (test) => {
  for (const [what, { source, target, told, renames, late = [] }] of Object.entries(cases)) {
    await test.step(what, () => {
      const found = planRenames(planInput(source, target, told));
      assert.deepEqual(found.steps.map(shown), renames);
      assert.deepEqual(found.deferred.map(shown), late);
    });
  }
});

Deno.test("the tree as it is after the renames: versions, children and clones follow", () => {
  const { target } = planRenames(planInput(
    [top, dataset("tank/new", "x:2"), dataset("tank/new/child", "x:3"), dataset("tank/clone", "x:5")],
    [
      topCopy,
      dataset("backup/tank/clone", "x:5", { origin: "backup/tank/old/child@x" }),
      dataset("backup/tank/old", "x:2 #m:2"),
      dataset("backup/tank/old/child", "x:3"),
    ],
  ));
  assert.deepEqual(target.map(({ name }) => name), [
    "backup/tank",
    "backup/tank/clone",
    "backup/tank/new",
    "backup/tank/new/child",
  ]);
  assert.equal(target[1]?.origin, "backup/tank/new/child@x");
  assert.equal(target[2]?.snapshots[0]?.dataset, "backup/tank/new");
  assert.equal(target[2]?.bookmarks[0]?.dataset, "backup/tank/new");
});
