/**
 * Verify and replicate agree, whatever happened on both sides: where a plan has nothing to do, verify finds nothing bad; where
 * replicate refuses for what the target holds, verify is critical.
 *
 * @module
 */

import { sampleJobCommand } from "../sample_job_command.ts";
import assert from "node:assert/strict";
import fc from "fast-check";
import { worstOf } from "../../../src/core/check.ts";
import { planTree } from "../../../src/core/plan/plan_tree.ts";
import { compareTrees } from "../../../src/core/verify/compare_trees.ts";
import { judgeDataset } from "../../../src/core/verify/judge_trees.ts";
import { inputOf } from "../model/play.ts";
import { anyHistory, anySetting, type Replication, World } from "../model/world.ts";

const refusals = new Set(["foreign-data", "diverged", "name-taken", "type-mismatch"]);
const inputs = { targetHost: undefined, targetLabel: "target", job: sampleJobCommand, formatBytes: String };
const counts = new Map<string, number>();

class Verified extends World {
  override replicate(cut: Replication["cut"]): void {
    super.replicate(cut);
    const input = inputOf(this.job, Date.UTC(2026, 10, 23));
    const scope = { ...this.job, isExcluded: () => false };
    const { datasets } = compareTrees(
      { source: input.source, target: input.target, ignorableWrites: new Set() },
      scope,
    );
    const plans = new Map(planTree(input).datasets.map((entry) => [entry.dataset as string, entry.plan]));
    for (const dataset of datasets) {
      const plan = plans.get(dataset.source.name)!;
      const verdict = dataset.state.kind === "missing"
        ? "critical"
        : worstOf(judgeDataset(dataset, inputs).map((finding) => finding.verdict));
      const kind = plan.kind === "conflict" ? plan.conflict.kind : plan.kind;
      const what = `${dataset.source.name}: ${kind}, ${dataset.state.kind}, ${verdict}`;
      const { state } = dataset;
      // Names that meet among what both sides have had for long hinder no plan.
      const clash = state.kind === "there" && state.versions.clashes.length > 0;
      if (kind === "up-to-date" && !clash) assert.notEqual(verdict, "critical", what);
      if (refusals.has(kind)) assert.equal(verdict, "critical", what);
      counts.set(`${kind} ${verdict}`, (counts.get(`${kind} ${verdict}`) ?? 0) + 1);
    }
  }
}

Deno.test("whatever happened on both sides, verify is critical where replicate refuses, and not where it is done", () => {
  fc.assert(
    fc.property(anySetting, anyHistory, (setting, history) => new Verified(setting, () => {}).live(history)),
    { numRuns: 100, seed: 20261122 },
  );
  for (const wanted of ["up-to-date ok", "diverged critical", "foreign-data critical", "empty-source warning"]) {
    assert.ok((counts.get(wanted) ?? 0) > 0, `${wanted}: ${JSON.stringify([...counts])}`);
  }
});
