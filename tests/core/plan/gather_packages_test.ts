import assert from "node:assert/strict";
import type { PlanInput } from "../../../src/core/plan/plan_input.ts";
import { planTree } from "../../../src/core/plan/plan_tree.ts";
import { isStream, receivedName, streamMembers } from "../../../src/core/plan/step.ts";
import type { Dataset } from "../../../src/zfs/names/dataset.ts";
import { name } from "../../zfs/sample.ts";
import { dataset, encrypted, planInput, shown } from "../make.ts";

interface Case {
  readonly source: readonly Dataset[];
  readonly target?: readonly Dataset[];
  readonly told?: Partial<PlanInput>;
  readonly steps: readonly string[];
}

/** A tree of three, uniform, and its copy one snapshot behind. */
const top = dataset("tank", "x:1 y:2");
const a = dataset("tank/a", "x:3 y:4");
const b = dataset("tank/b", "x:5 y:6");
const topCopy = dataset("backup/tank", "x:1");
const aCopy = dataset("backup/tank/a", "x:3");
const bCopy = dataset("backup/tank/b", "x:5");
const whole = "package tank@x..y > backup/tank [tank,tank/a,tank/b]";
const withoutA = "package tank@x..y -tank/a > backup/tank [tank,tank/b]";
const noX = { canExclude: false };
const locked = encrypted("tank", "unavailable");
const lockedCopy = encrypted("backup/tank", "unavailable");
const atRoot = { targetTop: name("backup"), targetAncestors: [], targetEmpty: new Set(["backup"]) };

const cases: Readonly<Record<string, Case>> = {
  "a uniform tree: one stream": { source: [top, a, b], target: [topCopy, aCopy, bCopy], steps: [whole] },
  "one dataset alone is no package": {
    source: [top],
    target: [topCopy],
    steps: ["incremental tank@x..y > backup/tank"],
  },
  "packages switched off, or holds not allowed": {
    source: [top, a],
    target: [topCopy, aCopy],
    told: { packages: false },
    steps: ["incremental tank@x..y > backup/tank", "incremental tank/a@x..y > backup/tank/a"],
  },
  "holds not allowed": {
    source: [top, a],
    target: [topCopy, aCopy],
    told: { holds: false },
    steps: ["incremental tank@x->y > backup/tank", "incremental tank/a@x->y > backup/tank/a"],
  },
  "one is behind the others": {
    source: [top, dataset("tank/a", "w:7 x:3 y:4"), b],
    target: [topCopy, dataset("backup/tank/a", "w:7"), bCopy],
    steps: [withoutA, "incremental tank/a@w..y > backup/tank/a"],
  },
  "one is behind the others, and there is no -X": {
    source: [top, dataset("tank/a", "w:7 x:3 y:4"), b],
    target: [topCopy, dataset("backup/tank/a", "w:7"), bCopy],
    told: noX,
    steps: [
      "incremental tank@x..y > backup/tank",
      "incremental tank/a@w..y > backup/tank/a",
      "incremental tank/b@x..y > backup/tank/b",
    ],
  },
  "without -X a subtree that is uniform still travels in one": {
    source: [dataset("tank", "w:9 x:1 y:2"), a, dataset("tank/a/c", "x:7 y:8"), b],
    target: [dataset("backup/tank", "w:9"), aCopy, dataset("backup/tank/a/c", "x:7"), bCopy],
    told: noX,
    steps: [
      "incremental tank@w..y > backup/tank",
      "package tank/a@x..y > backup/tank/a [tank/a,tank/a/c]",
      "incremental tank/b@x..y > backup/tank/b",
    ],
  },
  "an irregular one is left out with all below it, which travels by itself": {
    source: [top, dataset("tank/a", "w:9 x:3 y:4"), dataset("tank/a/c", "x:7 y:8"), b],
    target: [topCopy, dataset("backup/tank/a", "w:9"), dataset("backup/tank/a/c", "x:7"), bCopy],
    steps: [
      withoutA,
      "incremental tank/a@w..y > backup/tank/a",
      "incremental tank/a/c@x..y > backup/tank/a/c",
    ],
  },
  "one is up to date": {
    source: [top, dataset("tank/a", "x:3"), b],
    target: [topCopy, aCopy, bCopy],
    steps: [withoutA],
  },
  "one is in conflict": {
    source: [top, a, b],
    target: [topCopy, dataset("backup/tank/a", "x:3 mine:9"), bCopy],
    steps: [withoutA],
  },
  "one is rolled back first": {
    source: [top, a, b],
    target: [topCopy, dataset("backup/tank/a", "x:3 mine:9"), bCopy],
    told: { onDivergence: "rollback" },
    steps: [withoutA, "rollback backup/tank/a@x -mine", "incremental tank/a@x..y > backup/tank/a"],
  },
  "one has only a bookmark as its base": {
    source: [top, dataset("tank/a", "#x:3 y:4"), b],
    target: [topCopy, aCopy, bCopy],
    steps: [withoutA, "incremental tank/a#x->y > backup/tank/a"],
  },
  "one resumes": {
    source: [top, a, b],
    target: [topCopy, dataset("backup/tank/a", "x:3", { resumeToken: "1-a-b-c" }), bCopy],
    steps: [withoutA, "discard-partial backup/tank/a", "incremental tank/a@x..y > backup/tank/a"],
  },
  "what the user excluded stays out": {
    source: [top, b],
    target: [topCopy, aCopy, bCopy],
    told: { excluded: [a, dataset("tank/a/below", "x:8 y:9")] },
    steps: [withoutA],
  },
  "what the user excluded, and there is no -X": {
    source: [top, b],
    target: [topCopy, bCopy],
    told: { ...noX, excluded: [a] },
    steps: ["incremental tank@x..y > backup/tank", "incremental tank/b@x..y > backup/tank/b"],
  },
  "a snapshot was renamed on the source: a package would rename it on the target": {
    source: [top, dataset("tank/a", "older:7 x:3 y:4"), b],
    target: [topCopy, dataset("backup/tank/a", "old:7 x:3"), bCopy],
    steps: [
      "incremental tank@x..y > backup/tank",
      "incremental tank/a@x..y > backup/tank/a",
      "incremental tank/b@x..y > backup/tank/b",
    ],
  },
  "the base was renamed on the source": {
    source: [top, dataset("tank/a", "z:3 y:4"), b],
    target: [topCopy, aCopy, bCopy],
    steps: [
      "incremental tank@x..y > backup/tank",
      "incremental tank/a@z..y > backup/tank/a",
      "incremental tank/b@x..y > backup/tank/b",
    ],
  },
  "one is new on the target: a package would look for it by GUID": {
    source: [top, a, b],
    target: [topCopy, bCopy],
    steps: [withoutA, "full tank/a@x > backup/tank/a", "incremental tank/a@x..y > backup/tank/a"],
  },
  "one is new on both sides: it has no base to be looked for": {
    source: [top, dataset("tank/a", "y:4"), b],
    target: [topCopy, bCopy],
    steps: [whole],
  },
  "a clone that is new on both sides would be looked for by its origin": {
    source: [top, dataset("tank/a", "y:4", { origin: "tank/b@x" }), b],
    target: [topCopy, bCopy],
    steps: [withoutA, "clone tank/b@x..tank/a@y > backup/tank/a"],
  },
  "a clone of the same origin on both sides": {
    source: [top, dataset("tank/a", "x:3 y:4", { origin: "tank/b@x" }), b],
    target: [topCopy, dataset("backup/tank/a", "x:3", { origin: "backup/tank/b@x" }), bCopy],
    steps: ["package tank@x..y > backup/tank [tank,tank/b,tank/a]"],
  },
  "a parent that is a clone of what lies below it: -R would wait for itself": {
    source: [dataset("tank", "x:1 y:2", { origin: "tank/a@w" }), dataset("tank/a", "w:9 x:3 y:4"), b],
    target: [
      dataset("backup/tank", "x:1", { origin: "backup/tank/a@w" }),
      dataset("backup/tank/a", "w:9 x:3"),
      bCopy,
    ],
    steps: [
      "incremental tank@x..y > backup/tank",
      "incremental tank/a@x..y > backup/tank/a",
      "incremental tank/b@x..y > backup/tank/b",
    ],
  },
  "a clone on the source alone (promoted on the target)": {
    source: [top, dataset("tank/a", "x:3 y:4", { origin: "tank/b@x" }), b],
    target: [topCopy, aCopy, bCopy],
    steps: [withoutA, "incremental tank/a@x..y > backup/tank/a"],
  },
  "a clone on the target alone (promoted on the source): a package would promote it there, even if left out by -X": {
    source: [top, a, b],
    target: [topCopy, dataset("backup/tank/a", "x:3", { origin: "backup/tank/b@x" }), bCopy],
    steps: [
      "incremental tank@x..y > backup/tank",
      "incremental tank/a@x..y > backup/tank/a",
      "incremental tank/b@x..y > backup/tank/b",
    ],
  },
  "clones of origins of the same name, but other GUIDs": {
    source: [top, dataset("tank/a", "x:3 y:4", { origin: "tank/b@o" }), dataset("tank/b", "o:7 x:5 y:6")],
    target: [
      topCopy,
      dataset("backup/tank/a", "x:3", { origin: "backup/tank/b@o" }),
      dataset("backup/tank/b", "o:8 x:5"),
    ],
    steps: [
      "incremental tank@x..y > backup/tank",
      "incremental tank/b@x..y > backup/tank/b",
      "incremental tank/a@x..y > backup/tank/a",
    ],
  },
  "a twin that was set aside: a package would rename it, even if its like were left out by -X": {
    source: [top, a, b],
    target: [topCopy, aCopy, dataset("backup/tank/a-kept-20261122T030000Z", "x:3 mine:9"), bCopy],
    steps: [
      "incremental tank@x..y > backup/tank",
      "incremental tank/a@x..y > backup/tank/a",
      "incremental tank/b@x..y > backup/tank/b",
    ],
  },
  "one that moves below a new parent: first the parent, and no package above, which would move it first": {
    source: [top, dataset("tank/new", "y:8"), dataset("tank/new/a", "x:3 y:4"), b],
    target: [topCopy, aCopy, bCopy],
    steps: [
      "incremental tank@x..y > backup/tank",
      "incremental tank/b@x..y > backup/tank/b",
      "full tank/new@y > backup/tank/new",
      "rename backup/tank/a as backup/tank/new/a",
      "incremental tank/new/a@x..y > backup/tank/new/a",
    ],
  },
  "one that was set aside longer ago, and has not the base: a package leaves it alone": {
    source: [top, dataset("tank/a", "w:7 x:3 y:4"), b],
    target: [
      topCopy,
      dataset("backup/tank/a", "w:7 x:3"),
      dataset("backup/tank/a-kept-20261122T030000Z", "w:7 mine:9"),
      bCopy,
    ],
    steps: [whole],
  },
  "but its key would be given another root": {
    source: [top, dataset("tank/a", "w:7 x:3 y:4", encrypted("tank/a", "unavailable")), b],
    target: [
      topCopy,
      dataset("backup/tank/a", "w:7 x:3", encrypted("backup/tank/a", "unavailable")),
      dataset(
        "backup/tank/a-kept-20261122T030000Z",
        "w:7",
        encrypted("backup/tank/a-kept-20261122T030000Z", "unavailable"),
      ),
      bCopy,
    ],
    steps: [
      "incremental tank@x..y > backup/tank",
      "incremental raw tank/a@x..y > backup/tank/a",
      "incremental tank/b@x..y > backup/tank/b",
    ],
  },
  "and a clone would be promoted": {
    source: [top, dataset("tank/a", "w:7 x:3 y:4"), b],
    target: [
      topCopy,
      dataset("backup/tank/a", "w:7 x:3"),
      dataset("backup/tank/a-kept-20261122T030000Z", "w:7", { origin: "backup/tank/b@x" }),
      bCopy,
    ],
    steps: [
      "incremental tank@x..y > backup/tank",
      "incremental tank/a@x..y > backup/tank/a",
      "incremental tank/b@x..y > backup/tank/b",
    ],
  },
  "an old twin: a package would rename its snapshots": {
    source: [top, dataset("tank/a", "w:7 x:3 y:4"), b],
    target: [topCopy, dataset("backup/tank/a", "x:3"), dataset("backup/tank/z", "v:7 mine:9"), bCopy],
    steps: [
      "incremental tank@x..y > backup/tank",
      "incremental tank/a@x..y > backup/tank/a",
      "incremental tank/b@x..y > backup/tank/b",
    ],
  },
  "twins on both sides, by a copy within the source": {
    source: [top, a, dataset("tank/b", "x:3 y:6")],
    target: [topCopy, aCopy, dataset("backup/tank/b", "x:3")],
    steps: [
      "incremental tank@x..y > backup/tank",
      "incremental tank/a@x..y > backup/tank/a",
      "incremental tank/b@x..y > backup/tank/b",
    ],
  },
  "encrypted and plain ones travel apart": {
    source: [
      top,
      a,
      dataset("tank/s", "x:5 y:6", locked),
      dataset("tank/s/t", "x:7 y:8", locked),
    ],
    target: [
      topCopy,
      aCopy,
      dataset("backup/tank/s", "x:5", lockedCopy),
      dataset("backup/tank/s/t", "x:7", lockedCopy),
    ],
    steps: [
      "package tank@x..y -tank/s > backup/tank [tank,tank/a]",
      "package raw tank/s@x..y > backup/tank/s [tank/s,tank/s/t]",
    ],
  },
  "encrypted ones sent readable: ZFS packs none": {
    source: [top, a, dataset("tank/s", "x:5 y:6", encrypted("tank/s", "available"))],
    target: [topCopy, aCopy, dataset("backup/tank/s", "x:5")],
    told: { raw: "never" },
    steps: [
      "package tank@x..y -tank/s > backup/tank [tank,tank/a]",
      "incremental decrypted tank/s@x..y > backup/tank/s",
    ],
  },
  "a first copy": {
    source: [top, a, b],
    steps: ["package tank@..y > backup/tank [tank,tank/a,tank/b]"],
  },
  "a first copy of what ends elsewhere": {
    source: [top, dataset("tank/a", "x:3"), b],
    steps: ["package tank@..y -tank/a > backup/tank [tank,tank/b]", "full tank/a@x > backup/tank/a"],
  },
  "a first copy with a clone": {
    source: [top, dataset("tank/a", "y:4", { origin: "tank/b@x" }), b],
    steps: ["package tank@..y > backup/tank [tank,tank/b,tank/a]"],
  },
  "a first copy with a clone of what is left out": {
    source: [top, dataset("tank/a", "y:4", { origin: "tank/b@x" }), dataset("tank/b", "x:5")],
    steps: [
      "full tank@x > backup/tank",
      "incremental tank@x..y > backup/tank",
      "full tank/b@x > backup/tank/b",
      "clone tank/b@x..tank/a@y > backup/tank/a",
    ],
  },
  "a first copy of a clone of what is elsewhere": {
    source: [top, dataset("tank/a", "y:4", { origin: "other@x" }), b],
    steps: ["package tank@..y -tank/a > backup/tank [tank,tank/b]", "full tank/a@y > backup/tank/a"],
  },
  "a first copy into an empty pool's root: the root alone to a snapshot that is its own, then all": {
    source: [dataset("tank", "base:9 y:2"), dataset("tank/a", "y:4"), dataset("tank/b", "x:5 y:6")],
    target: [dataset("backup")],
    told: atRoot,
    steps: ["full -F tank@base > backup", "package tank@base..y > backup [tank,tank/a,tank/b]"],
  },
  "a first copy into an empty pool's root, sent readable: without packages": {
    source: [dataset("tank", "base:9 y:2", encrypted("tank", "available")), dataset("tank/a", "y:4")],
    target: [dataset("backup")],
    told: { ...atRoot, raw: "never" },
    steps: [
      "full -F decrypted tank@base > backup",
      "incremental decrypted tank@base..y > backup",
      "full tank/a@y > backup/a",
    ],
  },
  "a first copy into an empty pool's root, without such a snapshot": {
    source: [top, a],
    target: [dataset("backup")],
    told: atRoot,
    steps: [
      "full -F tank@x > backup",
      "incremental tank@x..y > backup",
      "full tank/a@x > backup/a",
      "incremental tank/a@x..y > backup/a",
    ],
  },
};

Deno.test("which steps travel in one stream", async (test) => {
  for (const [what, { source, target = [], told, steps }] of Object.entries(cases)) {
    await test.step(what, () => {
      const plan = planTree(planInput(source, target, told));
      assert.deepEqual(plan.steps.map(shown), steps);
    });
  }
});

Deno.test("more than a hundred exceptions, and the package is split", () => {
  const many = Array.from({ length: 101 }, (_, i) => dataset(`tank/n${i}`, `x:${i + 10}`));
  const plan = (count: number) =>
    planTree(planInput([top, a, ...many.slice(0, count)], [topCopy, aCopy])).steps.map(({ kind }) => kind)[0];
  assert.equal(plan(100), "package");
  assert.equal(plan(101), "incremental");
});

Deno.test("what must be on the target after each step", () => {
  const steps = planTree(planInput([top, a, dataset("tank/b", "#m:5 z:6 y:7")], [topCopy, aCopy, bCopy])).steps;
  const names = steps.filter(isStream).flatMap((step) => streamMembers(step).map(receivedName));
  assert.deepEqual(names, ["backup/tank@y", "backup/tank/a@y", "backup/tank/b@z", "backup/tank/b@y"]);
  const [first] = streamMembers(steps.filter(isStream)[0]!);
  assert.equal(first?.from?.name, "x");
});
