/**
 * Datasets and plans for tests, written in few words: `dataset("tank/a", "x:1 y:2 #m:1")`.
 *
 * @module
 */

import type { PlanInput } from "../../src/core/plan/plan_input.ts";
import type { Step } from "../../src/core/plan/step.ts";
import type { Dataset } from "../../src/zfs/names/dataset.ts";
import { parseDatasetName, parseGuid } from "../../src/zfs/names/names.ts";
import { type Bookmark, fullName, type Snapshot } from "../../src/zfs/names/version.ts";

/**
 * A dataset with its versions, oldest first.
 *
 * @param versions Words `NAME:GUID`, a bookmark as `#NAME:GUID`; each is one transaction group younger than the one before
 * it, but a bookmark is as old as its snapshot.
 */
export function dataset(name: string, versions = "", told: Partial<Dataset> = {}): Dataset {
  const snapshots: Snapshot[] = [];
  const bookmarks: Bookmark[] = [];
  const ages = new Map<string, bigint>();
  for (const [i, word] of versions.split(" ").filter((part) => part !== "").entries()) {
    const [part = "", guid = ""] = word.split(":");
    const createtxg = ages.get(guid) ?? BigInt(10 * (i + 1));
    ages.set(guid, createtxg);
    const version = { dataset: parseDatasetName(name), guid: parseGuid(guid), createtxg };
    if (part.startsWith("#")) bookmarks.push({ kind: "bookmark", name: part.slice(1), ...version });
    else snapshots.push({ kind: "snapshot", name: part, ...version });
  }
  return {
    name: parseDatasetName(name),
    type: "filesystem",
    guid: parseGuid("1"),
    createtxg: 1n,
    usedBytes: 100n,
    usedBySnapshotsBytes: 50n,
    usedByRefreservationBytes: 0n,
    availableBytes: 1_000_000n,
    referencedBytes: 50n,
    writtenBytes: 0n,
    origin: undefined,
    encryption: "off",
    encryptionRoot: undefined,
    keyStatus: "none",
    resumeToken: undefined,
    canmount: "on",
    mounted: false,
    readonly: false,
    snapshots,
    bookmarks,
    ...told,
  };
}

/** What makes a dataset one that is encrypted with a key of its own, or with that of `root`. */
export function encrypted(root: string, key: "available" | "unavailable"): Partial<Dataset> {
  return { encryption: "aes-256-gcm", encryptionRoot: parseDatasetName(root), keyStatus: key };
}

/** The input of a plan from `tank` to `backup/tank` with the usual choices. */
export function planInput(
  source: readonly Dataset[],
  target: readonly Dataset[],
  told: Partial<PlanInput> = {},
): PlanInput {
  return {
    raw: "auto",
    onDivergence: "refuse",
    onForeign: "refuse",
    holds: true,
    nowMs: Date.UTC(2026, 10, 22, 3),
    sourceTop: parseDatasetName("tank"),
    targetTop: parseDatasetName("backup/tank"),
    source,
    excluded: [],
    target,
    targetAncestors: [dataset("backup")],
    targetEmpty: new Set(),
    tokens: new Map(),
    canExclude: true,
    packages: true,
    ...told,
  };
}

/** A step in one line: `incremental tank/a@x..y > backup/tank/a`. */
export function shown(step: Step): string {
  switch (step.kind) {
    case "full":
      return `full${step.force ? " -F" : ""} ${flags(step)}${fullName(step.to)} > ${step.target}`;
    case "incremental":
      return `incremental ${flags(step)}${fullName(step.from)}${step.intermediates ? ".." : "->"}${step.to.name} > ` +
        step.target;
    case "clone":
      return `clone ${flags(step)}${fullName(step.origin)}..${fullName(step.to)} > ${step.target}`;
    case "resume":
      return `resume${step.force ? " -F" : ""} ${flags(step)}${fullName(step.to)} > ${step.target}`;
    case "package": {
      const without = step.excluded.map((name) => ` -${name}`).join("");
      const members = step.members.map(({ dataset }) => dataset).join(",");
      return `package ${step.raw ? "raw " : ""}${step.dataset}@${
        step.from ?? ""
      }..${step.to}${without} > ${step.target}` +
        ` [${members}]`;
    }
    case "create-parent":
      return `create-parent ${step.target}`;
    case "discard-partial":
      return `discard-partial ${step.target}`;
    case "rollback":
      return `rollback ${step.target}@${step.to.name} -${step.discards.map(({ name }) => name).join(",")}`;
    case "set-aside":
    case "rename":
      return `${step.kind} ${step.target} as ${step.as}`;
    case "promote":
      return `promote ${step.target} from ${step.from}@${step.moves.map(({ name }) => name).join(",")}`;
  }
}

function flags(step: { readonly raw: boolean; readonly decrypted?: true }): string {
  return `${step.raw ? "raw " : ""}${step.decrypted ? "decrypted " : ""}`;
}
