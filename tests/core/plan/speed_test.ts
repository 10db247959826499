/**
 * The planner's budget: 1,000 datasets with 1,000 snapshots each within 3 s and 500 MiB. The measured figures are printed,
 * in seconds of the processor, since the machine may be busy; what is asserted is generous.
 *
 * @module
 */

import assert from "node:assert/strict";
import { cpuUsage } from "node:process";
import type { Dataset } from "../../../src/zfs/names/dataset.ts";
import { parseDatasetName, parseGuid } from "../../../src/zfs/names/names.ts";
import type { Snapshot } from "../../../src/zfs/names/version.ts";
import { planTree } from "../../../src/core/plan/plan_tree.ts";
import { dataset, planInput } from "../make.ts";

const datasets = 1_000;
const snapshots = 1_000;
const mostMs = 10_000;
const mostBytes = 500 * 2 ** 20;

/** A tree of flat and nested datasets; `count` snapshots of each, from `first` on. */
function tree(top: string, first: number, count: number): Dataset[] {
  return Array.from({ length: datasets }, (_, i) => {
    const name = parseDatasetName(i === 0 ? top : `${top}/group${i % 30}${i < 31 ? "" : `/set${i}`}`);
    const versions = Array.from({ length: count }, (_, j): Snapshot => ({
      kind: "snapshot",
      dataset: name,
      name: `incremental-${first + j}`,
      guid: parseGuid(String(BigInt(i + 1) * 10_000_000_000_000n + BigInt(first + j))),
      createtxg: BigInt(first + j),
    }));
    return { ...dataset(name), snapshots: versions };
  });
}

const cases: Readonly<Record<string, readonly [target: () => Dataset[], steps: number]>> = {
  "one snapshot behind: one package": [() => tree("backup/tank", 0, snapshots - 1), 1],
  "up to date": [() => tree("backup/tank", 0, snapshots), 0],
  "a first copy: one package": [() => [], 1],
  "all alone, since every base differs": [
    () =>
      tree("backup/tank", 0, snapshots - 1).map((entry, i) => ({
        ...entry,
        snapshots: entry.snapshots.slice(0, 100 + i % 800),
      })),
    1_000,
  ],
};

Deno.test("a thousand datasets with a thousand snapshots are planned in time and memory", async (test) => {
  const source = tree("tank", 0, snapshots);
  for (const [what, [target, steps]] of Object.entries(cases)) {
    const input = planInput(source, target());
    await test.step(what, () => {
      const before = Deno.memoryUsage().heapUsed;
      const begin = cpuUsage();
      const plan = planTree(input);
      const { user, system } = cpuUsage(begin);
      const elapsedMs = (user + system) / 1_000;
      const bytes = Deno.memoryUsage().heapUsed - before;
      console.log(
        `${what}: ${elapsedMs.toFixed(0)} ms, ${(bytes / 2 ** 20).toFixed(0)} MiB more, ${plan.steps.length} steps`,
      );
      assert.equal(plan.steps.length, steps);
      assert.equal(plan.datasets.length, datasets);
      assert.ok(elapsedMs < mostMs, `${elapsedMs} ms`);
      assert.ok(bytes < mostBytes, `${bytes} bytes`);
    });
  }
});
