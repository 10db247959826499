/**
 * Asks what users who are not root were allowed, on both sides.
 *
 * @module
 */

import { listAllowances, permissionsOf, sourcePermissions, targetPermissions } from "../../zfs/parsers/allow.ts";
import type { DatasetName } from "../../zfs/names/names.ts";
import type { Finding } from "../finding.ts";
import type { Host } from "../ports.ts";
import { checkPermissions } from "./permission_checks.ts";
import type { Tree } from "../inspect/list_tree.ts";
import type { HostInfo } from "../inspect/probe.ts";

/** The verdicts; nothing is asked where commands run as root. */
export async function permissionFindings(
  sides: readonly { side: "source" | "target"; host: Host; facts: HostInfo; tree: Tree }[],
  signal: AbortSignal,
): Promise<Finding[]> {
  const findings = await Promise.all(sides.map(async ({ side, host, facts, tree }) => {
    const dataset = tree.datasets[0]?.name ?? nearest(tree);
    if (facts.isRoot || dataset === undefined) return [];
    const outcomes = await host.runAll([["id", "-un"], ["id", "-Gn"], listAllowances(dataset).argv], { signal });
    const [user, groups, allowed] = outcomes;
    if (user?.status !== 0 || groups?.status !== 0 || allowed?.status !== 0) return [];
    const name = user.stdout.trim();
    return [checkPermissions({
      side,
      label: facts.label,
      user: name,
      dataset,
      granted: permissionsOf(listAllowances(dataset).parse(allowed.stdout), name, groups.stdout.trim().split(/\s+/)),
      wanted: side === "source" ? sourcePermissions : targetPermissions,
    })];
  }));
  return findings.flat();
}

function nearest(tree: Tree): DatasetName | undefined {
  return [...tree.ancestors].sort((a, b) => b.name.length - a.name.length)[0]?.name;
}
