import assert from "node:assert/strict";
import { planTree } from "../../../src/core/plan/plan_tree.ts";
import { isStream, type StreamStep } from "../../../src/core/plan/step.ts";
import { RunState } from "../../../src/core/run/run_state.ts";
import type { TransferResult } from "../../../src/core/run/transfer_result.ts";
import type { Share } from "../../../src/zfs/parsers/send_progress.ts";
import { dataset, planInput } from "../make.ts";

const mega = 1n << 20n;

/** A tally of `tank` with a child, both new on the target, and the streams of the plan. */
function begin(told: { packages: boolean }): { tally: RunState; streams: readonly StreamStep[] } {
  const plan = planTree(planInput([dataset("tank", "x:1"), dataset("tank/a", "x:2")], [], told));
  return { tally: new RunState(plan), streams: plan.steps.filter(isStream) };
}

function cut(bytes: bigint, shares: readonly (readonly [string, Share])[] = []): TransferResult {
  return { ok: false, bytes, shares: new Map(shares), snapshots: 0, elapsedMs: 1, silentMs: 0 };
}

Deno.test("bytes that are sent again are no progress", () => {
  const { tally, streams: [stream] } = begin({ packages: false });
  const after = (bytes: bigint, step = stream!): boolean => {
    tally.sent(step, cut(bytes));
    return tally.progressed(0);
  };
  assert.equal(after(5n * mega), true);
  assert.equal(after(5n * mega), false);
  assert.equal(after(5n * mega + 100n), false, "buffers take more or less");
  assert.equal(after(7n * mega), true);
  assert.equal(tally.progressed(0), false, "each is told once");
  const { dataset, target, type, raw, to } = stream as Extract<StreamStep, { kind: "full" }>;
  const rest: StreamStep = {
    ...{ kind: "resume", dataset, target, type, raw, to, token: "1-a", force: false },
    receivedBytes: 6n * mega,
  };
  assert.equal(after(100n, rest), false, "what goes on counts from the beginning");
  assert.equal(after(3n * mega, rest), true);
});

Deno.test("what a resume saved counts once, also when only its last words were lost", () => {
  const plan = planTree(planInput([dataset("tank", "x:1 y:2")], []));
  const [first] = plan.steps.filter(isStream) as [Extract<StreamStep, { kind: "full" }>];
  const { dataset: from, target, type, raw, to } = first;
  const resume = (receivedBytes: bigint): StreamStep => ({
    ...{ kind: "resume", dataset: from, target, type, raw, to, token: "1-a", force: false },
    receivedBytes,
  });
  const saved = (tally: RunState): readonly [bigint, number] => {
    const [account] = tally.datasets;
    return [account!.savedBytes, account!.snapshots];
  };
  const later = planTree(planInput([dataset("tank", "x:1 y:2")], [dataset("backup/tank", "x:1")]));
  const nothing = planTree(planInput([dataset("tank", "x:1 y:2")], []));

  const whole = new RunState(plan);
  whole.sent(resume(5n), cut(10n));
  whole.sent(resume(15n), { ...cut(20n), ok: true, snapshots: 1 });
  whole.replan(later);
  assert.deepEqual(saved(whole), [15n, 1]);

  const wordless = new RunState(plan);
  wordless.sent(resume(5n), cut(10n));
  wordless.sent(resume(15n), cut(20n));
  wordless.replan(nothing);
  assert.deepEqual(saved(wordless), [0n, 0]);
  wordless.replan(later);
  wordless.markReceived({ dataset: from, target, type, to, from: undefined }, to);
  assert.deepEqual(saved(wordless), [15n, 1]);
});

Deno.test("arrivals are progress", () => {
  const { tally } = begin({ packages: false });
  assert.equal(tally.progressed(tally.receivedCount), false);
  const [member] = tally.open().flatMap(({ dataset, target, goal }) =>
    goal ? [{ dataset, target, type: "filesystem" as const, to: goal, from: undefined }] : []
  );
  tally.markReceived(member!, member!.to);
  assert.equal(tally.progressed(0), true);
});

Deno.test("each member of a package is told its own bytes, the first the rest", () => {
  const { tally, streams: [stream] } = begin({ packages: true });
  assert.equal(stream?.kind, "package");
  const shares = [["tank", { bytes: 10n, snapshots: 1 }], ["tank/a", { bytes: 20n, snapshots: 3 }]] as const;
  tally.sent(stream!, { ...cut(35n, shares), ok: true });
  assert.deepEqual(tally.datasets.map(({ bytes, snapshots }) => [bytes, snapshots]), [[15n, 1], [20n, 3]]);
  assert.equal(tally.bytes, 35n);
});
