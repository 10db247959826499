import assert from "node:assert/strict";
import { csvRow } from "../../../src/render/text/csv.ts";
import { datasetCsv, runCsv } from "../../../src/render/log/log_csv.ts";
import { sampleDataset, sampleRun, start } from "../../history/sample_run.ts";

Deno.test("fields are quoted where they must be, and no spreadsheet runs them", () => {
  const cases: readonly (readonly [value: string | number | bigint | undefined, expected: string])[] = [
    ["tank/home", "tank/home"],
    ["a,b", '"a,b"'],
    ['say "no"', '"say ""no"""'],
    [" padded ", '" padded "'],
    ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
    ['=cmd|"/c calc"!A1', `"'=cmd|""/c calc""!A1"`],
    ["+1", "'+1"],
    ["-x", "'-x"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", "'\\t=1"],
    ["＝1+1", "'＝1+1"],
    ["two\nlines", "two\\nlines"],
    ["\x1b[2J", "\\x1b[2J"],
    [-5, "-5"],
    [18446744073709551615n, "18446744073709551615"],
    [undefined, ""],
  ];
  for (const [value, expected] of cases) assert.equal(csvRow([value]), `${expected}\r\n`);
});

Deno.test("runs and datasets have a field for every title", () => {
  const count = (row: string) => row.trimEnd().split(",").length;
  const hostile = sampleDataset({ dataset: "=evil", result: "failed", errorClass: "x", message: "no" });
  for (
    const rows of [
      runCsv([sampleRun({ result: "ok", endedAt: start + 5 })]),
      datasetCsv([{ ...hostile, runId: 1, startedAt: start }]),
    ]
  ) {
    assert.equal(rows.length, 2);
    assert.equal(count(rows[1] ?? ""), count(rows[0] ?? ""));
  }
  assert.match(datasetCsv([{ ...hostile, runId: 1, startedAt: start }])[1] ?? "", /,'=evil,/);
});
