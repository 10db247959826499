import assert from "node:assert/strict";
import { stepsToRetry } from "../../../src/core/plan/steps_to_retry.ts";
import { planTree } from "../../../src/core/plan/plan_tree.ts";
import { dataset, planInput, shown } from "../make.ts";

/** A tree of which `tank/a` was written to on the target: set aside with what lies below it, and sent anew. */
const plan = planTree(planInput(
  [
    dataset("tank", "x:1 y:11"),
    dataset("tank/a", "x:2 y:12"),
    dataset("tank/a/c", "x:3 y:13"),
    dataset("tank/b", "x:4 y:14"),
  ],
  [
    dataset("backup/tank", "x:1"),
    dataset("backup/tank/a", "x:2", { writtenBytes: 5n }),
    dataset("backup/tank/a/c", "x:3"),
    dataset("backup/tank/b", "x:4"),
  ],
  { onDivergence: "keep-both", packages: false },
));

const again = (...open: string[]): string[] => stepsToRetry(plan, (name) => open.includes(name)).map(shown);

Deno.test("of a later plan only what may be tried again is carried out, with what that needs", () => {
  assert.deepEqual(stepsToRetry(plan, () => true), plan.steps);
  assert.deepEqual(again(), []);
  assert.deepEqual(again("tank/b"), plan.steps.filter(({ target }) => target === "backup/tank/b").map(shown));
  const aside = plan.steps.filter(({ target }) => target.startsWith("backup/tank/a")).map(shown);
  assert.deepEqual(again("tank/a", "tank/a/c"), aside);
  assert.equal(aside.length, 5);
});

Deno.test("nothing is set aside with a dataset below it that is not sent again", () => {
  assert.deepEqual(again("tank/a", "tank/b"), plan.steps.filter(({ target }) => target === "backup/tank/b").map(shown));
});

Deno.test("of a swap that is tried again all renames are made, whichever of the two is open", () => {
  const swap = planTree(planInput(
    [
      dataset("tank", "x:1"),
      dataset("tank/a", "y:3 z:9"),
      dataset("tank/b", "x:2 z:8"),
      dataset("tank/new", "x:5 z:7"),
    ],
    [
      dataset("backup/tank", "x:1"),
      dataset("backup/tank/a", "x:2"),
      dataset("backup/tank/b", "y:3"),
      dataset("backup/tank/old", "x:5"),
    ],
  ));
  for (const open of ["tank/a", "tank/b"]) {
    const renames = stepsToRetry(swap, (name) => name === open).filter(({ kind }) => kind === "rename");
    assert.deepEqual(renames.map(shown), swap.steps.slice(0, 3).map(shown));
  }
});

Deno.test("a rename that is all a dataset needs is tried again, but never below a copy that is not sent", () => {
  const later = planTree(planInput(
    [
      dataset("tank", "x:1"),
      dataset("tank/b", "x:4 y:14"),
      dataset("tank/n", "x:5"),
      dataset("tank/n/c", "x:3"),
      dataset("tank/z", "x:2"),
    ],
    [
      dataset("backup/tank", "x:1"),
      dataset("backup/tank/a", "x:2"),
      dataset("backup/tank/b", "x:4"),
      dataset("backup/tank/c", "x:3"),
    ],
    { packages: false },
  ));
  const renames = (...open: string[]) =>
    stepsToRetry(later, (name) => open.includes(name)).filter(({ kind }) => kind === "rename").map(shown);
  const [z, c] = ["rename backup/tank/a as backup/tank/z", "rename backup/tank/c as backup/tank/n/c"];
  assert.deepEqual(renames("tank/b"), []);
  assert.deepEqual(renames("tank/z"), [z]);
  assert.deepEqual(renames("tank/n/c"), []);
  assert.deepEqual(renames("tank/n", "tank/n/c"), [c]);
});
