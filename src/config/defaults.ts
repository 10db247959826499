/**
 * Every default, once: what a setting is when nobody says anything, and how help shows it.
 *
 * @module
 */

import type { Keep, LogSettings, ReplicateSettings } from "./settings.ts";

/** A default: the value, and its words in help. */
export interface Default<T> {
  readonly value: T;
  readonly shown: string;
}

/** The table of defaults. */
export const defaults = {
  db: {
    value: undefined,
    shown: "/var/lib/bzman/bzman.db for root, else bzman/bzman.db in the XDG state folder",
  } satisfies Default<undefined>,
  mailTo: { value: ["root"], shown: "root" } as Default<readonly string[]>,
  mailFrom: { value: undefined, shown: "bzman@HOST" } satisfies Default<undefined>,
  smtp: { value: undefined, shown: "sendmail where there is one, else smtp://localhost:25" } satisfies Default<
    undefined
  >,
  prefix: { value: "incremental", shown: "incremental" } satisfies Default<string>,
  keep: { value: { kind: "age", ms: 7 * 86_400_000 }, shown: "7d" } as Default<Keep>,
  exclude: { value: [], shown: "none" } as Default<readonly string[]>,
  raw: { value: "auto", shown: "auto" } as Default<ReplicateSettings["raw"]>,
  mbuffer: { value: undefined, shown: "no mbuffer" } satisfies Default<undefined>,
  bwlimit: { value: undefined, shown: "no limit" } satisfies Default<undefined>,
  onDivergence: { value: "refuse", shown: "refuse" } as Default<ReplicateSettings["onDivergence"]>,
  onForeign: { value: "refuse", shown: "refuse" } as Default<ReplicateSettings["onForeign"]>,
  foreignSnapshots: { value: "keep", shown: "keep" } as Default<ReplicateSettings["foreignSnapshots"]>,
  properties: { value: [], shown: "none" } as Default<readonly string[]>,
  noProperties: { value: [], shown: "none" } as Default<readonly string[]>,
  retries: { value: 3, shown: "3" } satisfies Default<number>,
  stall: {
    value: undefined,
    shown: "5m, more for many snapshots, and twice what this target was seen to need before",
  } satisfies Default<undefined>,
  logLimit: { value: 50, shown: "50" } satisfies Default<number>,
  content: { value: undefined, shown: "none: GUIDs alone" } satisfies Default<undefined>,
  ping: { value: undefined, shown: "no ping" } satisfies Default<undefined>,
  objective: { value: 10 * 60_000, shown: "10m" } satisfies Default<number>,
  warnFree: { value: 25, shown: "25" } satisfies Default<number>,
  criticalFree: { value: 10, shown: "10" } satisfies Default<number>,
  scrubAge: { value: 35 * 86_400_000, shown: "35d" } satisfies Default<number>,
  metricsOutput: { value: undefined, shown: "standard output" } satisfies Default<undefined>,
  logFormat: { value: "table", shown: "table" } as Default<LogSettings["format"]>,
  logSince: { value: undefined, shown: "the beginning" } satisfies Default<undefined>,
  reportTo: {
    value: undefined,
    shown: "with --output or --json nobody, else who gets alert mails",
  } satisfies Default<undefined>,
  reportOutput: { value: undefined, shown: "no file" } satisfies Default<undefined>,
  reportSince: { value: 86_400_000, shown: "24h" } satisfies Default<number>,
} as const;
