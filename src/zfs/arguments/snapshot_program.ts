/**
 * Snapshots of more datasets than one command has room to name: a channel program, whose text is read from standard input.
 * It runs within one transaction group, so its snapshots are of one moment, as those of one `zfs snapshot` are
 * (zfs-program(8)).
 *
 * @module
 */

import { type DatasetName, poolOf } from "../names/names.ts";
import { snapshotProperty } from "../names/bzman_names.ts";
import { parseErrnos, type Program } from "./channel_programs.ts";

/** What ZFS allows at most: ten times the instructions that it allows by itself, and six times the memory (zfs-program(8)). */
const limits = ["-t", "100000000", "-m", "64000000"];

/**
 * One snapshot of each dataset, all or none. Every one is checked before the first is made, since what a channel program did
 * before it failed stays; should one fail all the same, those before it are destroyed again. The answer is an errno for each,
 * 0 for done or not tried. Needs OpenZFS 2.0 (`set_prop`); an older one refuses before anything is made.
 *
 * @param datasets Of one pool; not empty.
 * @throws {RangeError} When a word cannot be a part of the program.
 */
export function snapshotProgram(datasets: readonly DatasetName[], part: string, prefix: string): Program {
  const [first] = datasets;
  if (first === undefined) throw new RangeError("a snapshot of nothing");
  const names = datasets.map((dataset) => luaString(`${dataset}@${part}`));
  return {
    argv: ["zfs", "program", "-j", ...limits, poolOf(first), "-"],
    script: `local property, value = ${luaString(snapshotProperty)}, ${luaString(prefix)}
local names = {
${names.join(",\n")}
}
local set = zfs.sync.set_prop
if set == nil then error("zfs.sync.set_prop is missing") end
local result, well = {}, true
for i = 1, #names do
  result[i] = zfs.check.snapshot(names[i])
  if result[i] ~= 0 then well = false end
end
for i = 1, well and #names or 0 do
  local made = zfs.sync.snapshot(names[i])
  result[i] = made == 0 and set(names[i], property, value) or made
  if result[i] ~= 0 then
    for j = 1, made == 0 and i or i - 1 do zfs.sync.destroy(names[j]) end
    return result
  end
end
return result
`,
    parse: (stdout) => parseErrnos(stdout, datasets.length),
  };
}

/** What `zfs snapshot` says where the kernel gives an errno (`zfs_snapshot_nvl` in libzfs_dataset.c). */
export function snapshotErrorText(name: string, errno: number): string {
  return `cannot create snapshot '${name}': ${errnoTexts.get(errno) ?? `error number ${errno}`}`;
}

const errnoTexts: ReadonlyMap<number, string> = new Map([
  [1, "permission denied"],
  [2, "dataset does not exist"],
  [16, "dataset is busy"],
  [17, "dataset already exists"],
  [28, "out of space"],
  [30, "pool is read-only"],
  [36, "dataset name is too long"],
  [122, "quota exceeded: a snapshot_limit is reached"],
]);

/** Lua's text of a word that needs no escape: names of ZFS hold no other characters. */
function luaString(word: string): string {
  if (!/^[A-Za-z0-9_.:@%/ -]+$/.test(word)) {
    throw new RangeError(`${JSON.stringify(word)} cannot be a part of a program`);
  }
  return `"${word}"`;
}
