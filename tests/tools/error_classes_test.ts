import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { errorPage } from "../../tools/error_classes.ts";

const root = new URL("../../", import.meta.url);

Deno.test("docs/errors.md holds the tables by which bzman decides", async () => {
  // The formatter fills the columns up.
  const plain = (text: string) => text.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---");
  strictEqual(plain(await Deno.readTextFile(new URL("docs/errors.md", root))), plain(errorPage()));
});

Deno.test("every class that a source names has its line", async () => {
  const page = errorPage();
  const missing = new Set<string>();
  for await (const path of sources(new URL("src/", root))) {
    const text = await Deno.readTextFile(path);
    for (const [, name = ""] of text.matchAll(/errorClass: "([a-z-]+)"/g)) {
      if (!page.includes(`\`${name}\``)) missing.add(name);
    }
  }
  deepStrictEqual([...missing], []);
});

async function* sources(folder: URL): AsyncGenerator<URL> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* sources(new URL(`${name}/`, folder));
    else if (name.endsWith(".ts")) yield new URL(name, folder);
  }
}
