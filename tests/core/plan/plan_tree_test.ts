import assert from "node:assert/strict";
import type { PlanInput } from "../../../src/core/plan/plan_input.ts";
import { planTree } from "../../../src/core/plan/plan_tree.ts";
import type { Dataset } from "../../../src/zfs/names/dataset.ts";
import { name } from "../../zfs/sample.ts";
import { dataset, encrypted, planInput, shown } from "../make.ts";

interface Case {
  readonly source: readonly Dataset[];
  readonly target?: readonly Dataset[];
  readonly told?: Partial<PlanInput>;
  readonly steps: readonly string[];
  readonly conflicts?: readonly string[];
  readonly orphans?: readonly string[];
}

/** Without packages unless told: they have a test of their own. */
const alone = { packages: false };
const keepBoth = { ...alone, onForeign: "keep-both", onDivergence: "keep-both" } as const;

const cases: Readonly<Record<string, Case>> = {
  "parents first, whatever the order of the listing": {
    source: [dataset("tank/a/b", "x:3"), dataset("tank/a", "x:2"), dataset("tank", "x:1")],
    told: alone,
    steps: [
      "full tank@x > backup/tank",
      "full tank/a@x > backup/tank/a",
      "full tank/a/b@x > backup/tank/a/b",
    ],
  },
  "missing parents of the top are made, never mounted": {
    source: [dataset("tank", "x:1")],
    told: { ...alone, targetTop: name("pool/of/many/tank"), targetAncestors: [dataset("pool"), dataset("pool/of")] },
    steps: ["create-parent pool/of/many", "full tank@x > pool/of/many/tank"],
  },
  "no parents are made for a top that is there": {
    source: [dataset("tank", "x:1")],
    target: [dataset("backup/tank", "x:1")],
    told: alone,
    steps: [],
  },
  "a target that is a pool, and a source that is none": {
    source: [dataset("tank", "x:1"), dataset("tank/a", "x:2")],
    target: [dataset("backup")],
    told: { ...alone, targetTop: name("backup"), targetAncestors: [], targetEmpty: new Set(["backup"]) },
    steps: ["full -F tank@x > backup", "full tank/a@x > backup/a"],
  },
  "clones after their origins, as clones": {
    source: [
      dataset("tank", "x:1"),
      dataset("tank/a", "x:20", { origin: "tank/z@o" }),
      dataset("tank/z", "o:3 x:4"),
    ],
    told: alone,
    steps: [
      "full tank@x > backup/tank",
      "full tank/z@o > backup/tank/z",
      "incremental tank/z@o..x > backup/tank/z",
      "clone tank/z@o..tank/a@x > backup/tank/a",
    ],
  },
  "a clone of what arrives only now": {
    source: [
      dataset("tank/o", "x:1 new:2"),
      dataset("tank/p", "x:5", { origin: "tank/o@new" }),
      dataset("tank", "x:9"),
    ],
    target: [dataset("backup/tank", "x:9"), dataset("backup/tank/o", "x:1")],
    told: alone,
    steps: ["incremental tank/o@x..new > backup/tank/o", "clone tank/o@new..tank/p@x > backup/tank/p"],
  },
  "a clone of what was before the base, and is gone on the target: sent whole": {
    source: [
      dataset("tank/o", "old:1 x:2"),
      dataset("tank/p", "x:5", { origin: "tank/o@old" }),
      dataset("tank", "x:9"),
    ],
    target: [dataset("backup/tank", "x:9"), dataset("backup/tank/o", "x:2")],
    told: alone,
    steps: ["full tank/p@x > backup/tank/p"],
  },
  "a clone of a first copy that was cut: resumed, then cloned": {
    source: [dataset("tank/o", "s:1"), dataset("tank/p", "x:5", { origin: "tank/o@s" }), dataset("tank", "x:9")],
    target: [dataset("backup/tank", "x:9"), dataset("backup/tank/o", "", { resumeToken: "1-a-b-c" })],
    told: {
      ...alone,
      tokens: new Map([["backup/tank/o", {
        kind: "valid",
        token: {
          toGuid: dataset("tank/o", "s:1").snapshots[0]!.guid,
          toName: "tank/o@s",
          fromGuid: undefined,
          receivedBytes: 1n,
          raw: false,
          remainingBytes: 1n,
        },
      }]]),
    },
    steps: ["resume tank/o@s > backup/tank/o", "clone tank/o@s..tank/p@x > backup/tank/p"],
  },
  "a clone whose base goes on from a bookmark": {
    source: [
      dataset("tank/o", "#m:1 s:2 x:3"),
      dataset("tank/p", "x:5", { origin: "tank/o@x" }),
      dataset("tank", "x:9"),
    ],
    target: [dataset("backup/tank", "x:9"), dataset("backup/tank/o", "m:1")],
    told: alone,
    steps: [
      "incremental tank/o#m->s > backup/tank/o",
      "incremental tank/o@s..x > backup/tank/o",
      "clone tank/o@x..tank/p@x > backup/tank/p",
    ],
  },
  "children of what cannot be there": {
    source: [dataset("tank", "x:1"), dataset("tank/a", ""), dataset("tank/a/b", "x:3"), dataset("tank/c", "x:4")],
    target: [dataset("backup/tank", "x:1")],
    told: alone,
    steps: ["full tank/c@x > backup/tank/c"],
    conflicts: ["tank/a empty-source", "tank/a/b parent-missing"],
  },
  "children of what is in conflict, but there": {
    source: [dataset("tank", "x:1"), dataset("tank/a", "x:2"), dataset("tank/a/b", "x:3")],
    target: [dataset("backup/tank", "x:1"), dataset("backup/tank/a", "mine:9")],
    told: alone,
    steps: ["full tank/a/b@x > backup/tank/a/b"],
    conflicts: ["tank/a foreign-data"],
  },
  "what is set aside takes all below it along": {
    source: [dataset("tank", "x:1"), dataset("tank/a", "x:2"), dataset("tank/a/b", "x:3")],
    target: [dataset("backup/tank", "x:1"), dataset("backup/tank/a", "mine:9"), dataset("backup/tank/a/b", "x:3")],
    told: keepBoth,
    steps: [
      "set-aside backup/tank/a as backup/tank/a-kept-20261122T030000Z",
      "full tank/a@x > backup/tank/a",
      "full tank/a/b@x > backup/tank/a/b",
    ],
  },
  "what was taken along is no parent any more": {
    source: [dataset("tank", "x:1"), dataset("tank/a", "x:2"), dataset("tank/a/b", ""), dataset("tank/a/b/c", "x:4")],
    target: [dataset("backup/tank", "x:1"), dataset("backup/tank/a", "mine:9"), dataset("backup/tank/a/b", "x:3")],
    told: keepBoth,
    steps: ["set-aside backup/tank/a as backup/tank/a-kept-20261122T030000Z", "full tank/a@x > backup/tank/a"],
    conflicts: ["tank/a/b empty-source", "tank/a/b/c parent-missing"],
  },
  "a clone of what is copied anew": {
    source: [dataset("tank", "x:1"), dataset("tank/o", "s:2"), dataset("tank/p", "x:5", { origin: "tank/o@s" })],
    target: [dataset("backup/tank", "x:1"), dataset("backup/tank/o", "mine:9")],
    told: keepBoth,
    steps: [
      "set-aside backup/tank/o as backup/tank/o-kept-20261122T030000Z",
      "full tank/o@s > backup/tank/o",
      "clone tank/o@s..tank/p@x > backup/tank/p",
    ],
  },
  "a clone of what is in conflict is sent whole": {
    source: [dataset("tank", "x:1"), dataset("tank/o", "s:2"), dataset("tank/p", "x:5", { origin: "tank/o@s" })],
    target: [dataset("backup/tank", "x:1"), dataset("backup/tank/o", "mine:9")],
    told: alone,
    steps: ["full tank/p@x > backup/tank/p"],
    conflicts: ["tank/o foreign-data"],
  },
  "orphans are told and kept; what the user excluded is none": {
    source: [dataset("tank", "x:1")],
    target: [
      dataset("backup/tank", "x:1"),
      dataset("backup/tank/gone", "x:7"),
      dataset("backup/tank/gone/below", "x:8"),
      dataset("backup/tank/out", "x:5"),
      dataset("backup/tank/out/below", "x:6"),
    ],
    told: { ...alone, excluded: [dataset("tank/out")] },
    steps: [],
    orphans: ["backup/tank/gone", "backup/tank/gone/below"],
  },
  "a name of more than 255 bytes on the target": {
    source: [dataset("tank", "x:1"), dataset(`tank/${"a".repeat(240)}`, "x:2 longer:3")],
    target: [dataset("backup/tank", "x:1")],
    told: alone,
    steps: [],
    conflicts: [`tank/${"a".repeat(240)} name-too-long`],
  },
  "a plain child below an encrypted parent that arrives locked": {
    source: [dataset("tank", "x:1", encrypted("tank", "available")), dataset("tank/plain", "x:2")],
    told: alone,
    steps: ["full raw tank@x > backup/tank"],
    conflicts: ["tank/plain key-needed"],
  },
  "a plain child below a parent that was plain when its first copy was cut, and arrives locked now": {
    source: [
      dataset("tank", "x:1"),
      dataset("tank/a", "x:2", encrypted("tank/a", "available")),
      dataset("tank/a/plain", "x:3"),
    ],
    target: [dataset("backup/tank", "x:1"), dataset("backup/tank/a", "", { resumeToken: "1-a" })],
    told: { ...alone, tokens: new Map([["backup/tank/a", { kind: "invalid", why: "gone" }]]) },
    steps: ["discard-partial backup/tank/a", "full raw tank/a@x > backup/tank/a"],
    conflicts: ["tank/a/plain key-needed"],
  },
  "a plain child below a parent that was encrypted when its first copy was cut, and arrives plain now": {
    source: [dataset("tank", "x:1"), dataset("tank/a", "x:2"), dataset("tank/a/plain", "x:3")],
    target: [
      dataset("backup/tank", "x:1"),
      dataset("backup/tank/a", "", { ...encrypted("backup/tank/a", "unavailable"), resumeToken: "1-a" }),
    ],
    told: { ...alone, tokens: new Map([["backup/tank/a", { kind: "invalid", why: "gone" }]]) },
    steps: [
      "discard-partial backup/tank/a",
      "full tank/a@x > backup/tank/a",
      "full tank/a/plain@x > backup/tank/a/plain",
    ],
  },
  "an encrypted child below a plain parent": {
    source: [dataset("tank", "x:1"), dataset("tank/secret", "x:2", encrypted("tank/secret", "unavailable"))],
    told: alone,
    steps: ["full tank@x > backup/tank", "full raw tank/secret@x > backup/tank/secret"],
  },
  "a copy is not moved below an empty dataset that cannot be received over after all": {
    source: [
      dataset("tank", "x:1"),
      dataset("tank/a", "x:4", encrypted("tank/a", "unavailable")),
      dataset("tank/a/new", "x:2 y:3"),
    ],
    target: [dataset("backup/tank", "x:1"), dataset("backup/tank/a"), dataset("backup/tank/old", "x:2")],
    told: { ...alone, raw: "never", targetEmpty: new Set(["backup/tank/a"]) },
    steps: [],
    conflicts: ["tank/a key-needed", "tank/a/new parent-missing"],
  },
  "new datasets below an encrypted parent whose key is loaded": {
    source: [dataset("tank", "x:1"), dataset("tank/a", "x:2")],
    told: { ...alone, targetAncestors: [dataset("backup", "", encrypted("backup", "available"))] },
    steps: ["full tank@x > backup/tank", "full tank/a@x > backup/tank/a"],
  },
  "new datasets below an encrypted parent whose key is not": {
    source: [dataset("tank", "x:1"), dataset("tank/a", "x:2")],
    told: { ...alone, targetAncestors: [dataset("backup", "", encrypted("backup", "unavailable"))] },
    steps: [],
    conflicts: ["tank key-needed", "tank/a parent-missing"],
  },
};

Deno.test("the plan of a tree", async (test) => {
  for (const [what, { source, target = [], told, ...expected }] of Object.entries(cases)) {
    await test.step(what, () => {
      const plan = planTree(planInput(source, target, told));
      assert.deepEqual(plan.steps.map(shown), expected.steps);
      const conflicts = plan.datasets.flatMap(({ dataset, plan: own }) =>
        own.kind === "conflict" ? [`${dataset} ${own.conflict.kind}`] : []
      );
      assert.deepEqual(conflicts, expected.conflicts ?? []);
      assert.deepEqual(plan.orphans, expected.orphans ?? []);
      assert.equal(plan.datasets.length, source.length, "every dataset has its plan");
    });
  }
});
