import { equal, match, ok } from "node:assert/strict";
import { commands } from "../../../src/cli/commands.ts";
import { manualPage } from "../../../src/cli/help/man_page.ts";
import { parseArguments } from "../../../src/cli/parse/parse.ts";
import { defaults } from "../../../src/config/defaults.ts";
import { variableNames } from "../../../src/config/environment.ts";

function help(argv: readonly string[], columns: number | undefined = 80, colors = false): string {
  const parsed = parseArguments(argv, { colors, columns });
  if (parsed.kind !== "text") throw new Error("no help");
  return parsed.text;
}

/** One line, for comparing text that may be wrapped anywhere. */
function flat(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

Deno.test("help: every command is listed with what it does", () => {
  const page = flat(help(["--help"], 200));
  for (const { name } of commands) match(page, new RegExp(`\\b${name.replace(" ", "\\b.*\\b")}\\b`));
  match(page, /-s POOL HOST/);
});

Deno.test("help: every command, asked in every way, shows an example", async (test) => {
  for (const { name, aliases } of commands) {
    await test.step(name, () => {
      const page = help([...name.split(" "), "--help"]);
      match(page, /Examples?:\n {2}\S/);
      equal(help(["help", ...name.split(" ")]), page);
      equal(help([...name.split(" "), "-h"]), page);
      for (const alias of aliases) equal(help(["help", alias]), page);
    });
  }
});

Deno.test("help: every default and every variable shows", () => {
  const pages = flat(commands.map(({ name }) => help(["help", ...name.split(" ")], 120)).join("\n"));
  for (const { shown } of Object.values(defaults)) ok(pages.includes(`[default: ${shown}`), shown);
  for (const name of variableNames) ok(pages.includes(`environment: ${name}]`), name);
});

Deno.test("help: fits the width, ends lines cleanly, and is plain where colours are not welcome", () => {
  for (const columns of [60, 80, 120]) {
    for (const argv of [["--help"], ...commands.map(({ name }) => ["help", ...name.split(" ")])]) {
      for (const line of help(argv, columns).split("\n")) {
        // An example is one line to copy, and a word longer than the column stays whole.
        if (!line.startsWith("  bzman") && !line.startsWith("  eval")) {
          ok(line.length <= columns, `${columns}: ${line}`);
        }
        equal(line, line.trimEnd());
        equal(line.includes("\x1b"), false);
      }
    }
  }
});

Deno.test("help: colours on a terminal", () => {
  ok(help(["--help"], 80, true).includes("\x1b["));
});

Deno.test("manual page: every command, option, default and variable", () => {
  const page = manualPage("1.2.3");
  match(page, /^\.TH BZMAN 8 "" "bzman 1\.2\.3"/);
  for (const { name } of commands) ok(page.includes(`.SS "bzman ${name}"`), name);
  for (const name of variableNames) ok(page.includes(name));
  for (const option of ["\\fB\\-\\-on\\-divergence\\fR \\fIPOLICY\\fR", "\\fB\\-\\-dry\\-run\\fR", "\\fISOURCE\\fR"]) {
    ok(page.includes(option), option);
  }
  for (const line of page.split("\n")) {
    if (/^[.']/.test(line)) match(line, /^\.(?:TH|SH|SS|TP|PP|br|nh)\b/);
  }
});
