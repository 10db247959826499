/**
 * Runs a command that reads contents, and judges how that went: whatever it complains of counts, since the status of a pipe
 * hides the failures of all programs but the last.
 *
 * @module
 */

import type { Command } from "../../zfs/arguments/command.ts";
import { firstLines, outcomeFault, parseOutput } from "../inspect/query.ts";
import { Fault } from "../fault.ts";
import type { Host } from "../ports.ts";
import type { ContentResult } from "./content.ts";

/** What was read, or why it could not be. */
export type Reading<T> = { readonly kind: "read"; readonly value: T } | Unread;

/** Why something could not be read. */
export type Unread = Extract<ContentResult, { readonly kind: "damaged" }> | {
  /** `gone`: the snapshot is not there any more; `disconnected`: the host is not. */
  readonly kind: "gone" | "failed" | "disconnected";
  readonly host: string;
  readonly why: string;
  readonly next?: string;
};

const damage = /Input\/output error/;
const absence = /dataset does not exist|unable to open the dataset/;

/**
 * Reads.
 *
 * @throws {Fault} When bzman was told to stop.
 */
export async function readContent<T>(
  host: Host,
  command: Command<T>,
  limits: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<Reading<T>> {
  const outcome = await host.run(command.argv, { ...limits, stdinWatchdog: true });
  const { status, stderr, stopped, connection } = outcome;
  const what = "cannot read contents";
  if (stopped === "aborted") throw new Fault(outcomeFault(host, command.argv, outcome, what));
  if (connection) return { kind: "disconnected", host: host.label, why: connection.why, next: connection.next };
  const complaint = stderr.trim();
  if (stopped === undefined && complaint !== "") {
    const kind = damage.test(stderr) ? "damaged" : absence.test(stderr) ? "gone" : "failed";
    return { kind, host: host.label, why: firstLines(stderr) };
  }
  try {
    return { kind: "read", value: parseOutput(host, command, { ...outcome, status }, what) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { why, next } = error.parts;
    return { kind: "failed", host: host.label, why: why ?? error.message, ...(next === undefined ? {} : { next }) };
  }
}
