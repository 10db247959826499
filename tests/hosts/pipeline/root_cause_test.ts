import assert from "node:assert/strict";
import type { StageOutcome } from "../../../src/core/ports.ts";
import { type EndedStage, rootCause } from "../../../src/hosts/pipeline/root_cause.ts";

const connection = { errorClass: "ssh-lost", temporary: true, why: "gone", next: "wait" };

function stage(
  name: string,
  status: number,
  knowledge: EndedStage["knowledge"] = "own",
  more: Partial<StageOutcome> = {},
): EndedStage {
  return { outcome: { name, status, stderrTail: "", ...more }, knowledge };
}

const brokenPipe = { stderrTail: "warning: cannot send 'tank@a': Broken pipe\n" };
const mbuffer = { stderrTail: "mbuffer: error: outputThread: error writing to <stdout> at offset 0x0: Broken pipe\n" };

const cases: readonly [why: string, stages: readonly EndedStage[], guilty: string | undefined][] = [
  ["nothing failed", [stage("send", 0), stage("receive", 0)], undefined],
  [
    "a refused receive leaves send at 141",
    [stage("send", 141), stage("ssh", 0, "excused"), stage("receive", 1)],
    "receive",
  ],
  ["or at 0", [stage("send", 0), stage("receive", 1)], "receive"],
  [
    "or with words",
    [stage("send", 1, "own", brokenPipe), stage("buffer", 1, "own", mbuffer), stage("receive", 1)],
    "receive",
  ],
  ["a failed send makes the receive fail", [stage("send", 1), stage("receive", 1)], "send"],
  [
    "a lost ssh takes both sides along",
    [stage("send", 141), stage("ssh", 255, "own", { connection }), stage("receive", 255, "unknown")],
    "ssh",
  ],
  [
    "also when its own words are those of a broken pipe",
    [stage("send", 141), stage("ssh", 255, "own", { connection, ...brokenPipe }), stage("receive", 255, "unknown")],
    "ssh",
  ],
  [
    "in a pull too",
    [stage("send", 255, "unknown"), stage("ssh", 255, "own", { connection }), stage("receive", 1)],
    "ssh",
  ],
  [
    "a session that died with its connection alive is a victim",
    [stage("send", 255, "unknown"), stage("ssh", 255, "unknown"), stage("receive", 1)],
    "receive",
  ],
  [
    "unless there are victims only, and it never reported",
    [stage("send", 141), stage("ssh", 255, "unknown", { connection }), stage("receive", 255, "unknown")],
    "ssh",
  ],
  [
    "a session that was killed is the cause",
    [stage("send", 255, "unknown"), stage("ssh", 137, "own", { connection }), stage("receive", 1)],
    "ssh",
  ],
  ["what bzman ended is not the cause", [stage("send", 143, "ended-by-us"), stage("receive", 1)], "receive"],
  ["unless nothing else failed", [stage("send", 143, "ended-by-us"), stage("receive", 0)], "send"],
  ["a reader that ended early without failing", [stage("send", 141), stage("receive", 0)], "send"],
  ["ssh's status does not matter when all reported", [
    stage("send", 0),
    stage("ssh", 255, "excused"),
    stage("receive", 0),
  ], undefined],
];

Deno.test("the cause is the leftmost failure that is no victim", async (t) => {
  for (const [why, stages, guilty] of cases) {
    await t.step(why, () => assert.equal(rootCause(stages)?.name, guilty));
  }
});
