import assert from "node:assert/strict";
import { capabilities, capabilityRule } from "../../tools/lint/capabilities.ts";

const root = new URL("../../", import.meta.url).pathname;
const plugin: Deno.lint.Plugin = { name: "bzman", rules: { capabilities: capabilityRule } };

function messages(path: string, code: string): string[] {
  return Deno.lint.runPlugin(plugin, root + path, code).map((diagnostic) => diagnostic.message);
}

Deno.test("capabilities: a room needs what the table says, and no room needs itself by way of another", () => {
  const needs = (room: string, seen: readonly string[] = []): readonly string[] =>
    (capabilities[room] ?? []).flatMap((next) => {
      assert.ok(!seen.includes(next), `${[...seen, next].join(" → ")}`);
      return [next, ...needs(next, [...seen, next])];
    });
  for (const room of Object.keys(capabilities)) assert.ok(!needs(room, [room]).includes(room), room);
});

Deno.test("capabilities: imports of other rooms are judged, types too", () => {
  assert.deepEqual(messages("src/core/verify/a.ts", 'import { listTree } from "../inspect/list_tree.ts";'), []);
  assert.deepEqual(messages("src/core/verify/a.ts", 'import { fault } from "../fault.ts"; import "./b.ts";'), []);
  assert.deepEqual(messages("src/commands/a.ts", 'import { verify } from "../core/verify/verify.ts";'), []);
  for (
    const [path, code] of [
      ["src/core/inspect/a.ts", 'import type { Step } from "../plan/step.ts";'],
      ["src/core/status/a.ts", 'import { retain } from "../retention/a.ts";'],
      ["src/core/a.ts", 'import { listTree } from "./inspect/list_tree.ts";'],
    ] as const
  ) assert.equal(messages(path, code).length, 1, code);
});
