import assert from "node:assert/strict";
import { recordFindings } from "../../../src/core/alerts/record_findings.ts";

const trouble = (kind: string) => ({ kind, why: `it is ${kind}`, advice: "fix it" });

const cases: [kinds: string[], lost: string[], isFree: boolean, checks: string[]][] = [
  [[], [], true, []],
  [["full"], [], true, ["full"]],
  [["locked"], [], true, []],
  [["locked"], [], false, ["locked"]],
  [["locked"], ["a>b"], true, ["locked", "unrecorded"]],
  [["locked", "damaged"], [], true, ["damaged"]],
];

for (const [kinds, lost, isFree, checks] of cases) {
  Deno.test(`a record: met ${kinds}, lost ${lost}, ${isFree ? "free" : "held"} at the end: told is ${checks}`, () => {
    const findings = recordFindings({ path: "/x.db", problems: kinds.map(trouble), lost, isFree });
    assert.deepEqual(findings.map(({ check }) => check), checks);
    assert.ok(findings.every(({ verdict, subject }) => verdict === "warning" && subject === "/x.db"));
  });
}
