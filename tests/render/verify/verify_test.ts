import assert from "node:assert/strict";
import { verifyRowJson } from "../../../src/render/verify/verify_json.ts";
import { type VerifyRow, verifyTable } from "../../../src/render/verify/verify_table.ts";
import { compareTrees } from "../../../src/core/verify/compare_trees.ts";
import { parseDatasetName } from "../../../src/zfs/names/names.ts";
import { dataset } from "../../core/make.ts";

const scope = { sourceTop: parseDatasetName("tank"), targetTop: parseDatasetName("b/t"), isExcluded: () => false };
const { datasets } = compareTrees({
  source: [dataset("tank", "one:1 two:2 three:3"), dataset("tank/a b", "x:7"), dataset("tank/v", "y:8")],
  target: [dataset("b/t", "old:9 one:1 two:2"), dataset("b/t/v", "z:4 y:8")],
  ignorableWrites: new Set(),
}, scope);
const rows: readonly VerifyRow[] = [
  { comparison: datasets[0]!, verdict: "ok", content: { kind: "same", unit: "files", checked: 20, of: 1234 } },
  { comparison: datasets[1]!, verdict: "critical", content: { kind: "nothing-common" } },
  { comparison: datasets[2]!, verdict: "critical", content: { kind: "no-key", keys: [] } },
];

Deno.test("verify: datasets as a table, with and without contents", () => {
  assert.deepEqual(verifyTable(rows, true), [
    "DATASET   VERDICT   NEWEST IN COMMON  SAME  BEHIND  LACKS  EXTRA  CONTENT",
    "tank      OK        two                  2       1      0      1  20 of 1234 files",
    "tank/a b  CRITICAL  -                    -       -      -      -  -",
    "tank/v    CRITICAL  y                    1       0      0      1  no key",
  ]);
  assert.ok(verifyTable(rows, true, 60).every((line) => line.length <= 60));
  assert.doesNotMatch(verifyTable(rows, false)[0]!, /CONTENT/);
});

Deno.test("verify: datasets as JSON", () => {
  assert.deepEqual(verifyRowJson(rows[0]!), {
    dataset: "tank",
    target: "b/t",
    type: "filesystem",
    verdict: "ok",
    copy: "there",
    at: null,
    versions: {
      newestInCommon: { name: "two", guid: "2", onSource: "snapshot" },
      inCommon: 2,
      notCopiedYet: ["three"],
      destroyedOnTarget: [],
      missing: [],
      keptShorter: [],
      keptLonger: ["old"],
      onlyOnTarget: [],
      sameNameOtherGuid: [],
      writtenBytes: "0",
    },
    content: { result: "same", unit: "files", checked: 20, of: 1234 },
  });
  assert.deepEqual(
    JSON.parse(JSON.stringify(rows.map(verifyRowJson))).map(({ copy }: { copy: string }) => copy),
    ["there", "missing", "there"],
  );
});
