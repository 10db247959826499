import assert from "node:assert/strict";
import { environment, programs } from "../../src/permissions.ts";
import { permissionFlags } from "../../tools/permissions.ts";
import { filesBelow } from "../../tools/house.ts";

/** What a pattern finds in the sources, each once. */
function findInSources(pattern: RegExp): string[] {
  const found = [...filesBelow("src")].flatMap((path) => {
    const text = Deno.readTextFileSync(new URL(`../../${path}`, import.meta.url));
    return [...text.matchAll(pattern)].map((match) => match[1] ?? "");
  });
  return [...new Set(found)];
}

Deno.test("permissions: every variable that the sources read is one that bzman may see", () => {
  const named = findInSources(/\b(?:get|env)\("([A-Z][A-Z0-9_]*)"\)/g);
  assert.ok(named.length > 0);
  const visible = (name: string): boolean =>
    environment.some((entry) => entry === name || (entry.endsWith("*") && name.startsWith(entry.slice(0, -1))));
  assert.deepEqual(named.filter((name) => !visible(name)), []);
});

Deno.test("permissions: every program that the sources name is one that bzman may start", () => {
  const named = findInSources(/\bargv: \["([a-z][a-z-]*)"/g);
  assert.ok(named.includes("zfs"));
  const allowed: readonly string[] = programs;
  assert.deepEqual(named.filter((name) => !allowed.includes(name)), []);
});

Deno.test("permissions: every program that bzman may start is one that the sources start", () => {
  const started = new Set([
    ...findInSources(/\bargv: \["([a-z][a-z-]*)"/g),
    // A command's first word, however it is written; and what is looked up by name.
    ...findInSources(/\[\s*"([a-z][a-z-]*)",/g),
    ...findInSources(/\b(?:program|resolveProgram)\("([a-z][a-z-]*)"/g),
  ]);
  assert.deepEqual(programs.filter((name) => !started.has(name)), []);
});

Deno.test("permissions: no flag opens everything, and a shell needs no quotes for any but commas and stars", () => {
  const flags = permissionFlags();
  for (const flag of flags) assert.match(flag, /^--[a-z-]+(=[\w*,/-]+)?$/);
  for (const opener of ["-A", "--allow-all", "--allow-run", "--allow-ffi", "--allow-import"]) {
    assert.ok(!flags.includes(opener));
  }
});
