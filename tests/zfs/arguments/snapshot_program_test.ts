import assert from "node:assert/strict";
import type { DatasetName } from "../../../src/zfs/names/names.ts";
import { classifyError } from "../../../src/zfs/parsers/error_classes.ts";
import { snapshotErrorText, snapshotProgram } from "../../../src/zfs/arguments/snapshot_program.ts";
import { name } from "../sample.ts";

Deno.test("snapshots: the names are in the program, so that the command stays short", () => {
  const program = snapshotProgram([name("tank"), name("tank/a b%:c")], "x-1", "x");
  assert.ok(program.argv.join(" ").length < 100);
  assert.deepEqual(program.argv.slice(-2), ["tank", "-"]);
  assert.match(program.script, /^"tank@x-1",\n"tank\/a b%:c@x-1"$/m);
  assert.ok(program.script.indexOf("zfs.check.snapshot") < program.script.indexOf("zfs.sync.snapshot"));
  assert.deepEqual(program.parse('{"return":{"1":0,"2":17}}'), [0, 17]);
});

Deno.test("snapshots: what is no name of ZFS never gets into the program", () => {
  for (const evil of ['tank/"', "tank/\\", "tank/\n", "tank/]]", "tank/é", "tank/{"]) {
    assert.throws(() => snapshotProgram([evil as DatasetName], "x-1", "x"), RangeError);
    assert.throws(() => snapshotProgram([name("tank")], evil, "x"), RangeError);
    assert.throws(() => snapshotProgram([name("tank")], "x-1", evil), RangeError);
  }
});

Deno.test("snapshots: an errno is told in the words of zfs, and has its class", () => {
  const classes = [[17, "snapshot-exists"], [2, "dataset-vanished"], [28, "out-of-space"], [122, "quota-exceeded"]];
  for (const [errno, of] of classes) assert.equal(classifyError(snapshotErrorText("tank@x", Number(errno)))?.name, of);
  assert.match(snapshotErrorText("tank@x", 99), /error number 99/);
});
