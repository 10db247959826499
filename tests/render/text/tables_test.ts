import assert from "node:assert/strict";
import fc from "fast-check";
import { datasetTable, runResult, runTable } from "../../../src/render/log/log_table.ts";
import { textTable } from "../../../src/render/text/text_table.ts";
import { textWidth } from "../../../src/render/text/text_width.ts";
import { timesTable } from "../../../src/render/text/times_table.ts";
import { sampleDataset, sampleRun, start } from "../../history/sample_run.ts";

const run = sampleRun({
  id: 7,
  result: "ok",
  endedAt: start + 65_000,
  bytes: 3_221_225_472n,
  from: "incremental-2025-02-28T23:50:00Z",
  to: "incremental-2025-03-01T00:00:00Z",
});

Deno.test("the log, piped, is whole", () => {
  const [title, line] = runTable([run]);
  assert.equal(
    title,
    "RUN  STARTED               SOURCE      TARGET       FROM                              " +
      "TO                                   BYTES      TIME  RESULT",
  );
  assert.equal(
    line,
    "  7  2025-03-01 00:00:00Z  alpha:tank  target:tank  incremental-2025-02-28T23:50:00Z  " +
      "incremental-2025-03-01T00:00:00Z  3.00 GiB  1 m 05 s  ok",
  );
});

Deno.test("the log fits the terminal, and keeps the end of names", () => {
  for (const width of [80, 100, 120, 200]) {
    for (const line of runTable([run], width)) assert.ok(textWidth(line) <= width, `${width}: ${line}`);
    for (const line of datasetTable([{ ...sampleDataset(), runId: 1, startedAt: start }], width)) {
      assert.ok(textWidth(line) <= width, `${width}: ${line}`);
    }
  }
  assert.match(runTable([run], 100)[1] ?? "", /…\S*00:00Z {2}3\.00 GiB {2}1 m 05 s {2}ok$/);
});

Deno.test("results in a few words", () => {
  assert.equal(runResult({ result: "failed", errorClass: "ssh-unreachable", count: 1 }), "failed: ssh-unreachable");
  assert.equal(runResult({ result: "locked", errorClass: "locked", count: 3 }), "locked ×3");
});

Deno.test("elapsed times add up by phase, with the total", () => {
  const phases = [
    { phase: "list local", elapsedMs: 120 },
    { phase: "send", elapsedMs: 60_000 },
    { phase: "send", elapsedMs: 5_000 },
  ] as const;
  assert.deepEqual(timesTable(phases, 66_000), [
    "elapsed times",
    "list local        0.1 s",
    "send           1 m 05 s",
    "total          1 m 06 s",
  ]);
});

Deno.test("a table never exceeds its width while its columns may shrink or go", () =>
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.string(), { minLength: 4, maxLength: 4 }), { maxLength: 5 }),
      fc.integer({ min: 40, max: 200 }),
      (rows, width) => {
        const columns = [
          { title: "NAME", shrink: "end" as const },
          { title: "WHAT", shrink: "start" as const, drop: 1 },
          { title: "WHY", drop: 2, align: "right" as const },
          { title: "MORE", shrink: "start" as const },
        ];
        for (const line of textTable(columns, rows, width)) assert.ok(textWidth(line) <= width, line);
      },
    ),
  ));

Deno.test("a hostile cell stays in its cell", () => {
  assert.deepEqual(textTable([{ title: "A" }, { title: "B" }], [["x\n\x1b[2J", "y"]]), [
    "A           B",
    "x\\n\\x1b[2J  y",
  ]);
});

Deno.test("a table of a year's datasets has more rows than a call takes arguments", () => {
  const rows = Array.from({ length: 130_000 }, (_, row) => [String(row)]);
  const lines = textTable([{ title: "ROW", align: "right" }], rows);
  assert.deepEqual([lines.length, lines[0], lines[1], lines.at(-1)], [130_001, "   ROW", "     0", "129999"]);
});
