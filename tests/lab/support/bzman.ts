/**
 * Runs the packaged bzman on a host of the lab, and reads what it tells about its runs.
 *
 * @module
 */

import type { LabHost } from "../../../lab/lab.ts";
import { quote, type ShOptions, type ShResult } from "../../../lab/lab.ts";

/** A run as `--json` and `bzman log --json` tell it. Byte counts are numbers here: the lab has no 2^53 bytes. */
export interface RunJson {
  readonly uuid: string;
  readonly job: string;
  readonly source: string;
  readonly target: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly result: string;
  readonly exitStatus: number | null;
  readonly bytes: number;
  readonly savedBytes: number;
  readonly snapshots: number;
  readonly foreignSnapshots: number | null;
  readonly count: number;
  readonly errorClass: string | null;
  readonly message: string | null;
  readonly advice: string | null;
  readonly stderrTail: string | null;
  readonly phases: readonly { readonly phase: string; readonly elapsedMs: number }[];
  readonly datasets: readonly DatasetJson[];
}

/** What became of one dataset in a run. */
export interface DatasetJson {
  readonly dataset: string;
  readonly target: string;
  readonly result: string;
  readonly kind: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly toGuid: string | null;
  readonly bytes: number;
  readonly savedBytes: number;
  readonly snapshots: number;
  readonly errorClass: string | null;
  readonly message: string | null;
}

/** A run of `bzman replicate --json`. */
export interface Replication extends ShResult {
  readonly run: RunJson;
}

/**
 * Runs bzman with these arguments; any exit status will do.
 *
 * A run may take 10 minutes by default, since the hosts are emulated and not alone on their machine.
 */
export async function bzman(host: LabHost, args: readonly string[], options: ShOptions = {}): Promise<ShResult> {
  return await host.sh(`bzman ${args.map(quote).join(" ")}`, { check: false, timeoutMs: 600_000, ...options });
}

/** Runs `bzman replicate --json` with these arguments; any exit status will do, but a record there must be. */
export async function replicate(host: LabHost, ...args: readonly string[]): Promise<Replication> {
  const result = await bzman(host, ["replicate", "--json", ...args]);
  try {
    return { ...result, run: JSON.parse(result.stdout) as RunJson };
  } catch (error) {
    throw new Error(`no record from bzman, status ${result.code}:\n${result.stdout}${result.stderr}`, { cause: error });
  }
}

/** Replicates, and throws unless it went well. */
export async function replicateWell(host: LabHost, ...args: readonly string[]): Promise<Replication> {
  const done = await replicate(host, ...args);
  if (done.code !== 0 || done.run.result !== "ok") {
    throw new Error(`bzman replicate ${args.join(" ")}: status ${done.code}, ${done.run.result}\n${done.stderr}`);
  }
  return done;
}

/** The runs of the record, oldest first, by `bzman log --json`. */
export async function loggedRuns(host: LabHost, ...args: readonly string[]): Promise<readonly RunJson[]> {
  const { code, stdout, stderr } = await bzman(host, ["log", "--json", ...args]);
  if (code !== 0) throw new Error(`bzman log: status ${code}\n${stderr}`);
  return (JSON.parse(stdout) as { runs: RunJson[] }).runs;
}

/** What became of each dataset, in a word or two: `ok`, `refused diverged`. What only the target has is left out. */
export function resultsOf(run: RunJson): Record<string, string> {
  const told = run.datasets.filter(({ result }) => result !== "vanished");
  return Object.fromEntries(
    told.map(({ dataset, result, errorClass }) => [dataset, errorClass === null ? result : `${result} ${errorClass}`]),
  );
}
