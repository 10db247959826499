import assert from "node:assert/strict";
import type { AlertState } from "../../src/core/alerts.ts";
import type { Mail } from "../../src/core/mail.ts";
import type { RunRecord } from "../../src/core/record.ts";
import { type RunNews, type TellPorts, tellRun } from "../../src/core/tell_run.ts";
import { sampleRun, start } from "../history/sample_run.ts";

/** Plays the results of runs, one a minute, and returns the reasons of the mails. */
function play(runs: readonly Partial<RunRecord>[]): (string | undefined)[] {
  const states = new Map<string, AlertState | undefined>();
  let news: RunNews | undefined;
  return runs.map((changes, minute) => {
    news = undefined;
    const ports: TellPorts = {
      now: start + minute * 60_000,
      lastSuccess: () => sampleRun({ startedAt: start, endedAt: start }),
      compose: (given) => {
        news = given;
        return { messageId: "<a@b>", at: 0, from: "a@b", to: ["root"], subject: given.reason, text: "" } satisfies Mail;
      },
      changeAlert: (key, decide) => {
        const { state, mail } = decide(states.get(key));
        states.set(key, state);
        return { mail, kept: true };
      },
    };
    const { mail } = tellRun(sampleRun(changes), ports);
    assert.equal(mail?.subject, (news as RunNews | undefined)?.reason);
    return mail?.subject;
  });
}

Deno.test("an error mails at once, the same is folded, the first success mails once", () => {
  const reasons = play([
    { result: "ok" },
    { result: "failed", errorClass: "ssh-unreachable" },
    { result: "failed", errorClass: "ssh-unreachable" },
    { result: "partial", errorClass: "target-full" },
    { result: "ok" },
    { result: "ok" },
  ]);
  assert.deepEqual(reasons, [undefined, "new", undefined, "changed", "recovered", undefined]);
});

Deno.test("runs that were stopped or met the lock neither mail nor recover", () => {
  const reasons = play([{ result: "refused" }, { result: "locked" }, { result: "interrupted" }, { result: "ok" }]);
  assert.deepEqual(reasons, ["new", undefined, undefined, "recovered"]);
});

Deno.test("trouble of one job says nothing about another", () => {
  const reasons = play([{ result: "failed" }, { result: "failed", job: "other" }, { result: "ok", job: "other" }]);
  assert.deepEqual(reasons, ["new", "new", "recovered"]);
});
