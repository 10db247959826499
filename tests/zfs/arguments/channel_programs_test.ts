import assert from "node:assert/strict";
import { bookmarkProgram, destroyProgram, setPropertyProgram } from "../../../src/zfs/arguments/channel_programs.ts";
import { name } from "../sample.ts";

const tank = name("tank");

Deno.test("bookmarks: pairs of names go in, an errno for each comes out", () => {
  const program = bookmarkProgram(tank, [["tank@1", "tank#1"], ["tank/a b@1", "tank/a b#1"]]);
  assert.deepEqual(program.argv, ["zfs", "program", "-j", "tank", "-", "tank@1", "tank#1", "tank/a b@1", "tank/a b#1"]);
  assert.match(program.script, /zfs\.sync\.bookmark\(argv\[i\], argv\[i \+ 1\]\)/);
  assert.deepEqual(program.parse('{"return":{"1":0,"2":17}}\n'), [0, 17]);
});

Deno.test("destroying: a name for each errno", () => {
  const program = destroyProgram(tank, ["tank@1", "tank@2", "tank@3"]);
  assert.deepEqual(program.argv, ["zfs", "program", "-j", "tank", "-", "tank@1", "tank@2", "tank@3"]);
  assert.match(program.script, /zfs\.sync\.destroy\(argv\[i\]\)/);
  assert.deepEqual(program.parse('{"return":{"1":0,"2":16,"3":0}}'), [0, 16, 0]);
});

Deno.test("setting a property: a name for each errno", () => {
  const program = setPropertyProgram(tank, "bzman:arrived", "x", ["tank@1", "tank@2"]);
  assert.deepEqual(program.argv, ["zfs", "program", "-j", "tank", "-", "bzman:arrived", "x", "tank@1", "tank@2"]);
  assert.match(program.script, /result\[i - 2\] = zfs\.sync\.set_prop\(argv\[i\], argv\[1\], argv\[2\]\)/);
  assert.deepEqual(program.parse('{"return":{"1":0,"2":2}}'), [0, 2]);
});

Deno.test("names are arguments, never a part of the script", () => {
  const evil = 'tank@"]) os.exit() --';
  assert.equal(destroyProgram(tank, [evil]).script, destroyProgram(tank, ["tank@1"]).script);
});

Deno.test("an answer that is not whole is refused", async (test) => {
  const program = destroyProgram(tank, ["tank@1", "tank@2"]);
  const texts = [
    "",
    "Channel program execution failed:",
    "null",
    "[]",
    '{"error":"x"}',
    '{"return":null}',
    '{"return":5}',
    '{"return":{"1":0}}',
    '{"return":{"1":0,"2":"0"}}',
    '{"return":{"1":0,"2":null}}',
  ];
  for (const text of texts) await test.step(text, () => assert.throws(() => program.parse(text), SyntaxError));
});
