/**
 * A plan as JSON, for `--dry-run --json`.
 *
 * @module
 */

import type { Finding } from "../../core/finding.ts";
import { isStream, type Step, type TreePlan } from "../../core/plan/step.ts";
import { bytesJson, type Json } from "../text/json.ts";

/** A plan with sizes as JSON. */
export function planJson(
  plan: TreePlan,
  steps: readonly { readonly step: Step; readonly bytes: bigint | undefined }[],
  snapshot: string | undefined,
  findings: readonly Finding[],
): Json {
  return {
    snapshot: snapshot ?? null,
    steps: steps.map(({ step, bytes }) => ({
      kind: step.kind,
      target: step.target,
      ...(isStream(step) ? { dataset: step.dataset, to: toName(step), raw: step.raw } : {}),
      ...(step.kind === "package" ? { members: step.members.map(({ dataset }) => dataset) } : {}),
      ...("as" in step ? { as: step.as } : {}),
      ...("moves" in step ? { from: step.from, moves: step.moves.map(({ name }) => name) } : {}),
      estimatedBytes: bytes === undefined ? null : bytesJson(bytes),
    })),
    datasets: plan.datasets.map(({ dataset, target, plan: own }) => ({
      dataset,
      target,
      plan: own.kind,
      conflict: own.kind === "conflict" ? own.conflict.kind : null,
    })),
    orphans: plan.orphans,
    neededOrphans: plan.neededOrphans.map(({ orphan, clones }) => ({ orphan, clones })),
    findings: findingsJson(findings),
  };
}

function toName(step: Extract<Step, { readonly to: unknown; readonly raw: boolean }>): string {
  return step.kind === "package" ? step.to : step.to.name;
}

export function findingsJson(findings: readonly Finding[]): Json {
  return findings.map(({ check, where, verdict, text, next }) => ({ check, where, verdict, text, next: next ?? null }));
}
