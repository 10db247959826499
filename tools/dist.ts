/**
 * Makes `dist/bzman`, the one file that is copied to a storage server: with `deno compile` where its runtime part can
 * be had, else as a self-extracting file, and says which.
 *
 * Usage: `tools/dist.ts [--entry=src/main.ts] [--output=dist/bzman] [--kind=compiled|self-extracting]`
 *
 * @module
 */

import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { version } from "../src/version.ts";
import { bundle } from "./dist/bundle.ts";
import { compile } from "./dist/compile.ts";
import { selfExtracting } from "./dist/self_extracting.ts";
import { permissionFlags } from "./permissions.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    entry: { type: "string", default: "src/main.ts" },
    output: { type: "string", default: "dist/bzman" },
    kind: { type: "string", default: "" },
  },
});

const output = resolve(values.output);
await Deno.mkdir(dirname(output), { recursive: true });
const folder = await Deno.makeTempDir({ prefix: "bzman-dist-" });
const aside = `${output}.${Deno.pid}`;
try {
  const kind = await make();
  await Deno.rename(aside, output);
  const { size } = await Deno.stat(output);
  console.log(`${values.output}: ${kind}, ${(size / 1e6).toFixed(1)} MB`);
} finally {
  await Deno.remove(folder, { recursive: true });
  await Deno.remove(aside).catch(() => {});
}

/** Packages the bundle in the best way there is. */
async function make(): Promise<string> {
  const files = await bundle(values.entry, folder);
  const flags = permissionFlags();
  if (values.kind !== "self-extracting") {
    try {
      await compile(join(folder, files[0]), aside, flags);
      return "compiled";
    } catch (error) {
      if (values.kind === "compiled" || Deno.env.has("DENORT_BIN")) throw error;
      console.log("deno compile cannot have its runtime part here; making a self-extracting file instead");
    }
  }
  await selfExtracting(aside, { folder, files, flags, version });
  return "self-extracting";
}
