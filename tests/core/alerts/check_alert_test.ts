import assert from "node:assert/strict";
import type { AlertState } from "../../../src/core/alerts/alert_state.ts";
import {
  type CheckFinding,
  type CheckVerdict,
  commandOn,
  problemsOf,
  shellWord,
  worstOf,
} from "../../../src/core/check.ts";
import type { Mail } from "../../../src/core/mail.ts";
import { alertOnCheck, observe } from "../../../src/core/alerts/check_alert.ts";

const minute = 60_000;

const finding = (verdict: CheckVerdict, check = "scrub-overdue"): CheckFinding => ({
  check,
  subject: "tank",
  verdict,
  text: check,
});

/** Plays what a check finds, at minutes, and returns the mails by minute. */
function play(script: readonly (readonly [at: number, ...findings: CheckFinding[]])[]): string[] {
  const states = new Map<string, AlertState | undefined>();
  return script.flatMap(([at, ...findings]) => {
    const { mail } = alertOnCheck({ kind: "health", subject: "tank", findings }, {
      now: at * minute,
      compose: ({ reason }) =>
        ({ messageId: "<a@b>", at: 0, from: "a@b", to: [], subject: reason, text: "" }) satisfies Mail,
      changeAlert: (key, decide) => {
        const { state, mail } = decide(states.get(key));
        states.set(key, state);
        return { mail, kept: true };
      },
    });
    return mail ? [`${at} ${mail.subject}`] : [];
  });
}

Deno.test("the whole life of an alert: new, folded, worse, reminded, over", () => {
  const warning = finding("warning");
  const critical = finding("critical", "pool-faulted");
  assert.deepEqual(
    play([[0], [5, warning], [10, warning], [15, warning, critical], [20, critical], [375, critical], [380], [385]]),
    ["5 new", "15 worse", "375 reminder", "380 recovered"],
  );
});

Deno.test("what is well says nothing, notes among the findings neither", () => {
  assert.deepEqual(play([[0], [5, finding("ok", "reservations")], [10]]), []);
});

Deno.test("what cannot be told is a warning to the alert, and the worst finding names it", () => {
  assert.deepEqual(observe([finding("unknown", "ssh-unreachable")]), {
    severity: "warning",
    errorClass: "ssh-unreachable",
  });
  assert.deepEqual(observe([finding("warning"), finding("critical", "data-errors")]), {
    severity: "critical",
    errorClass: "data-errors",
  });
});

Deno.test("verdicts are ranked as monitoring plugins rank them", () => {
  assert.equal(worstOf([]), "ok");
  assert.equal(worstOf(["ok", "unknown"]), "unknown");
  assert.equal(worstOf(["unknown", "warning"]), "warning");
  assert.equal(worstOf(["critical", "warning", "unknown", "ok"]), "critical");
  const findings = [finding("warning", "a"), finding("ok", "b"), finding("critical", "c"), finding("warning", "d")];
  assert.deepEqual(problemsOf(findings).map(({ check }) => check), ["c", "a", "d"]);
});

Deno.test("commands to type survive the shell", () => {
  assert.equal(shellWord("tank/a:b@c"), "tank/a:b@c");
  assert.equal(shellWord("it's"), `'it'\\''s'`);
  assert.equal(shellWord(""), "''");
  assert.equal(commandOn(undefined, ["zpool", "clear", "my pool"]), "zpool clear 'my pool'");
  assert.equal(commandOn("ann@h", ["zpool", "clear", "tank"]), "ssh ann@h zpool clear tank");
});
