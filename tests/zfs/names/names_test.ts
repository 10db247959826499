import assert from "node:assert/strict";
import fc from "fast-check";
import {
  isWithin,
  maxNameBytes,
  moveName,
  parentOf,
  parseDatasetName,
  parseGuid,
  parseVersionPart,
  poolOf,
} from "../../../src/zfs/names/names.ts";

const right = [
  "tank",
  "Tank_1.x:y-z",
  "tank/home/ann lee",
  "tank/a:b/c.d",
  "tank/-dash",
  "tank/.hidden",
  "tank/...",
  "tank/%recv",
  "logs",
  "logger/a",
  `t${"/a".repeat(127)}`,
];

const wrong: Readonly<Record<string, RegExp>> = {
  "": /it is empty/,
  "-tank": /begins with '-'/,
  "-o mountpoint=x": /begins with '-'/,
  "/tank": /empty part/,
  "tank/": /empty part/,
  "tank//a": /empty part/,
  "tank/.": /'\.' or '\.\.'/,
  "tank/../etc": /'\.' or '\.\.'/,
  "1tank": /begins with a letter/,
  ".tank": /begins with a letter/,
  "tank@a": /holds "@"/,
  "tank#a": /holds "#"/,
  "tank/a;id": /holds ";"/,
  "tank/$(id)": /holds "\$"/,
  "tank/a\nb": /holds "\\n"/,
  "tank/a\tb": /holds "\\t"/,
  "tank/a\u0000": /holds "\\u0000"/,
  "tank/ä": /holds "ä"/,
  "tank/\u{1f600}": /holds "\u{1f600}"/u,
  "tank/a+b": /holds "\+"/,
  "mirror": /reserved/,
  "mirrored": /reserved/,
  "raidz1": /reserved/,
  "draid2": /reserved/,
  "spares": /reserved/,
  "log": /reserved/,
  "log/a": /reserved/,
  [`t${"/a".repeat(127)}b`]: /longer than 255 bytes/,
};

Deno.test("dataset names that ZFS allows", async (test) => {
  for (const name of right) await test.step(name.slice(0, 40), () => assert.equal(parseDatasetName(name), name));
});

Deno.test("dataset names that ZFS does not allow", async (test) => {
  for (const [name, says] of Object.entries(wrong)) {
    await test.step(
      JSON.stringify(name).slice(0, 40),
      () => assert.throws(() => parseDatasetName(name), { name: "SyntaxError", message: says }),
    );
  }
});

Deno.test("no text becomes a dataset name that is an option, a path upwards or more than 255 bytes", () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(..."ab/.-@# \n\t;%:ä") }), (text) => {
    try {
      parseDatasetName(text);
    } catch (error) {
      return error instanceof SyntaxError;
    }
    return !text.startsWith("-") && !/[\n\t;@#]/.test(text) && !/(^|\/)\.{0,2}(\/|$)/.test(text) &&
      new TextEncoder().encode(text).length <= maxNameBytes;
  }));
});

Deno.test("the part behind @ or #", async (test) => {
  for (const part of ["a", "incremental-2026-11-22T03:00:00Z", "-a", "a b", "a.b", "."]) {
    await test.step(part, () => assert.equal(parseVersionPart(part), part));
  }
  for (const part of ["", "a/b", "a@b", "a#b", "a%b", "a+b", "a,b", "a\n", "ä"]) {
    await test.step(JSON.stringify(part), () => assert.throws(() => parseVersionPart(part), SyntaxError));
  }
});

Deno.test("GUIDs keep all 64 bits", async (test) => {
  for (const guid of ["0", "1", "9007199254740993", "18446744073709551615"]) {
    await test.step(guid, () => assert.equal(parseGuid(guid), guid));
  }
  for (const text of ["", "-", "-1", "1.5", "0x10", "18446744073709551616", "99999999999999999999", " 1", "1\n"]) {
    await test.step(JSON.stringify(text), () => assert.throws(() => parseGuid(text), SyntaxError));
  }
});

const tank = parseDatasetName("tank");
const deep = parseDatasetName("tank/a/b");

Deno.test("pool, parent, within", () => {
  assert.equal(poolOf(deep), "tank");
  assert.equal(poolOf(tank), "tank");
  assert.equal(parentOf(deep), "tank/a");
  assert.equal(parentOf(tank), undefined);
  assert.equal(isWithin("tank/a/b", "tank/a"), true);
  assert.equal(isWithin("tank/a", "tank/a"), true);
  assert.equal(isWithin("tank/ab", "tank/a"), false, "a longer name is no child");
  assert.equal(isWithin("tank", "tank/a"), false);
});

Deno.test("a name moves to another tree", () => {
  assert.equal(moveName(deep, tank, parseDatasetName("backup/tank")), "backup/tank/a/b");
  assert.equal(moveName(deep, deep, tank), "tank");
  assert.throws(() => moveName(parseDatasetName("tankard/a"), tank, deep), RangeError);
});
