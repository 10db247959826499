/**
 * What `zfs allow` tells of the permissions that were delegated to users who are not root.
 *
 * @module
 */

import type { Command } from "../arguments/command.ts";
import type { DatasetName } from "../names/names.ts";

/** One line of delegated permissions. */
export interface Allowance {
  readonly to: "user" | "group" | "everyone";
  /** The user's or group's name; empty for everyone. */
  readonly name: string;
  readonly permissions: readonly string[];
  /** Whether it holds for what lies below, too. */
  readonly below: boolean;
}

/** Lists the permissions delegated on a dataset and on those above it. */
export function listAllowances(dataset: DatasetName): Command<Allowance[]> {
  return { argv: ["zfs", "allow", dataset], parse: parseAllowances };
}

/** Reads the sections `Local permissions:`, `Descendent permissions:` and `Local+Descendent permissions:`. */
function parseAllowances(stdout: string): Allowance[] {
  const allowances: Allowance[] = [];
  let section: "here" | "below" | "other" = "other";
  for (const line of stdout.split("\n")) {
    if (/^Local\+Descendent permissions:|^Descendent permissions:/.test(line)) section = "below";
    else if (/^Local permissions:/.test(line)) section = "here";
    else if (/^\S/.test(line)) section = "other";
    const entry = /^\t(?:(user|group) (.+)|(everyone)) (\S+)$/.exec(line);
    if (!entry || section === "other") continue;
    allowances.push({
      to: entry[3] === "everyone" ? "everyone" : entry[1] === "group" ? "group" : "user",
      name: entry[2] ?? "",
      permissions: (entry[4] ?? "").split(","),
      below: section === "below",
    });
  }
  return allowances;
}

/** The permissions that a user has below a dataset, by himself, by his groups, and as anybody. */
export function permissionsOf(
  allowances: readonly Allowance[],
  user: string,
  groups: readonly string[],
): ReadonlySet<string> {
  const mine = allowances.filter(({ to, name, below }) =>
    below && (to === "everyone" || (to === "user" ? name === user : groups.includes(name)))
  );
  return new Set(mine.flatMap(({ permissions }) => permissions));
}

/** What bzman does on a source. */
export const sourcePermissions: readonly string[] = [
  "bookmark",
  "destroy",
  "hold",
  "mount",
  "release",
  "send",
  "snapshot",
  "userprop",
];

/** What bzman does on a target; a property that a stream carries needs an allowance of its own name besides. */
export const targetPermissions: readonly string[] = [
  "canmount",
  "create",
  "destroy",
  "encryption",
  "mount",
  "mountpoint",
  "promote",
  "quota",
  "readonly",
  "receive",
  "refquota",
  "refreservation",
  "rename",
  "reservation",
  "rollback",
  "sharenfs",
  "sharesmb",
  "userprop",
];
