import { strictEqual } from "node:assert/strict";
import { isIgnorable } from "../../../src/core/inspect/ignorable_changes.ts";
import { diffSince } from "../../../src/zfs/parsers/diff.ts";
import type { DatasetName, Guid } from "../../../src/zfs/names/names.ts";

const { argv, parse } = diffSince({
  kind: "snapshot",
  dataset: "tank/a" as DatasetName,
  name: "one",
  guid: "1" as Guid,
  createtxg: 1n,
});

Deno.test("zfs diff is asked for plain rows, and escaped paths are read", () => {
  strictEqual(argv.join(" "), "zfs diff -F -H tank/a@one tank/a");
  strictEqual(parse("M\tF\t/tank/a\\0040b/\\0303\\0244\n")[0]?.path, "/tank/a b/ä");
  strictEqual(parse("R\tF\t/tank/a/old\t/tank/a/new\n")[0]?.kind, "R");
  strictEqual(parse("").length, 0);
});

// What OpenZFS 2.3.9 printed of a copy that syncoid made.
const mounted = "-\t/\t/tank/a/child\n+\t/\t/tank/a/child\nM\t/\t/tank/a/\n";

const cases: readonly [name: string, diff: string, below: readonly string[], harmless: boolean][] = [
  ["a child was mounted", mounted, ["/tank/a/child"], true],
  ["a child was mounted further below", mounted, ["/tank/a/child", "/tank/a/child/deep"], true],
  ["files were only read", "", [], true],
  ["no child is mounted there", mounted, [], false],
  ["a child of a similar name", mounted, ["/tank/a/children"], false],
  ["a file beside it", `${mounted}+\tF\t/tank/a/file\n`, ["/tank/a/child"], false],
  ["a file under the mountpoint", `${mounted}+\tF\t/tank/a/child/file\n`, ["/tank/a/child"], false],
  ["another directory", `${mounted}M\t/\t/tank/a/other\n`, ["/tank/a/child"], false],
  ["a directory that was renamed", "R\t/\t/tank/a/child\t/tank/a/x\n", ["/tank/a/child"], false],
];
for (const [name, diff, below, harmless] of cases) {
  Deno.test(`harmless or not: ${name}`, () => strictEqual(isIgnorable(parse(diff), below), harmless));
}
