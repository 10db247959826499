// The page that says which test shows what: its files and names are there, and no scenario or promise is left out.

import { deepStrictEqual, ok } from "node:assert/strict";

const folder = new URL("../lab/", import.meta.url);
const root = new URL("../../", import.meta.url);
const page = await Deno.readTextFile(new URL("README.md", folder));

Deno.test("the table of lab tests names files and tests that are there", async () => {
  const wrong: string[] = [];
  for (const [, path = "", names = ""] of page.matchAll(/`([\w/]+\.ts)`((?:,? "[^"]+")*)/g)) {
    const url = new URL(path, path.startsWith("tests/") || path.startsWith("src/") ? root : folder);
    const text = await Deno.readTextFile(url).catch(() => undefined);
    if (text === undefined) wrong.push(`${path} is not there`);
    for (const [, name = ""] of names.matchAll(/"([^"]+)"/g)) {
      if (text !== undefined && !text.includes(name)) wrong.push(`${path} has no "${name}"`);
    }
  }
  deepStrictEqual(wrong, []);
});

Deno.test("the table of lab tests leaves out no scenario and no promise", () => {
  const [, scenarios = "", promises = ""] = page.split(/^## /m);
  const numbers = (section: string) => [...section.matchAll(/^\| (\d+b?) /gm)].map(([, number]) => number);
  const upTo = (last: number) => Array.from({ length: last }, (_, i) => String(i + 1));
  deepStrictEqual(numbers(scenarios), upTo(34).flatMap((number) => number === "11" ? ["11", "11b"] : [number]));
  deepStrictEqual(numbers(promises), upTo(24));
  for (const [line] of page.matchAll(/^\| .*\|$/gm)) ok(!/\|\s*\|/.test(line), `an empty cell: ${line}`);
});
