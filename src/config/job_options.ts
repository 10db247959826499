/**
 * The options of a job, as they would be typed anew.
 *
 * @module
 */

import type { JobCommand, JobOption } from "../core/job_command.ts";
import { defaults } from "./defaults.ts";
import type { CommonSettings, ReplicateSettings } from "./settings.ts";
import { formatDuration } from "./values/duration.ts";
import { formatKeep } from "./values/keep.ts";

/** What a command that works on a job may have been told. */
export type JobSettings =
  & Pick<ReplicateSettings, "source" | "target">
  & Partial<ReplicateSettings>;

/** The job of a command: what is at its default, or unknown to that command, is not named. */
export function jobCommandOf(settings: JobSettings, common: CommonSettings): JobCommand {
  const { source, target } = settings;
  return {
    source: source.text,
    target: target.text,
    sourceHost: source.host,
    targetHost: target.host,
    sourceTop: source.dataset,
    targetTop: target.dataset,
    options: [...replicationOptions(settings), ...commonOptions(common)],
  };
}

function replicationOptions(settings: Partial<ReplicateSettings>): JobOption[] {
  const { keep, objectiveMs, bwlimit, retries } = settings;
  return [
    ...(settings.snapshot === false ? [["--no-snapshot"] as const] : []),
    ...valued("--prefix", settings.prefix, defaults.prefix.value),
    ...valued("--keep", keep && formatKeep(keep), formatKeep(defaults.keep.value)),
    ...repeated("--exclude", settings.exclude),
    ...(settings.adopt ? [["--adopt"] as const] : []),
    ...valued("--raw", settings.raw, defaults.raw.value),
    ...valued("--mbuffer", settings.mbuffer),
    ...valued("--bwlimit", bwlimit === undefined ? undefined : String(bwlimit)),
    ...valued("--on-divergence", settings.onDivergence, defaults.onDivergence.value),
    ...valued("--on-foreign", settings.onForeign, defaults.onForeign.value),
    ...valued("--foreign-snapshots", settings.foreignSnapshots, defaults.foreignSnapshots.value),
    ...repeated("--property", settings.properties),
    ...repeated("--no-property", settings.noProperties),
    ...valued("--retries", retries === undefined ? undefined : String(retries), String(defaults.retries.value)),
    ...valued("--ping", settings.ping),
    ...(objectiveMs === undefined || objectiveMs === defaults.objective.value
      ? []
      : [["--objective", formatDuration(objectiveMs)] as const]),
  ];
}

function commonOptions({ db, mail }: CommonSettings): JobOption[] {
  const isUsual = mail.to.join() === defaults.mailTo.value.join();
  return [
    ...valued("--db", db),
    ...(isUsual ? [] : repeated("--mail-to", mail.to)),
    ...valued("--mail-from", mail.from),
    // The advice is logged and mailed: a password must not be.
    ...(mail.smtpUrl?.includes("@") ? [] : valued("--smtp", mail.smtpUrl)),
  ];
}

function valued(name: string, value: string | undefined, usual?: string): JobOption[] {
  return value === undefined || value === usual ? [] : [[name, value]];
}

function repeated(name: string, values: readonly string[] = []): JobOption[] {
  return values.map((value) => [name, value]);
}
