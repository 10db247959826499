/**
 * Packages a bundle as one self-extracting file: a POSIX shell script (`stub.sh`), then a tar.gz of the Deno runtime and
 * the bundle. The fallback where `deno compile` cannot have its runtime part, as at an air-gapped site.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { tarEnd, tarEntry } from "./tar.ts";

/** What the runtime is called in the cache folder, so that `ps` and `top` show bzman by its name. */
const runtimeName = "bzman";

/** What goes into the file. */
export interface Parts {
  /** The folder of the bundle. */
  readonly folder: string;
  /** The bundle's files, the entry first. */
  readonly files: readonly string[];
  /** The permission flags to run with; none may hold a character that is special to a shell in single quotes. */
  readonly flags: readonly string[];
  /** The version, for the name of the cache folder. */
  readonly version: string;
}

/**
 * Makes the file. The same parts make the same bytes.
 *
 * @param output the file to make.
 * @param parts what goes into it.
 */
export async function selfExtracting(output: string, parts: Parts): Promise<void> {
  const scripts = parts.files.map((name) => tarEntry(name, Deno.readFileSync(join(parts.folder, name)), 0o644));
  const archive = Buffer.concat([await packedRuntime(), gzipSync(Buffer.concat([...scripts, tarEnd]), { level: 9 })]);
  const stub = fill(await Deno.readTextFile(new URL("./stub.sh", import.meta.url)), {
    VERSION: parts.version,
    ID: `${parts.version}-${sha256(archive).slice(0, 12)}`,
    FILES: [runtimeName, ...parts.files].join(" "),
    FLAGS: parts.flags.map((flag) => `'${flag}'`).join(" "),
  });
  await Deno.writeFile(output, Buffer.concat([stub, archive]), { mode: 0o755 });
}

/**
 * The Deno runtime as the first part of the tar.gz: gzip parts may be strung together. Packing takes seconds and its
 * outcome never changes, so it is kept.
 */
async function packedRuntime(): Promise<Uint8Array> {
  const runtime = await Deno.readFile(Deno.execPath());
  const cache = join(Deno.env.get("XDG_CACHE_HOME") || join(Deno.env.get("HOME") ?? "/root", ".cache"), "bzman-tools");
  const kept = join(cache, `runtime-${sha256(runtime).slice(0, 12)}.gz`);
  try {
    return await Deno.readFile(kept);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const packed = gzipSync(tarEntry(runtimeName, runtime, 0o755));
  await Deno.mkdir(cache, { recursive: true });
  const aside = await Deno.makeTempFile({ dir: cache });
  await Deno.writeFile(aside, packed);
  await Deno.rename(aside, kept);
  return packed;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Fills in the template, and last where the archive begins, in a width that does not move it. */
function fill(template: string, values: Readonly<Record<string, string>>): Uint8Array {
  const text = template.replaceAll(/@([A-Z]+)@/g, (mark: string, name: string) => values[name] ?? mark);
  const width = "@START@".length;
  const start = new TextEncoder().encode(text).length + 1;
  return new TextEncoder().encode(text.replace("@START@", String(start).padStart(width, "0")));
}
