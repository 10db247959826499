import assert from "node:assert/strict";
import type { TokenState } from "../../../src/core/inspect/resume_tokens.ts";
import { planDataset } from "../../../src/core/plan/plan_dataset.ts";
import type { DatasetFacts, Policy } from "../../../src/core/plan/plan_input.ts";
import type { Dataset } from "../../../src/zfs/names/dataset.ts";
import type { Guid } from "../../../src/zfs/names/names.ts";
import { name } from "../../zfs/sample.ts";
import { dataset, encrypted, shown } from "../make.ts";

const policy: Policy = { raw: "auto", onDivergence: "refuse", onForeign: "refuse", holds: true, nowMs: 0 };

/** A valid token that brings the version with GUID `to`, on top of `from`. */
function valid(to: string, from?: string, raw = false): TokenState {
  return {
    kind: "valid",
    token: {
      toGuid: to as Guid,
      toName: `tank/a@${to}`,
      fromGuid: from as Guid | undefined,
      receivedBytes: 77n,
      raw,
      remainingBytes: 1n,
    },
  };
}

const corrupt: TokenState = { kind: "invalid", why: "resume token is corrupt" };
const cut = { resumeToken: "1-a-b-c" };
const tank = (versions: string, told: Partial<Dataset> = {}): Dataset => dataset("tank/a", versions, told);
const copy = (versions: string, told: Partial<Dataset> = {}): Dataset =>
  dataset("pool/a", versions, { ...cut, ...told });
const root = (versions: string): Dataset => dataset("pool", versions, cut);
const atRoot = { targetName: name("pool") };

interface Case {
  readonly source: Dataset;
  readonly target: Dataset;
  readonly token: TokenState | undefined;
  readonly facts?: Partial<DatasetFacts>;
  readonly policy?: Partial<Policy>;
  readonly plan: readonly string[];
}

const cases: Readonly<Record<string, Case>> = {
  "a first copy goes on, and the rest follows": {
    source: tank("x:1 y:2"),
    target: copy(""),
    token: valid("1"),
    plan: ["resume tank/a@x > pool/a", "incremental tank/a@x..y > pool/a"],
  },
  "an increment goes on": {
    source: tank("x:1 y:2"),
    target: copy("x:1"),
    token: valid("2", "1"),
    plan: ["resume tank/a@y > pool/a"],
  },
  "an increment goes on, and what was made since follows": {
    source: tank("x:1 y:2 z:3"),
    target: copy("x:1"),
    token: valid("2", "1"),
    plan: ["resume tank/a@y > pool/a", "incremental tank/a@y..z > pool/a"],
  },
  "a forced first copy into a pool's root goes on by force": {
    source: tank("x:1"),
    target: root(""),
    token: valid("1"),
    facts: { ...atRoot, targetIsEmpty: true },
    plan: ["resume -F tank/a@x > pool"],
  },
  "a forced first copy into what was there, and still is empty": {
    source: tank("x:1"),
    target: copy(""),
    token: valid("1"),
    facts: { targetIsEmpty: true },
    plan: ["resume -F tank/a@x > pool/a"],
  },
  "a forced first copy into a pool's root that somebody wrote to since": {
    source: tank("x:1"),
    target: root(""),
    token: valid("1"),
    facts: atRoot,
    plan: ["conflict foreign-data"],
  },
  "an increment of a pool's root needs no force": {
    source: tank("x:1 y:2"),
    target: root("x:1"),
    token: valid("2", "1"),
    facts: atRoot,
    plan: ["resume tank/a@y > pool"],
  },
  "a clone, cut: its base is its origin's": {
    source: tank("x:5 y:6", { origin: "tank/o@s" }),
    target: copy(""),
    token: valid("5", "1"),
    plan: ["resume tank/a@x > pool/a", "incremental tank/a@x..y > pool/a"],
  },
  "a corrupt token of a first copy": {
    source: tank("x:1"),
    target: copy(""),
    token: corrupt,
    plan: ["discard-partial pool/a", "full tank/a@x > pool/a"],
  },
  "a corrupt token of an increment": {
    source: tank("x:1 y:2"),
    target: copy("x:1"),
    token: corrupt,
    plan: ["discard-partial pool/a", "incremental tank/a@x..y > pool/a"],
  },
  "a token nobody could decode": {
    source: tank("x:1 y:2"),
    target: copy("x:1"),
    token: undefined,
    plan: ["discard-partial pool/a", "incremental tank/a@x..y > pool/a"],
  },
  "its snapshot is gone on the source": {
    source: tank("x:1 z:3"),
    target: copy("x:1"),
    token: valid("2", "1"),
    plan: ["discard-partial pool/a", "incremental tank/a@x..z > pool/a"],
  },
  "its snapshot is gone, and nothing else is new": {
    source: tank("x:1"),
    target: copy("x:1"),
    token: valid("2", "1"),
    plan: ["discard-partial pool/a"],
  },
  "it was sent readable, and now raw is wanted": {
    source: tank("x:1", encrypted("tank", "available")),
    target: copy(""),
    token: valid("1", undefined, false),
    plan: ["discard-partial pool/a", "full raw tank/a@x > pool/a"],
  },
  "it was sent raw, and now not": {
    source: tank("x:1", encrypted("tank", "available")),
    target: copy(""),
    token: valid("1", undefined, true),
    policy: { raw: "never" },
    plan: ["discard-partial pool/a", "full decrypted tank/a@x > pool/a"],
  },
  "it was sent raw, and still is": {
    source: tank("x:1 y:2", encrypted("tank", "available")),
    target: copy("x:1", encrypted("pool/a", "unavailable")),
    token: valid("2", "1", true),
    plan: ["resume raw tank/a@y > pool/a"],
  },
  "the target has another newest version by now": {
    source: tank("x:1 y:2 z:3"),
    target: copy("x:1 y:2"),
    token: valid("2", "1"),
    plan: ["discard-partial pool/a", "incremental tank/a@y..z > pool/a"],
  },
  "the target diverged meanwhile: refused, and its half kept": {
    source: tank("x:1 y:2"),
    target: copy("x:1 mine:9"),
    token: valid("2", "1"),
    plan: ["conflict diverged"],
  },
  "the target was written to meanwhile, rolled back": {
    source: tank("x:1 y:2"),
    target: copy("x:1", { writtenBytes: 7n }),
    token: valid("2", "1"),
    policy: { onDivergence: "rollback" },
    plan: ["discard-partial pool/a", "rollback pool/a@x -", "incremental tank/a@x..y > pool/a"],
  },
  "a half that is foreign: refused, and kept": {
    source: tank("x:1"),
    target: copy("mine:9"),
    token: corrupt,
    plan: ["conflict foreign-data"],
  },
  "a pool's root with a half that cannot go on": {
    source: tank("x:1"),
    target: root(""),
    token: corrupt,
    facts: { ...atRoot, targetIsEmpty: true },
    plan: ["discard-partial pool", "full -F tank/a@x > pool"],
  },
  "a half that cannot go on, in what was there and empty before": {
    source: tank("x:1"),
    target: copy(""),
    token: corrupt,
    facts: { targetIsEmpty: true },
    plan: ["discard-partial pool/a", "full -F tank/a@x > pool/a"],
  },
  "a half in what was empty before, and holds datasets now: refused, and kept": {
    source: tank("x:1"),
    target: copy(""),
    token: valid("1"),
    facts: { targetHasChildren: true },
    plan: ["conflict foreign-data"],
  },
  "a name that has to follow is taken": {
    source: tank("x:1 y:2 z:3"),
    target: copy("z:9 x:1"),
    token: valid("2", "1"),
    plan: ["conflict name-taken"],
  },
};

Deno.test("what a cut transfer left", async (test) => {
  for (const [what, told] of Object.entries(cases)) {
    await test.step(what, () => {
      const plan = planDataset({
        source: told.source,
        targetName: name("pool/a"),
        target: told.target,
        targetIsEmpty: false,
        targetParentKey: undefined,
        token: told.token,
        origin: undefined,
        ...told.facts,
      }, { ...policy, ...told.policy });
      assert.deepEqual(
        plan.kind === "steps"
          ? plan.steps.map(shown)
          : [plan.kind === "conflict" ? `conflict ${plan.conflict.kind}` : plan.kind],
        told.plan,
      );
    });
  }
});
