/**
 * Plans 1,000 datasets with 1,000 snapshots each, of which the target lacks the newest; prints seconds and memory.
 *
 * @module
 */

import { cpuUsage } from "node:process";
import { planTree } from "../../src/core/plan/plan_tree.ts";
import type { Dataset } from "../../src/zfs/names/dataset.ts";
import { type BareDataset, joinVersions, parseVersions } from "../../src/zfs/parsers/list.ts";
import type { DatasetName, Guid } from "../../src/zfs/names/names.ts";

/** What was measured; seconds of the processor, so that a busy machine does not count. */
export interface Planning {
  readonly planSeconds: number;
  readonly readSeconds: number;
  readonly peakMiB: number;
}

const datasets = 1_000;
const snapshots = 1_000;

function name(top: string, i: number): DatasetName {
  return (i === 0 ? top : `${top}/fs${String(i).padStart(4, "0")}`) as DatasetName;
}

function bare(top: string): BareDataset[] {
  return Array.from({ length: datasets }, (_, i) => ({
    name: name(top, i),
    type: "filesystem",
    guid: String(1_000_000_000_000 + i) as Guid,
    createtxg: 10n,
    usedBytes: 1_000_000n,
    usedBySnapshotsBytes: 0n,
    usedByRefreservationBytes: 0n,
    availableBytes: 1_000_000_000n,
    referencedBytes: 1_000_000n,
    writtenBytes: 0n,
    origin: undefined,
    encryption: "off",
    encryptionRoot: undefined,
    keyStatus: "none",
    resumeToken: undefined,
    canmount: "on",
    mounted: false,
    readonly: false,
  }));
}

function processorSeconds(): number {
  const { user, system } = cpuUsage();
  return (user + system) / 1e6;
}

/** The tree of one side, by way of the text that `zfs list` would print, one dataset's part at a time. */
function tree(top: string, each: number): Dataset[] {
  return bare(top).flatMap((dataset, i) => {
    let text = "";
    for (let at = 0; at < each; at++) {
      const guid = 9_000_000_000_000_000_000n + BigInt(i * snapshots + at);
      text += `${dataset.name}@incremental-2026-01-01T${String(at).padStart(6, "0")}Z\t${guid}\t${100 + at}\n`;
    }
    return joinVersions([dataset], parseVersions(text));
  });
}

const begin = processorSeconds();
const source = tree("tank", snapshots);
const target = tree("back/tank", snapshots - 1);
const read = processorSeconds();
const plan = planTree({
  raw: "auto",
  onDivergence: "refuse",
  onForeign: "refuse",
  holds: true,
  nowMs: 0,
  sourceTop: name("tank", 0),
  targetTop: name("back/tank", 0),
  source,
  excluded: [],
  target,
  targetAncestors: bare("back").slice(0, 1),
  targetEmpty: new Set(),
  tokens: new Map(),
  canExclude: true,
  packages: true,
});
const end = processorSeconds();
if (plan.steps.length !== 1 || plan.steps[0]?.kind !== "package") throw new Error("this should be one package");
const peakKiB = /^VmHWM:\s+(\d+) kB$/m.exec(Deno.readTextFileSync("/proc/self/status"))?.[1];
const planning: Planning = {
  planSeconds: end - read,
  readSeconds: read - begin,
  peakMiB: Number(peakKiB) / 1024,
};
console.log(JSON.stringify(planning));
