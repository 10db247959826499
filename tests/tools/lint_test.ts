import assert from "node:assert/strict";
import plugin from "../../tools/lint/plugin.ts";

const root = new URL("../../", import.meta.url).pathname;

/** The messages for a piece of code at a path of the house. */
function messages(path: string, code: string): string[] {
  return Deno.lint.runPlugin(plugin, root + path, code).map((diagnostic) => diagnostic.message);
}

Deno.test("layers: what the house plan allows passes", () => {
  for (
    const [path, code] of [
      ["src/zfs/a.ts", 'import { b } from "./b.ts"; import { version } from "../version.ts";'],
      ["src/core/plan/a.ts", 'import { b } from "../../zfs/b.ts"; import { c } from "../inspect/c.ts";'],
      ["src/core/a.ts", 'import type { Logger } from "@logtape/logtape";'],
      ["src/hosts/a.ts", 'import type { Host } from "../core/ports.ts"; import { spawn } from "node:child_process";'],
      ["src/notify/a.ts", 'import { Fault } from "../core/fault.ts";'],
      ["src/history/a.ts", 'export type { Run } from "../core/record.ts";'],
      ["src/guard/a.ts", 'import { quote } from "../hosts/quote.ts";'],
      [
        "src/session/a.ts",
        'import { alertOnRun } from "../alerting/a.ts"; import { newRun } from "../recording/a.ts";',
      ],
      ["src/alerting/a.ts", 'import type { Session } from "../session/session.ts";'],
      ["src/commands/a.ts", 'import { plan } from "../core/plan.ts"; const mail = await import("../notify/mail.ts");'],
      ["src/cli/a.ts", 'import { replicate } from "../commands/replicate.ts";'],
      ["src/main.ts", 'import { cli } from "./cli/cli.ts"; import { local } from "./hosts/local.ts";'],
      ["tests/core/a.ts", 'import { local } from "../../src/hosts/local.ts"; Date.now();'],
    ] as const
  ) assert.deepEqual(messages(path, code), [], path);
});

Deno.test("layers: what it forbids is named, with what is allowed", () => {
  for (
    const [path, code, expected] of [
      ["src/zfs/a.ts", 'import { b } from "../core/b.ts";', /must not import from src\/core\/; it may import nothing/],
      ["src/zfs/a.ts", 'import type { b } from "../core/b.ts";', /must not import from src\/core\//],
      ["src/zfs/a.ts", 'import { join } from "node:path";', /is pure and must not import node:path/],
      ["src/core/a.ts", 'import { object } from "valibot";', /is pure and must not import valibot/],
      ["src/core/a.ts", 'import type { Local } from "../hosts/local.ts";', /must not import from src\/hosts\//],
      ["src/core/a.ts", 'import { version } from "../main.ts";', /must not import from src\/main\//],
      ["src/hosts/a.ts", 'import { plan } from "../core/plan.ts";', /may import only types from src\/core\//],
      ["src/hosts/a.ts", 'export * from "../core/plan.ts";', /may import only types/],
      ["src/hosts/a.ts", 'export { plan } from "../core/plan.ts";', /may import only types/],
      ["src/notify/a.ts", 'import "../history/outbox.ts";', /it may import zfs, core \(types\)/],
      ["src/render/a.ts", 'await import("../history/runs.ts");', /must not import from src\/history\//],
      ["src/commands/a.ts", 'import { parse } from "../cli/parse.ts";', /must not import from src\/cli\//],
      ["src/cli/a.ts", 'import { local } from "../hosts/local.ts";', /must not import from src\/hosts\//],
      ["src/hosts/a.ts", 'import { boot } from "../../lab/lab.ts";', /which lies outside src/],
      ["src/alerting/a.ts", 'import { open } from "../session/a.ts";', /may import only types from src\/session\//],
      ["src/recording/a.ts", 'import { mail } from "../alerting/a.ts";', /must not import from src\/alerting\//],
      ["src/utils/a.ts", 'import "./b.ts";', /src\/utils\/ is no room of the house/],
    ] as const
  ) {
    const found = messages(path, code);
    assert.equal(found.length, 1, `${path}: ${code}`);
    assert.match(found[0] ?? "", expected);
  }
});

Deno.test("purity: clock, chance, timers and the system come in as arguments", () => {
  for (
    const code of [
      "Date.now();",
      "new Date();",
      "Date();",
      "Temporal.Now.instant();",
      "performance.now();",
      "Math.random();",
      "crypto.randomUUID();",
      "setTimeout(() => {}, 1);",
      "AbortSignal.timeout(1);",
      'Deno.env.get("HOME");',
      "process.exit(1);",
      'fetch("http://localhost");',
      'console.log("here");',
    ]
  ) {
    for (const room of ["core", "zfs"]) {
      const found = messages(`src/${room}/a.ts`, code);
      assert.equal(found.length, 1, code);
      assert.match(found[0] ?? "", /must not use/);
    }
  }
});

Deno.test("purity: a fixed time and plain arithmetic are no clock", () => {
  assert.deepEqual(messages("src/core/a.ts", "new Date(0); Date.parse('x'); Date.UTC(2000); Math.max(1, 2);"), []);
  assert.deepEqual(messages("src/core/a.ts", "clock.now(); const o = { Deno: 1, Date: 2 }; o.Deno;"), []);
});

Deno.test("purity: other rooms may look at the clock; printing is for those that talk to people", () => {
  assert.deepEqual(messages("src/hosts/a.ts", "Date.now(); setTimeout(() => {}, 1); Deno.hostname();"), []);
  assert.deepEqual(messages("src/commands/a.ts", 'console.log("done");'), []);
  assert.equal(messages("src/notify/a.ts", 'console.log("done");').length, 1);
});

Deno.test("documented: a comment says what name and type do not, or is left out", () => {
  for (
    const code of [
      "/** Milliseconds since 1970. */\nexport const a = 1;\n/** One row a run. */\nexport interface B {}",
      "/** Stars: `a/*`, `b/**`. */\nexport const a = 1;",
      'export { b } from "./b.ts";\nconst c = 1;\nexport { c };',
      "export const a = 1;",
      "// a\nexport const a = 1;",
      "/** Top. @module */\nexport function a() {}",
      "/** @throws {SyntaxError} When it is empty. */\nexport function parse(text: string) {\n  throw new SyntaxError(text);\n}",
    ]
  ) assert.deepEqual(messages("src/zfs/a.ts", code), [], code);
  assert.deepEqual(messages("tests/a.ts", "/** A. */\nexport const a = 1;"), []);
  for (
    const [code, expected] of [
      ["/** The listed pools. */\nexport const listPools = 1;", /the comment on listPools only restates its name/],
      ["/** Finds them. */\nexport function findAll() {}", /the comment on findAll only restates its name/],
      [
        "export function parse(text: string) {\n  throw new SyntaxError(text);\n}",
        /parse throws and does not say when/,
      ],
    ] as const
  ) {
    const found = messages("src/zfs/a.ts", code);
    assert.equal(found.length, 1, code);
    assert.match(found[0] ?? "", expected);
  }
});
