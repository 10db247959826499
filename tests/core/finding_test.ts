import assert from "node:assert/strict";
import { type Finding, worstVerdict } from "../../src/core/finding.ts";
import { Fault, faultLine } from "../../src/core/fault.ts";

const found = (...verdicts: Finding["verdict"][]): Finding[] =>
  verdicts.map((verdict) => ({ check: "c", where: "h", verdict, text: "t" }));

Deno.test("the worst of some verdicts", () => {
  assert.equal(worstVerdict([]), "ok");
  assert.equal(worstVerdict(found("ok", "ok")), "ok");
  assert.equal(worstVerdict(found("ok", "warning", "ok")), "warning");
  assert.equal(worstVerdict(found("critical", "warning")), "critical");
});

Deno.test("a fault on one line: what, where, why", () => {
  const parts = { errorClass: "e", what: "cannot send", exit: 1 };
  assert.equal(faultLine(parts), "cannot send");
  assert.equal(faultLine({ ...parts, where: "target" }), "cannot send on target");
  assert.equal(faultLine({ ...parts, where: "target", why: "a\n  b\n" }), "cannot send on target: a; b; ");
  assert.equal(new Fault({ ...parts, why: "" }).message, "cannot send");
});
