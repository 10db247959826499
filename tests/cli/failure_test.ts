import { deepEqual, equal, match } from "node:assert/strict";
import { describeFailure } from "../../src/session/describe_failure.ts";
import { Interruption } from "../../src/interruption.ts";
import { Fault } from "../../src/core/fault.ts";

const calm = new AbortController().signal;
const fault = new Fault({
  errorClass: "target-diverged",
  what: "cannot receive into backup/a",
  where: "target",
  why: "it has changed\nsince",
  next: "look at both sides:\nzfs diff backup/a@x",
  exit: 3,
});

Deno.test("a fault: one line, then what to do next", () => {
  const failure = describeFailure(fault, { debug: false, convention: "acts", signal: calm });
  equal(
    failure.text,
    "bzman: cannot receive into backup/a on target: it has changed; since\n" +
      "next: look at both sides:\nzfs diff backup/a@x\n",
  );
  equal(failure.exit, 3);
  deepEqual(JSON.parse(failure.json), {
    error: {
      errorClass: "target-diverged",
      message: "cannot receive into backup/a on target: it has changed; since",
      next: "look at both sides:\nzfs diff backup/a@x",
      exitStatus: 3,
    },
  });
});

Deno.test("a fault of a command that checks is UNKNOWN", () => {
  const failure = describeFailure(fault, { debug: false, convention: "checks", signal: calm });
  match(failure.text, /^UNKNOWN: cannot receive/);
  equal(failure.exit, 3);
});

Deno.test("a defect: asks for a report, shows its stack with --debug alone", () => {
  const defect = new Error("boom", { cause: new TypeError("inner") });
  const quiet = describeFailure(defect, { debug: false, convention: "acts", signal: calm });
  match(quiet.text, /^bzman: internal error: boom\nnext: please report it, .*--debug\n$/);
  equal(quiet.exit, 1);
  const loud = describeFailure(defect, { debug: true, convention: "acts", signal: calm });
  match(loud.text, /Error: boom\n +at [^]*caused by TypeError: inner/);
  match(
    describeFailure("a string", { debug: true, convention: "acts", signal: calm }).text,
    /internal error: a string/,
  );
});

Deno.test("whatever is thrown after a signal is the signal's doing", () => {
  for (const [name, exit] of [["SIGHUP", 129], ["SIGINT", 130], ["SIGTERM", 143]] as const) {
    const signal = AbortSignal.abort(new Interruption(name));
    const failure = describeFailure(new Error("pipe broke"), { debug: false, convention: "checks", signal });
    equal(failure.text, `bzman: interrupted by ${name}\n`);
    equal(failure.exit, exit);
  }
});

Deno.test("a fault keeps its own status also after a signal", () => {
  const signal = AbortSignal.abort(new Interruption("SIGTERM"));
  equal(describeFailure(fault, { debug: false, convention: "acts", signal }).exit, 3);
});
