import { deepEqual } from "node:assert/strict";

const root = new URL("../../src/", import.meta.url);

/** Every file that a file loads at once, and the packages they name: lazy `import()` does not count. */
function loadedBy(file: URL, seen = new Set<string>()): Set<string> {
  if (seen.has(file.href)) return seen;
  seen.add(file.href);
  const source = Deno.readTextFileSync(file);
  for (const [, specifier = ""] of source.matchAll(/^(?:import|export) (?!type )[^;]*?from "([^"]+)";/gms)) {
    if (specifier.startsWith(".")) loadedBy(new URL(specifier, file), seen);
    else seen.add(specifier);
  }
  return seen;
}

Deno.test("start-up: what every start loads names no package and no node: module", () => {
  const names = [...loadedBy(new URL("main.ts", root)), ...loadedBy(new URL("commands/version.ts", root))];
  deepEqual(names.filter((name) => !name.startsWith("file:")), []);
});

Deno.test("start-up: reading a command line loads no command", () => {
  const names = [...loadedBy(new URL("cli/invoke.ts", root))].map((name) => name.replace(root.href, ""));
  deepEqual(names.filter((name) => name.startsWith("commands/") && name !== "session/context.ts"), []);
  deepEqual(names.filter((name) => name.startsWith("node:")), []);
});
