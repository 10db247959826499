import assert from "node:assert/strict";
import {
  checkSnapshotMethod,
  snapshotMethod,
  type SnapshotMethodInputs,
} from "../../../src/core/plan/snapshot_method.ts";
import type { DatasetName } from "../../../src/zfs/names/names.ts";

const part = "incremental-2026-11-22T03:00:00Z";
const names = (count: number): DatasetName[] =>
  Array.from({ length: count }, (_, i) => `tank/${"x".repeat(30)}${i}` as DatasetName);
const few = names(20);
const many = names(1_750);
const tooMany = names(20_000);
const usual = { someStayOut: true, part, isLocal: false, datasets: many };
const zfs = (isRoot: boolean, release = "2.3.9") => ({ isRoot, zfs: { userland: release, kernel: release } });

const cases: readonly (readonly [title: string, told: SnapshotMethodInputs, way: string])[] = [
  ["nothing stays out", { ...usual, someStayOut: false, source: zfs(false) }, "recursive"],
  ["few names", { ...usual, datasets: few, source: zfs(false) }, "named"],
  ["many names here", { ...usual, isLocal: true, source: zfs(false) }, "named"],
  ["many names of a pull, as root", { ...usual, source: zfs(true) }, "program"],
  ["too many names here, as root", { ...usual, isLocal: true, datasets: tooMany, source: zfs(true) }, "program"],
  ["many names of a pull, as another user", { ...usual, source: zfs(false) }, "impossible"],
  [
    "too many names here, as another user",
    { ...usual, isLocal: true, datasets: tooMany, source: zfs(false) },
    "impossible",
  ],
  ["many names of a pull from an old ZFS", { ...usual, source: zfs(true, "0.8.6") }, "impossible"],
];

for (const [title, told, way] of cases) {
  Deno.test(`the way to snapshot: ${title}`, () => {
    assert.equal(snapshotMethod(told), way);
    const findings = checkSnapshotMethod(told, "alpha");
    assert.deepEqual(findings.map(({ verdict }) => verdict), way === "impossible" ? ["critical"] : []);
    for (const { text, next } of findings) {
      assert.match(text, /datasets cannot be snapshotted at one moment/);
      assert.match(next ?? "", told.source.isRoot ? /OpenZFS/ : /as root/);
    }
  });
}
