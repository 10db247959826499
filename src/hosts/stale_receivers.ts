/**
 * Finds and ends what an earlier run left behind on a host: processes that carry bzman's mark in their environment.
 *
 * After a dead link a remote `zfs receive` can hold its dataset for minutes. Killing by name would hit the work
 * of others; the mark names the job.
 *
 * @module
 */

import type { Host, Outcome } from "../core/ports.ts";
import { Fault } from "../core/fault.ts";

// The mark comes as an argument, not in the environment: so the script never finds itself. Zombies have none either.
const find =
  'f(){ p=;for e in $(grep -lzxsF "BZMAN_MARK=$1" /proc/[0-9]*/environ);do e=${e#/proc/};p="$p ${e%/environ}";done;};';

/** Prints the process ids that carry the mark, its argument. */
export const findScript: string = `${find}f "$1";echo $p`;

/** Ends them: TERM, after 5 seconds KILL. Prints how many there were and how many are still there. */
export const endScript: string = `${find}n(){ c=$#;};f "$1";n $p;a=$c;[ $a = 0 ]||kill -s TERM $p;` +
  'i=0;while [ $c != 0 ]&&[ $i != 5 ];do sleep 1;i=$((i+1));f "$1";n $p;done;' +
  '[ $c = 0 ]||{ kill -s KILL $p;sleep 1;f "$1";n $p;};echo $a $c';

/** How many stale stages there were. */
export interface EndedReceivers {
  readonly found: number;
  /** So many are still there, stuck in the kernel. */
  readonly left: number;
}

/**
 * The ids of this user's processes on the host that carry the mark.
 *
 * @throws {Fault} If the host cannot be asked.
 */
export async function findStaleReceivers(host: Host, mark: string, signal?: AbortSignal): Promise<readonly number[]> {
  const outcome = await runScript(host, findScript, mark, signal);
  return outcome.stdout.split(/\s+/).filter((word) => word !== "").map(Number);
}

/**
 * Ends them. Takes up to about 7 seconds when they resist.
 *
 * @throws {Fault} If the host cannot be asked.
 */
export async function endStaleReceivers(host: Host, mark: string, signal?: AbortSignal): Promise<EndedReceivers> {
  const outcome = await runScript(host, endScript, mark, signal);
  const [found = 0, left = 0] = outcome.stdout.trim().split(" ").map(Number);
  return { found, left };
}

async function runScript(host: Host, script: string, mark: string, signal: AbortSignal | undefined): Promise<Outcome> {
  const limits = { timeoutMs: 30_000, ...(signal !== undefined && { signal }) };
  const outcome = await host.run(["sh", "-c", script, "bzman-stale", mark], limits);
  if (outcome.status === 0) return outcome;
  throw new Fault({
    errorClass: outcome.connection?.errorClass ?? "stale-stages",
    what: "cannot look for stages of an earlier run",
    where: host.label,
    why: outcome.connection?.why ?? outcome.stderr.trim(),
    ...(outcome.connection !== undefined && { next: outcome.connection.next }),
    temporary: outcome.connection?.temporary ?? true,
    exit: 1,
  });
}
