/**
 * How long `bzman version` takes, beside an empty program of Deno.
 *
 * @module
 */

import { type Line, median } from "./lines.ts";

const rounds = 7;

/** Measures it; both in turn, so that what else the machine does meets both. */
export async function measureStart(packaged: string): Promise<Line> {
  const empty = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    // The first start unpacks the file and fills caches.
    await timed(packaged, ["version"]);
    await timed(Deno.execPath(), ["run", "--quiet", empty]);
    const own: number[] = [];
    const base: number[] = [];
    for (let i = 0; i < rounds; i++) {
      own.push(await timed(packaged, ["version"]));
      base.push(await timed(Deno.execPath(), ["run", "--quiet", empty]));
    }
    return { what: "bzman version ÷ an empty program", bzman: median(own), base: median(base), unit: "s", most: 3 };
  } finally {
    await Deno.remove(empty);
  }
}

async function timed(program: string, args: readonly string[]): Promise<number> {
  const begin = performance.now();
  const { success, stderr } = await new Deno.Command(program, { args: [...args], stdout: "null", stderr: "piped" })
    .output();
  if (!success) throw new Error(`${program}: ${new TextDecoder().decode(stderr)}`);
  return (performance.now() - begin) / 1000;
}
