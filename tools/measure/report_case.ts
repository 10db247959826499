/**
 * How long a report takes that looks back on a year: ten-minute runs on 200 datasets.
 *
 * @module
 */

import { makeYear } from "../../tests/history/make_year.ts";
import { type Line, median } from "./lines.ts";

const rounds = 5;

/** Measures the packaged file, from its start to the page on disk. */
export async function measureReport(packaged: string): Promise<Line> {
  const folder = await Deno.makeTempDir({ prefix: "bzman-year-" });
  try {
    const record = `${folder}/year.db`;
    makeYear(record, { end: Date.now() - 60_000, days: 365, datasets: 200 });
    const seconds: number[] = [];
    for (let i = 0; i < rounds; i++) {
      const begin = performance.now();
      const { success, stderr } = await new Deno.Command(packaged, {
        args: ["report", "--quiet", "--db", record, "--output", `${folder}/report.html`],
        stdout: "null",
        stderr: "piped",
      }).output();
      if (!success) throw new Error(new TextDecoder().decode(stderr));
      seconds.push((performance.now() - begin) / 1000);
    }
    return { what: "report over a year of 200 datasets", bzman: median(seconds), base: undefined, unit: "s", most: 2 };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
