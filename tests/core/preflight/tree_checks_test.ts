import assert from "node:assert/strict";
import type { PlanInput } from "../../../src/core/plan/plan_input.ts";
import { planTree } from "../../../src/core/plan/plan_tree.ts";
import { checkTrees, type TreeChecksInput } from "../../../src/core/preflight/tree_checks.ts";
import type { Dataset } from "../../../src/zfs/names/dataset.ts";
import { name } from "../../zfs/sample.ts";
import { dataset, planInput } from "../make.ts";
import { sampleJobCommand } from "../sample_job_command.ts";

const snapshotToCome = "incremental-2026-11-22T03:00:00Z";

/** Check and verdict of all that is found on a plan. */
function found(
  source: readonly Dataset[],
  target: readonly Dataset[],
  told: Partial<TreeChecksInput> = {},
  plan: Partial<PlanInput> = {},
): { readonly verdicts: string; readonly texts: string; readonly next: string } {
  const input = planInput(source, target, plan);
  const findings = checkTrees({
    sourceLabel: "here",
    targetLabel: "there",
    plan: planTree(input),
    input,
    source: { datasets: source, ancestors: [], cached: new Map() },
    target: { datasets: target, ancestors: [dataset("backup")], cached: new Map() },
    willSnapshot: snapshotToCome,
    topIsReplica: false,
    estimateBytes: 0n,
    ignoreSpace: false,
    formatBytes: (count) => `${count} B`,
    job: sampleJobCommand,
    ...told,
  });
  for (const { verdict, next } of findings) assert.equal(next !== undefined, verdict !== "ok");
  return {
    verdicts: findings.filter(({ verdict }) => verdict !== "ok").map(({ check, verdict }) => `${check} ${verdict}`)
      .join(", "),
    texts: findings.map(({ text }) => text).join("\n"),
    next: findings.map(({ next }) => next).join("\n"),
  };
}

const tank = dataset("tank", "x:1 y:2");
const copy = dataset("backup/tank", "x:1");

Deno.test("all is well", () => {
  const { verdicts, texts } = found([tank], [copy]);
  assert.equal(verdicts, "");
  assert.match(texts, /tank exists, 1 dataset$/m);
  assert.match(texts, /backup\/tank: incremental/);
});

Deno.test("a source that is being received into, or is a replica", () => {
  const cut = dataset("tank", "x:1 y:2", { resumeToken: "1-a-b-c" });
  assert.equal(found([cut], [copy]).verdicts, "source critical");
  const replica = found([tank], [copy], { topIsReplica: true });
  assert.equal(replica.verdicts, "source critical");
  assert.match(replica.texts, /^tank is itself a replica/);
  assert.match(
    replica.next,
    /^pass it on as it is: bzman replicate :tank ann@backup:backup\/tank .*--no-snapshot\nif it was restored .*zfs set readonly=off tank$/m,
  );
});

Deno.test("a replica below the source is a conflict of its own, with what to type", () => {
  const arch = name("tank/arch");
  const excluded = [dataset(arch, "x:3"), dataset("tank/arch/x", "x:4")];
  const replicas = new Map(excluded.map((part) => [part.name, arch]));
  const { verdicts, texts, next } = found([tank], [copy], {}, { excluded, replicas });
  assert.equal(verdicts, "dataset critical, dataset critical");
  assert.match(texts, /^backup\/tank: incremental$/m);
  assert.match(texts, /^backup\/tank\/arch: tank\/arch is itself a replica/m);
  assert.match(texts, /^backup\/tank\/arch\/x: tank\/arch\/x lies in tank\/arch, which is itself a replica/m);
  assert.match(
    next,
    /--exclude arch\nand replicate it unchanged: .* ann@backup:backup\/tank\/arch .*\n.*zfs set readonly=off tank\/arch$/m,
  );
});

Deno.test("a half received dataset that is left out refuses nothing", () => {
  const half = dataset("tank/import", "", { resumeToken: "1-a-b-c" });
  const source = { datasets: [tank, half], ancestors: [], cached: new Map() };
  assert.equal(found([tank], [copy], { source }, { excluded: [half] }).verdicts, "");
  const { verdicts, texts } = found([tank, half], [copy]);
  assert.match(verdicts, /^source critical/);
  assert.match(texts, /^tank\/import is itself a receive target/m);
});

Deno.test("the longest name on either side, snapshot included", async (test) => {
  const child = (bytes: number): Dataset => dataset(`tank/${"a".repeat(bytes - 5)}`, "x:1");
  const suffix = 1 + snapshotToCome.length;
  // On the target the name is 7 bytes longer.
  for (const [bytes, verdict] of [[255 - suffix - 7, ""], [255 - suffix - 6, "name-length critical"]] as const) {
    await test.step(`${bytes} bytes`, () => assert.equal(found([tank, child(bytes)], [copy]).verdicts, verdict));
  }
});

Deno.test("where the prefix is short, the bookmark's name is the longest", () => {
  const short = { willSnapshot: "a-2026-11-22T03:00:00Z" };
  const child = (bytes: number): Dataset => dataset(`tank/${"a".repeat(bytes - 5)}`, "x:1");
  assert.equal(found([tank, child(222)], [copy], short).verdicts, "");
  assert.equal(found([tank, child(223)], [copy], short).verdicts, "name-length critical");
  // A replica is passed on all the same: its names are not bzman's to choose.
  assert.equal(found([tank, child(223)], [copy], { willSnapshot: undefined }).verdicts, "");
});

Deno.test("room for what is to be sent, on the target or on what is above it", () => {
  assert.equal(found([tank], [copy], { estimateBytes: 1_000_000n }).verdicts, "");
  assert.equal(found([tank], [copy], { estimateBytes: 1_000_001n }).verdicts, "target-space critical");
  assert.equal(found([tank], [], { estimateBytes: 1_000_001n }).verdicts, "target-space critical");
  assert.match(found([tank], [copy], { estimateBytes: 1_000_001n }).next, /zfs list -r -o space backup\/tank/);
  // It is an estimate: the refusal names the way past it, which leaves a warning.
  assert.match(found([tank], [copy], { estimateBytes: 1_000_001n }).next, /^.*: bzman replicate .* --ignore-space$/m);
  const ignored = found([tank], [copy], { estimateBytes: 1_000_001n, ignoreSpace: true });
  assert.equal(ignored.verdicts, "target-space warning");
  assert.doesNotMatch(ignored.next, /--ignore-space/);
});

Deno.test("a conflict is critical for its dataset, with its own words", () => {
  const diverged = dataset("backup/tank", "x:1 mine:9");
  const { verdicts, texts, next } = found([tank], [diverged]);
  assert.equal(verdicts, "dataset critical");
  assert.match(texts, /backup\/tank: the target has diverged/);
  assert.match(next, /--on-divergence rollback/);
});

Deno.test("a resume state is told: it goes on, or it is begun anew", () => {
  const cut = dataset("backup/tank", "x:1", { resumeToken: "1-a-b-c" });
  const token = { toGuid: tank.snapshots[1]!.guid, toName: "tank@y", fromGuid: tank.snapshots[0]!.guid };
  const valid = { ...token, receivedBytes: 77n, raw: false, remainingBytes: 5n };
  const goes = found([tank], [cut], {}, { tokens: new Map([["backup/tank", { kind: "valid", token: valid }]]) });
  assert.match(goes.texts, /an interrupted transfer resumes after 77 B/);
  const anew = found([tank], [cut], {}, {
    tokens: new Map([["backup/tank", { kind: "invalid", why: "it is corrupt" }]]),
  });
  assert.match(anew.texts, /cannot resume \(it is corrupt\) and starts over/);
  assert.equal(anew.verdicts, "");
});
