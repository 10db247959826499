import assert from "node:assert/strict";
import { againOf } from "../../../src/core/plan/again.ts";
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

const again = (...open: string[]): string[] => againOf(plan.steps, (name) => open.includes(name)).map(shown);

Deno.test("of a later plan only what may be tried again is carried out, with what that needs", () => {
  assert.deepEqual(againOf(plan.steps, () => true), plan.steps);
  assert.deepEqual(again(), []);
  assert.deepEqual(again("tank/b"), plan.steps.filter(({ target }) => target === "backup/tank/b").map(shown));
  const aside = plan.steps.filter(({ target }) => target.startsWith("backup/tank/a")).map(shown);
  assert.deepEqual(again("tank/a", "tank/a/c"), aside);
  assert.equal(aside.length, 5);
});

Deno.test("nothing is set aside with a dataset below it that is not sent again", () => {
  assert.deepEqual(again("tank/a", "tank/b"), plan.steps.filter(({ target }) => target === "backup/tank/b").map(shown));
});
