import assert from "node:assert/strict";
import fc from "fast-check";
import { parseGuid, parseVersionPart } from "../../../src/zfs/names/names.ts";
import {
  bookmarkName,
  holdTag,
  isBzmanBookmarkFor,
  isSetAsideName,
  longestBookmarkName,
  setAsideName,
  snapshotName,
  snapshotTime,
  targetKey,
  temporaryName,
} from "../../../src/zfs/names/bzman_names.ts";

const now = Date.UTC(2026, 10, 22, 3, 0, 0);
const biggest = parseGuid("18446744073709551615");

Deno.test("a snapshot's name holds its time in UTC", () => {
  assert.equal(snapshotName("incremental", now), "incremental-2026-11-22T03:00:00Z");
  assert.equal(snapshotName("incremental", now + 999), "incremental-2026-11-22T03:00:00Z", "whole seconds");
});

Deno.test("the time of a name is read back", () => {
  const times = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31, 23, 59, 59) });
  fc.assert(fc.property(times, fc.constantFrom("incremental", "a", "a-b", "a.b"), (ms, prefix) => {
    assert.equal(snapshotTime(snapshotName(prefix, ms), prefix, false), Math.floor(ms / 1000) * 1000);
  }));
});

const names: readonly (readonly [name: string, adopt: boolean, time: number | undefined])[] = [
  ["incremental-2026-11-22T03:00:00Z", false, now],
  ["incremental-2026-11-22T03:00:00Z", true, now],
  ["incremental-2026-11-22T03:00:00", true, now],
  ["incremental-2026-11-22T03:00:00", false, undefined],
  ["incremental-before-upgrade", true, undefined],
  ["incremental-2026-11-22", true, undefined],
  ["incremental-2026-11-22T03:00:00Z-kept", true, undefined],
  ["incremental-2026-13-45T03:00:00Z", true, undefined],
  ["incremental-2026-11-22T25:00:00Z", true, undefined],
  ["incremental", true, undefined],
  ["incremental-", true, undefined],
  ["incrementally-2026-11-22T03:00:00Z", true, undefined],
  ["other-2026-11-22T03:00:00Z", true, undefined],
  ["xincremental-2026-11-22T03:00:00Z", true, undefined],
  ["autosnap_2026-11-22_03:00:00_daily", true, undefined],
];

Deno.test("only the full pattern is bzman's", async (test) => {
  for (const [name, adopt, time] of names) {
    await test.step(`${name}${adopt ? " adopted" : ""}`, () =>
      assert.equal(snapshotTime(name, "incremental", adopt), time));
  }
  assert.equal(snapshotTime("a-b-2026-11-22T03:00:00Z", "a", false), undefined, "a prefix within a prefix");
});

Deno.test("a target's key differs by pool and by dataset, and never with the host's alias", () => {
  const key = targetKey(parseGuid("123"), "backup/tank");
  assert.match(key, /^[0-9a-f]{12}$/);
  assert.equal(targetKey(parseGuid("123"), "backup/tank"), key);
  assert.notEqual(targetKey(parseGuid("124"), "backup/tank"), key);
  assert.notEqual(targetKey(parseGuid("123"), "backup/tank2"), key);
});

Deno.test("bookmarks of bzman", () => {
  const key = targetKey(biggest, "backup");
  const name = bookmarkName(key, biggest);
  assert.equal(name, `bzman-${key}-3w5e11264sgsf`);
  assert.equal(name.length, longestBookmarkName);
  assert.equal(parseVersionPart(name), name, "ZFS allows it");
  assert.equal(isBzmanBookmarkFor(name, key), true);
  assert.equal(isBzmanBookmarkFor(name, targetKey(parseGuid("1"), "backup")), false, "another target's");
  for (const other of ["mine", `bzman-${key}-`, `bzman-${key}-x_z`, `bzman-${key}-${"f".repeat(17)}`, `a${name}`]) {
    assert.equal(isBzmanBookmarkFor(other, key), false, other);
  }
});

Deno.test("a hold's tag names the target and fits", () => {
  assert.equal(holdTag("0123456789ab"), "bzman:0123456789ab");
});

Deno.test("what is set aside has a name of its own, which is known again", () => {
  assert.equal(setAsideName("backup/data", now), "backup/data-kept-20261122T030000Z");
  assert.equal(isSetAsideName(setAsideName("backup/data", now)), true);
  assert.equal(isSetAsideName(`${setAsideName("backup/data", now)}/child`), true, "and what lies below it");
  assert.equal(isSetAsideName("backup/data-kept"), false);
  assert.equal(isSetAsideName("backup/data-kept-20261122T030000Zulu"), false);
  assert.equal(temporaryName("backup/data", now), "backup/data-moving-20261122T030000Z");
  assert.equal(isSetAsideName(temporaryName("backup/data", now)), false, "what only moves is not set aside");
});
