import assert from "node:assert/strict";
import type { Dataset } from "../../../src/zfs/names/dataset.ts";
import { planTree } from "../../../src/core/plan/plan_tree.ts";
import { dataset, encrypted, planInput, shown } from "../make.ts";

const key = encrypted("tank", "unavailable");
const copyKey = encrypted("backup/tank", "unavailable");
const vault = (name: string, versions: string): Dataset => dataset(name, versions, key);
const copy = (name: string, versions: string): Dataset => dataset(name, versions, copyKey);
const top = vault("tank", "x:1 y:2");
const topCopy = copy("backup/tank", "x:1");

function steps(source: readonly Dataset[], target: readonly Dataset[], told = {}): string[] {
  return planTree(planInput(source, target, told)).steps.map(shown);
}

Deno.test("what is missing of an encrypted tree comes up to the base, and then travels in the package", () => {
  assert.deepStrictEqual(steps([top, vault("tank/a", "x:3 y:4")], [topCopy]), [
    "full raw tank/a@x > backup/tank/a",
    "package raw tank@x..y > backup/tank [tank,tank/a]",
  ]);
  assert.deepStrictEqual(steps([top, vault("tank/a", "v:7 w:8 x:3 y:4")], [topCopy, copy("backup/tank/a", "v:7")]), [
    "incremental raw tank/a@v..x > backup/tank/a",
    "package raw tank@x..y > backup/tank [tank,tank/a]",
  ]);
});

Deno.test("a whole subtree that is missing comes up as a package of its own", () => {
  const source = [top, vault("tank/a", "x:3 y:4"), vault("tank/a/b", "x:5 y:6"), vault("tank/a/new", "y:9")];
  assert.deepStrictEqual(steps(source, [topCopy]), [
    "package raw tank/a@..x -tank/a/new > backup/tank/a [tank/a,tank/a/b]",
    "package raw tank@x..y > backup/tank [tank,tank/a,tank/a/b,tank/a/new]",
  ]);
});

Deno.test("what lacks the base, or is not encrypted, goes as it always does", () => {
  assert.deepStrictEqual(steps([top, vault("tank/a", "v:7 y:4")], [topCopy, copy("backup/tank/a", "v:7")]), [
    "incremental raw tank@x..y > backup/tank",
    "incremental raw tank/a@v..y > backup/tank/a",
  ]);
  assert.deepStrictEqual(
    steps([dataset("tank", "x:1 y:2"), dataset("tank/a", "x:3 y:4")], [
      dataset("backup/tank", "x:1"),
    ]),
    [
      "incremental tank@x..y > backup/tank",
      "full tank/a@x > backup/tank/a",
      "incremental tank/a@x..y > backup/tank/a",
    ],
  );
});
