/**
 * How long planning takes, and how much memory: in a process of its own, see `planning.ts`.
 *
 * @module
 */

import type { Line } from "./lines.ts";
import type { Planning } from "./planning.ts";

/** Measures it. */
export async function measurePlanning(): Promise<Line[]> {
  const script = new URL("planning.ts", import.meta.url).pathname;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--allow-all", script],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const { planSeconds, peakMiB } = JSON.parse(new TextDecoder().decode(stdout)) as Planning;
  return [
    { what: "planning 1,000 × 1,000, processor time", bzman: planSeconds, base: undefined, unit: "s", most: 3 },
    { what: "memory of that", bzman: peakMiB, base: undefined, unit: "MiB", most: 500 },
  ];
}
