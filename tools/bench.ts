/**
 * The benchmark: bzman beside a raw `zfs send | ssh | zfs receive` and syncoid, all in one run on the same two hosts, so
 * that the ratios mean something whatever the machine; and what needs no hosts: planning, a report over a year, and the
 * start of the program.
 * Ends with status 1 when a budget is missed.
 *
 * @module
 */

import { bootLab, installBzman, type Lab } from "../lab/lab.ts";
import { measureLab, type Sizes } from "./measure/lab_cases.ts";
import { measurePlanning } from "./measure/planning_case.ts";
import { measureReport } from "./measure/report_case.ts";
import { measureStart } from "./measure/start_case.ts";
import { type Line, missed, table } from "./measure/lines.ts";

/** A size from the environment. */
function size(name: string, usual: number): number {
  const text = Deno.env.get(name) ?? String(usual);
  if (!/^[1-9][0-9]{0,4}$/.test(text)) throw new RangeError(`${name}=${text} is no size`);
  return Number(text);
}

const packaged = Deno.env.get("BZMAN_LAB_FILE") ?? "dist/bzman";
const sizes: Sizes = {
  datasets: size("DATASETS", 20),
  snapshots: size("SNAPSHOTS", 5),
  largeMiB: size("LARGE_MIB", 384),
  cycles: size("CYCLES", 2),
  peers: Deno.env.get("PEERS") !== "no",
};

const lines: Line[] = [];
const tell = (text: string): void => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`);

tell("the start of the program");
lines.push(await measureStart(packaged));
tell("planning 1,000 datasets × 1,000 snapshots");
lines.push(...await measurePlanning());
tell("a report over a year");
lines.push(await measureReport(packaged));
if (Deno.env.get("LAB") !== "no") {
  tell("two hosts are booting");
  await using lab: Lab = await bootLab();
  await installBzman(lab, packaged);
  lines.push(...await measureLab(lab, sizes, tell));
}
console.log(`\n${sizes.datasets} filesystems × ${sizes.snapshots} snapshots, one stream of ${sizes.largeMiB} MiB\n`);
console.log(table(lines).join("\n"));
const late = missed(lines);
console.log(late.length === 0 ? "\nall within budget" : `\nover budget: ${late.map(({ what }) => what).join(", ")}`);
Deno.exit(late.length === 0 ? 0 : 1);
