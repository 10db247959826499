import assert from "node:assert/strict";
import { planDataset } from "../../../src/core/plan/plan_dataset.ts";
import type { DatasetFacts, Policy } from "../../../src/core/plan/plan_input.ts";
import type { Dataset } from "../../../src/zfs/names/dataset.ts";
import { name } from "../../zfs/sample.ts";
import { dataset, encrypted, shown } from "../make.ts";

const cautious: Policy = {
  raw: "auto",
  onDivergence: "refuse",
  onForeign: "refuse",
  holds: true,
  nowMs: Date.UTC(2026, 10, 22, 3),
};

interface Case {
  readonly source: Dataset;
  readonly target?: Dataset;
  readonly facts?: Partial<DatasetFacts>;
  readonly policy?: Partial<Policy>;
  /** The steps in one line each, or `up-to-date at X`, or `conflict KIND`. */
  readonly plan: readonly string[];
}

const tank = (versions: string, told: Partial<Dataset> = {}): Dataset => dataset("tank/a", versions, told);
const copy = (versions: string, told: Partial<Dataset> = {}): Dataset => dataset("pool/a", versions, told);
const root = (versions: string, told: Partial<Dataset> = {}): Dataset => dataset("pool", versions, told);
const atRoot = { targetName: name("pool") };
const empty = { targetIsEmpty: true };
const volume = { type: "volume" } as const;
const locked = encrypted("tank", "unavailable");
const open = encrypted("tank", "available");
const lockedCopy = encrypted("pool", "unavailable");
const asideSteps = ["set-aside pool/a as pool/a-kept-20261122T030000Z"];

const cases: Readonly<Record<string, Case>> = {
  "no snapshot on the source": { source: tank(""), plan: ["conflict empty-source"] },
  "new, one snapshot": { source: tank("x:1"), plan: ["full tank/a@x > pool/a"] },
  "new, several: the oldest whole, then all later ones": {
    source: tank("x:1 y:2 z:3"),
    plan: ["full tank/a@x > pool/a", "incremental tank/a@x..z > pool/a"],
  },
  "new, a clone whose origin is there": {
    source: tank("x:5 y:6", { origin: "tank/o@s" }),
    facts: { origin: dataset("tank/o", "s:1").snapshots[0] },
    plan: ["clone tank/o@s..tank/a@x > pool/a", "incremental tank/a@x..y > pool/a"],
  },
  "new, a clone whose origin is not there": {
    source: tank("x:5", { origin: "tank/o@s" }),
    plan: ["full tank/a@x > pool/a"],
  },
  "an empty pool root": {
    source: tank("x:1 y:2"),
    target: root(""),
    facts: { ...atRoot, ...empty },
    plan: ["full -F tank/a@x > pool", "incremental tank/a@x..y > pool"],
  },
  "an empty pool root, and the source a clone: sent whole": {
    source: tank("x:5", { origin: "tank/o@s" }),
    target: root(""),
    facts: { ...atRoot, ...empty, origin: dataset("tank/o", "s:1").snapshots[0] },
    plan: ["full -F tank/a@x > pool"],
  },
  "a pool root that is not proven empty": {
    source: tank("x:1"),
    target: root(""),
    facts: atRoot,
    plan: ["conflict foreign-data root"],
  },
  "proven empty, but with a snapshot since": {
    source: tank("x:1"),
    target: root("mine:9"),
    facts: { ...atRoot, ...empty },
    plan: ["conflict foreign-data root"],
  },
  "an empty encrypted dataset cannot be received over": {
    source: tank("x:1"),
    target: copy("", encrypted("pool", "available")),
    facts: empty,
    plan: ["conflict foreign-data"],
  },
  "an empty plain dataset cannot be received over by an encrypted one": {
    source: tank("x:1", locked),
    target: copy(""),
    facts: empty,
    plan: ["conflict foreign-data"],
  },
  "an empty clone cannot be received over": {
    source: tank("x:1"),
    target: copy("", { origin: "pool/b@x" }),
    facts: empty,
    plan: ["conflict foreign-data"],
  },
  "an empty plain dataset, an encrypted source, both kept": {
    source: tank("x:1", locked),
    target: copy(""),
    facts: empty,
    policy: { onForeign: "keep-both" },
    plan: [...asideSteps, "full raw tank/a@x > pool/a"],
  },
  "up to date": { source: tank("x:1 y:2"), target: copy("x:1 y:2"), plan: ["up-to-date at tank/a@y"] },
  "up to date, although older ones are gone there": {
    source: tank("x:1 y:2"),
    target: copy("y:2"),
    plan: ["up-to-date at tank/a@y"],
  },
  "up to date by a bookmark that is younger than every snapshot": {
    source: tank("x:1 #m:2"),
    target: copy("x:1 y:2"),
    plan: ["up-to-date at tank/a@y"],
  },
  "behind": { source: tank("x:1 y:2 z:3"), target: copy("x:1"), plan: ["incremental tank/a@x..z > pool/a"] },
  "behind, names differ, GUIDs agree": {
    source: tank("x:1 y:2"),
    target: copy("other:1"),
    plan: ["incremental tank/a@x..y > pool/a"],
  },
  "the same name is not the same version": {
    source: tank("x:1 y:2"),
    target: copy("x:8 y:9"),
    plan: ["conflict foreign-data"],
  },
  "the base is only a bookmark": {
    source: tank("#m:1 y:2"),
    target: copy("x:1"),
    plan: ["incremental tank/a#m->y > pool/a"],
  },
  "the base is only a bookmark, several to send": {
    source: tank("#m:1 y:2 z:3"),
    target: copy("x:1"),
    plan: ["incremental tank/a#m->y > pool/a", "incremental tank/a@y..z > pool/a"],
  },
  "a snapshot goes before a bookmark of it": {
    source: tank("x:1 #m:1 y:2"),
    target: copy("x:1"),
    plan: ["incremental tank/a@x..y > pool/a"],
  },
  "holds are not allowed: every snapshot alone": {
    source: tank("x:1 y:2 z:3"),
    target: copy("x:1"),
    policy: { holds: false },
    plan: ["incremental tank/a@x->y > pool/a", "incremental tank/a@y->z > pool/a"],
  },
  "diverged by a snapshot": {
    source: tank("x:1 y:2"),
    target: copy("x:1 mine:9"),
    plan: ["conflict diverged pool/a@x +mine"],
  },
  "diverged by what was written": {
    source: tank("x:1 y:2"),
    target: copy("x:1", { writtenBytes: 7n }),
    plan: ["conflict diverged pool/a@x 7"],
  },
  "diverged, although nothing is new on the source": {
    source: tank("x:1"),
    target: copy("x:1 mine:9"),
    plan: ["conflict diverged pool/a@x +mine"],
  },
  "diverged, rolled back": {
    source: tank("x:1 y:2"),
    target: copy("x:1 mine:9", { writtenBytes: 7n }),
    policy: { onDivergence: "rollback" },
    plan: ["rollback pool/a@x -mine", "incremental tank/a@x..y > pool/a"],
  },
  "diverged by what was written, rolled back, nothing to send": {
    source: tank("x:1"),
    target: copy("x:1", { writtenBytes: 7n }),
    policy: { onDivergence: "rollback" },
    plan: ["rollback pool/a@x -"],
  },
  "diverged, both kept": {
    source: tank("x:1 y:2"),
    target: copy("x:1 mine:9"),
    policy: { onDivergence: "keep-both" },
    plan: [...asideSteps, "full tank/a@x > pool/a", "incremental tank/a@x..y > pool/a"],
  },
  "diverged, both kept: not a pool's root": {
    source: tank("x:1 y:2"),
    target: root("x:1 mine:9"),
    facts: atRoot,
    policy: { onDivergence: "keep-both" },
    plan: ["conflict diverged pool@x +mine root"],
  },
  "diverged is not foreign": {
    source: tank("x:1 y:2"),
    target: copy("x:1 mine:9"),
    policy: { onForeign: "keep-both" },
    plan: ["conflict diverged pool/a@x +mine"],
  },
  "foreign files": { source: tank("x:1"), target: copy(""), plan: ["conflict foreign-data"] },
  "foreign snapshots": { source: tank("x:1"), target: copy("mine:9"), plan: ["conflict foreign-data"] },
  "foreign, both kept": {
    source: tank("x:1"),
    target: copy("mine:9"),
    policy: { onForeign: "keep-both" },
    plan: [...asideSteps, "full tank/a@x > pool/a"],
  },
  "foreign, both kept: not a pool's root": {
    source: tank("x:1"),
    target: root("mine:9"),
    facts: atRoot,
    policy: { onForeign: "keep-both" },
    plan: ["conflict foreign-data root"],
  },
  "foreign is not diverged": {
    source: tank("x:1"),
    target: copy("mine:9"),
    policy: { onDivergence: "rollback" },
    plan: ["conflict foreign-data"],
  },
  "a name that has to arrive is taken": {
    source: tank("x:1 y:2 z:3"),
    target: copy("y:9 x:1"),
    plan: ["conflict name-taken y"],
  },
  "a name is taken by an older version of the same source, renamed there": {
    source: tank("old:1 x:2 y:3"),
    target: copy("y:1 x:2"),
    plan: ["conflict name-taken y"],
  },
  "a name that has not to arrive may be taken": {
    source: tank("a:1 x:2 y:3"),
    target: copy("a:9 x:2"),
    plan: ["incremental tank/a@x..y > pool/a"],
  },
  "a name that is taken by what is rolled back is free": {
    source: tank("x:1 y:2"),
    target: copy("x:1 y:9"),
    policy: { onDivergence: "rollback" },
    plan: ["rollback pool/a@x -y", "incremental tank/a@x..y > pool/a"],
  },
  "a volume against a filesystem": {
    source: tank("x:1", volume),
    target: copy("x:1"),
    plan: ["conflict type-mismatch"],
  },
  "a volume against an empty filesystem": {
    source: tank("x:1", volume),
    target: copy(""),
    facts: empty,
    plan: ["conflict type-mismatch"],
  },
  "a volume against a filesystem, both kept": {
    source: tank("x:1", volume),
    target: copy("mine:9"),
    policy: { onForeign: "keep-both" },
    plan: [...asideSteps, "full tank/a@x > pool/a"],
  },
  "encrypted: raw, whether the key is loaded or not": {
    source: tank("x:1 y:2", locked),
    target: copy("x:1", lockedCopy),
    plan: ["incremental raw tank/a@x..y > pool/a"],
  },
  "encrypted, new": { source: tank("x:1", open), plan: ["full raw tank/a@x > pool/a"] },
  "encrypted over a pool's root, even an empty one": {
    source: tank("x:1", open),
    target: root(""),
    facts: { ...atRoot, ...empty },
    plan: ["conflict encrypted-root"],
  },
  "encrypted over its readable copy": {
    source: tank("x:1 y:2", open),
    target: copy("x:1"),
    plan: ["conflict raw-mismatch"],
  },
  "sent readable although encrypted": {
    source: tank("x:1 y:2", open),
    policy: { raw: "never" },
    plan: ["full decrypted tank/a@x > pool/a", "incremental decrypted tank/a@x..y > pool/a"],
  },
  "sent readable, but its key is not loaded": {
    source: tank("x:1", locked),
    policy: { raw: "never" },
    plan: ["conflict key-needed source tank"],
  },
  "sent raw always: what is not encrypted is plain all the same": {
    source: tank("x:1"),
    policy: { raw: "always" },
    plan: ["full tank/a@x > pool/a"],
  },
  "a plain one below an encrypted parent whose key is loaded": {
    source: tank("x:1"),
    facts: { targetParentKey: { dataset: "pool", available: true } },
    plan: ["full tank/a@x > pool/a"],
  },
  "a plain one below an encrypted parent whose key is not": {
    source: tank("x:1"),
    facts: { targetParentKey: { dataset: "pool", available: false } },
    plan: ["conflict key-needed target pool"],
  },
  "a plain one whose copy's key is not loaded": {
    source: tank("x:1 y:2"),
    target: copy("x:1", lockedCopy),
    plan: ["conflict key-needed target pool"],
  },
  "up to date needs no key": {
    source: tank("x:1"),
    target: copy("x:1", lockedCopy),
    plan: ["up-to-date at tank/a@x"],
  },
};

/** A plan in a line each. */
function lines({ source, target, facts, policy }: Case): string[] {
  const plan = planDataset({
    source,
    targetName: name("pool/a"),
    target,
    targetIsEmpty: false,
    targetParentKey: undefined,
    token: undefined,
    origin: undefined,
    ...facts,
  }, { ...cautious, ...policy });
  switch (plan.kind) {
    case "up-to-date":
      return [`up-to-date at ${plan.at.dataset}@${plan.at.name}`];
    case "steps":
      return plan.steps.map(shown);
    case "conflict": {
      const { conflict } = plan;
      const words = ["conflict", conflict.kind];
      if (conflict.kind === "diverged") {
        words.push(`${conflict.common.dataset}@${conflict.common.name}`);
        if (conflict.targetNewer.length > 0) words.push(`+${conflict.targetNewer.map((version) => version.name)}`);
        if (conflict.writtenBytes > 0n) words.push(String(conflict.writtenBytes));
      }
      if ("isPoolRoot" in conflict && conflict.isPoolRoot) words.push("root");
      if (conflict.kind === "name-taken") words.push(...conflict.names);
      if (conflict.kind === "key-needed") words.push(conflict.side, conflict.dataset);
      return [words.join(" ")];
    }
  }
}

Deno.test("the plan of one dataset", async (test) => {
  for (const [what, told] of Object.entries(cases)) {
    await test.step(what, () => assert.deepEqual(lines(told), told.plan));
  }
});

Deno.test("a plan from a bookmark keeps the GUID of what both have", () => {
  const plan = planDataset({
    source: tank("x:1 #m:2"),
    targetName: name("pool/a"),
    target: copy("x:1 y:2"),
    targetIsEmpty: false,
    targetParentKey: undefined,
    token: undefined,
    origin: undefined,
  }, cautious);
  assert.equal(plan.kind === "up-to-date" && plan.at.guid, "2");
});
