/**
 * The verdict on what a user who is not root may do: names what is missing, and the line that grants it.
 *
 * @module
 */

import type { DatasetName } from "../../zfs/names/names.ts";
import type { Finding } from "../finding.ts";

/** Who works on a host, and what he was allowed there. */
export interface PermissionFacts {
  readonly side: "source" | "target";
  readonly label: string;
  readonly user: string;
  /** The dataset whose delegations were read: the top, or on the target the nearest that is there. */
  readonly dataset: DatasetName;
  readonly granted: ReadonlySet<string>;
  readonly wanted: readonly string[];
}

/** Without these nothing arrives at all; without the others the copy arrives, but less of it or less protected. */
const vital = new Set(["send", "snapshot", "create", "receive", "mount", "readonly", "mountpoint"]);

/** Judges the delegated permissions of one side. */
export function checkPermissions(facts: PermissionFacts): Finding {
  const { side, label, user, dataset, granted, wanted } = facts;
  const missing = wanted.filter((permission) => !granted.has(permission));
  const base = { check: `${side}-permissions`, where: label };
  if (missing.length === 0) return { ...base, verdict: "ok", text: `${user} is allowed what it takes on ${dataset}` };
  return {
    ...base,
    verdict: missing.some((permission) => vital.has(permission)) ? "critical" : "warning",
    text: `${user} is not allowed on ${dataset}: ${missing.join(", ")}`,
    next: `as root on ${label.replace(/^.*@/, "")}: zfs allow -u ${user} ${missing.join(",")} '${dataset}'`,
  };
}
