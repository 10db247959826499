import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type AlertState,
  failureSeverity,
  nextAlert,
  type Observation,
  reminderMs,
  runAlertCoversLag,
} from "../../../src/core/alerts/alert_state.ts";

const minute = 60_000;
const hour = 60 * minute;

/** Plays observations at minutes and returns the mails by minute. */
function play(
  script: readonly (readonly [at: number, severity: Observation["severity"], errorClass?: string])[],
): string[] {
  const mails: string[] = [];
  let state: AlertState | undefined;
  for (const [at, severity, errorClass] of script) {
    const seen = errorClass === undefined ? { severity } : { severity, errorClass };
    const decision = nextAlert(state, seen, at * minute);
    state = decision.state;
    if (decision.mail !== undefined) mails.push(`${at} ${decision.mail}`);
  }
  return mails;
}

const lives: Readonly<Record<string, [script: Parameters<typeof play>[0], mails: string[]]>> = {
  "all is well from the start": [[[0, "ok"], [10, "ok"]], []],
  "new, folded, recovered once": [
    [[0, "warning", "a"], [10, "warning", "a"], [20, "warning", "a"], [30, "ok"], [40, "ok"]],
    ["0 new", "30 recovered"],
  ],
  "a reminder after six hours, and six hours later": [
    [[0, "warning", "a"], [359, "warning", "a"], [360, "warning", "a"], [370, "warning", "a"], [720, "warning", "a"]],
    ["0 new", "360 reminder", "720 reminder"],
  ],
  "worse mails at once, better does not, and bad again neither": [
    [[0, "warning", "a"], [10, "critical", "a"], [20, "warning", "a"], [30, "critical", "a"]],
    ["0 new", "10 worse"],
  ],
  "another class is news, but not every time the two take turns": [
    [[0, "warning", "a"], [10, "warning", "b"], [20, "warning", "a"], [30, "warning", "b"], [360, "warning", "a"]],
    ["0 new", "10 changed", "360 reminder"],
  ],
  "trouble that comes and goes is told three times and then left to settle": [
    [
      [0, "warning", "a"],
      [10, "ok"],
      [20, "warning", "a"],
      [30, "ok"],
      [40, "warning", "a"],
      [50, "ok"],
      [60, "warning", "a"],
      [70, "ok"],
      [129, "ok"],
      [130, "ok"],
    ],
    ["0 new", "10 recovered", "20 new", "30 recovered", "40 flapping", "130 recovered"],
  ],
  "flapping does not hide what gets worse": [
    [[0, "warning", "a"], [10, "ok"], [20, "warning", "a"], [30, "ok"], [40, "warning", "a"], [50, "critical", "a"]],
    ["0 new", "10 recovered", "20 new", "30 recovered", "40 flapping", "50 worse"],
  ],
  "after settling, trouble is new again": [
    [
      [0, "warning", "a"],
      [1, "ok"],
      [2, "warning", "a"],
      [3, "ok"],
      [4, "warning", "a"],
      [5, "ok"],
      [65, "ok"],
      [70, "warning", "a"],
    ],
    ["0 new", "1 recovered", "2 new", "3 recovered", "4 flapping", "65 recovered", "70 new"],
  ],
  "a clock that was set back brings a mail, not silence": [
    [[1000, "warning", "a"], [10, "warning", "a"], [20, "warning", "a"]],
    ["1000 new", "10 reminder"],
  ],
};

for (const [name, [script, mails]] of Object.entries(lives)) {
  Deno.test(`an alert's life: ${name}`, () => assert.deepEqual(play(script), mails));
}

const observation: fc.Arbitrary<Observation> = fc.oneof(
  fc.constant<Observation>({ severity: "ok" }),
  fc.record({
    severity: fc.constantFrom("warning" as const, "critical" as const),
    errorClass: fc.constantFrom("a", "b", "c"),
  }),
);

Deno.test("lasting trouble is never silent for longer than a reminder and a step, and mails stay few", () =>
  fc.assert(fc.property(fc.array(observation, { maxLength: 300 }), (seen) => {
    let state: AlertState | undefined;
    let lastMail = Number.NEGATIVE_INFINITY;
    let mails = 0;
    for (const [step, one] of seen.entries()) {
      const now = step * 10 * minute;
      const decision = nextAlert(state, one, now);
      if (decision.mail !== undefined) {
        lastMail = now;
        mails += 1;
      }
      // Every kind of trouble that is seen now was told within the last six hours of this episode.
      if (one.severity !== "ok") {
        const told = decision.state?.mailedClasses[one.errorClass ?? ""];
        assert.ok(told !== undefined && now - told < reminderMs);
      }
      assert.equal(decision.state?.open ?? false, one.severity !== "ok" || (decision.state?.flapping ?? false));
      state = decision.state;
    }
    const hours = seen.length / 6;
    assert.ok(mails <= 10 + hours * 3, `${mails} mails in ${hours} hours`);
    assert.ok(lastMail <= seen.length * 10 * minute);
  })));

Deno.test("the state survives JSON", () =>
  fc.assert(fc.property(fc.array(observation, { maxLength: 40 }), (seen) => {
    let state: AlertState | undefined;
    for (const [step, one] of seen.entries()) {
      const stored = state === undefined ? undefined : JSON.parse(JSON.stringify(state)) as AlertState;
      const next = nextAlert(stored, one, step * hour / 3);
      assert.deepEqual(next, nextAlert(state, one, step * hour / 3));
      state = next.state;
    }
  })));

Deno.test("a failed run is a warning while the last success is recent", () => {
  assert.equal(failureSeverity(0, 59 * minute), "warning");
  assert.equal(failureSeverity(0, 60 * minute), "critical");
  assert.equal(failureSeverity(undefined, 0), "critical");
  assert.deepEqual([-59, -60].map((minutes) => failureSeverity(0, minutes * minute)), ["warning", "critical"]);
});

Deno.test("failing runs speak for the lag while they go on failing", () => {
  const { state } = nextAlert(undefined, { severity: "warning", errorClass: "ssh-lost" }, 0);
  const speaks = (now: number, objectiveMs: number) => runAlertCoversLag(state, now, objectiveMs);
  assert.deepEqual([speaks(0, hour), speaks(6 * hour - 1, hour), speaks(6 * hour, hour)], [true, true, false]);
  assert.deepEqual([speaks(48 * hour - 1, 24 * hour), speaks(48 * hour, 24 * hour)], [true, false]);
  assert.equal(speaks(-1, hour), false, "a clock that was set back");
  assert.equal(runAlertCoversLag({ ...state!, open: false }, 0, hour), false);
  assert.equal(runAlertCoversLag(undefined, 0, hour), false);
});
