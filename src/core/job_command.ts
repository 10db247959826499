/**
 * The command of a job, whole and quoted, for "next:": somebody copies it at 3 a.m., and it must be the job's own.
 *
 * @module
 */

import { type DatasetName, isWithin, moveName } from "../zfs/names/names.ts";
import { commandOn, shellWord } from "./check.ts";

/** An option as it is typed: `["--db", "/srv/bzman.db"]`, `["--no-snapshot"]`. */
export type JobOption = readonly [name: string, value?: string];

/** A job as it was typed. */
export interface JobCommand {
  /** SOURCE and TARGET as typed. */
  readonly source: string;
  readonly target: string;
  /** `[USER@]HOST` of each side; `undefined`: this machine. */
  readonly sourceHost: string | undefined;
  readonly targetHost: string | undefined;
  readonly sourceTop: DatasetName;
  readonly targetTop: DatasetName;
  /** The options that are not at their defaults. */
  readonly options: readonly JobOption[];
}

/** What the next command has otherwise than the last one. */
export interface JobChange {
  readonly source?: string;
  readonly target?: string;
  /** Instead of options of the same name. */
  readonly set?: JobOption;
  /** Beside options of the same name. */
  readonly add?: JobOption;
  /** The name of an option that goes. */
  readonly drop?: string;
}

/** The command to type: `bzman replicate tank backup:tank --db /srv/bzman.db --on-divergence keep-both`. */
export function replicateCommand(job: JobCommand, change: JobChange = {}): string {
  return jobCommand("replicate", job, change);
}

/** The command that checks the job: it takes the same options, but for `--no-snapshot`. */
export function preflightCommand(job: JobCommand): string {
  return jobCommand("preflight", job, { drop: "--no-snapshot" });
}

function jobCommand(command: "replicate" | "preflight", job: JobCommand, change: JobChange): string {
  const gone = new Set([change.drop, change.set?.[0]]);
  const options = [
    ...job.options.filter(([name]) => !gone.has(name)),
    ...[change.set, change.add].filter((option) => option !== undefined),
  ];
  const words = ["bzman", command, change.source ?? job.source, change.target ?? job.target];
  return [...words, ...options.flat().filter((word) => word !== undefined)].map(shellWord).join(" ");
}

/** The command that replicates one dataset of the job's tree by itself, to the place that it has in the copy. */
export function partCommand(job: JobCommand, dataset: DatasetName, change: JobChange = {}): string {
  const { sourceTop, targetTop, sourceHost, targetHost } = job;
  if (!isWithin(dataset, sourceTop)) return replicateCommand(job, change);
  return replicateCommand(job, {
    source: endpointText(sourceHost, dataset),
    target: endpointText(targetHost, moveName(dataset, sourceTop, targetTop)),
    ...change,
  });
}

/** The command that replicates the job to a dataset of another name on its target. */
export function elsewhereCommand(job: JobCommand, dataset: string): string {
  return replicateCommand(job, { target: endpointText(job.targetHost, dataset) });
}

/** A command on one side of the job, behind `ssh HOST` where that is another machine. */
export function sideCommand(job: JobCommand, side: "source" | "target", words: readonly string[]): string {
  return commandOn(side === "source" ? job.sourceHost : job.targetHost, words);
}

/** TARGET or SOURCE as it is typed; a target on this machine begins with a colon, and a source may. */
function endpointText(host: string | undefined, dataset: string): string {
  const bare = host?.replace(/^[^@]*@/, "");
  const shown = host !== undefined && bare?.includes(":") ? `${host.slice(0, -bare.length)}[${bare}]` : host ?? "";
  return `${shown}:${dataset}`;
}
