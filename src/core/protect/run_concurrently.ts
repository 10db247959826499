/**
 * Many small commands of which each waits until the pool has written a transaction group (`zfs bookmark`, `zfs destroy` of a
 * bookmark). A few at a time wait for the same one.
 *
 * @module
 */

import type { Host, Outcome, RunLimits } from "../ports.ts";

/** So many at a time on this machine. */
const localConcurrency = 16;
/** And over ssh, where a server allows ten sessions a connection unless told otherwise (`MaxSessions`, sshd_config(5)). */
const remoteConcurrency = 4;

/** Like {@linkcode Host.runAll}, but in no order: the commands must not depend on each other. */
export async function runConcurrently(
  host: Host,
  commands: readonly (readonly string[])[],
  limits: RunLimits,
): Promise<readonly Outcome[]> {
  if (commands.length === 0) return [];
  const size = Math.ceil(commands.length / (host.isLocal ? localConcurrency : remoteConcurrency));
  const parts: (readonly (readonly string[])[])[] = [];
  for (let i = 0; i < commands.length; i += size) parts.push(commands.slice(i, i + size));
  return (await Promise.all(parts.map((part) => host.runAll(part, limits)))).flat();
}
