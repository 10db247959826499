/**
 * Logging: what a person sees, and the same in syslog.
 *
 * Categories: `bzman` for everything; `bzman unmailed` for what could not be mailed and is therefore printed even with
 * `--quiet`, so that cron's own mail is the last resort; `bzman console` and `bzman syslog` for what one of the two alone
 * is told, such as a table and the same as a line.
 *
 * @module
 */

import { configure, dispose, getLogger, type Logger, type LogRecord, type Sink } from "@logtape/logtape";
import type { Syslog } from "./syslog.ts";
import type { SyslogLevel } from "./syslog_line.ts";

/** How and where to log. */
export interface LogOptions {
  /** Standard output holds one JSON document: nothing of the log goes there. */
  readonly json: boolean;
  /** Prints nothing but what could not be mailed. */
  readonly quiet: boolean;
  /** Prints debug messages too. They never go to syslog. */
  readonly debug: boolean;
  /** Lines carry the time, since no one watches them come (cron, a file). */
  readonly timestamps: boolean;
  /** Makes text harmless for a terminal. */
  readonly escape: (text: string) => string;
  readonly writeOut: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly syslog?: Syslog | undefined;
}

/** The logger of everything. */
export const log: Logger = getLogger("bzman");

/** The logger of what could not be mailed. */
export const unmailedLog: Logger = getLogger(["bzman", "unmailed"]);

/** The logger of what is for a person's eyes only. */
export const consoleLog: Logger = getLogger(["bzman", "console"]);

/** The logger of what is for syslog only. */
export const syslogLog: Logger = getLogger(["bzman", "syslog"]);

/** Starts logging; call it once, and {@linkcode stopLogging} at the end. */
export async function startLogging(options: LogOptions): Promise<void> {
  const sinks: Record<string, Sink> = { console: consoleSink(options) };
  const { syslog } = options;
  if (syslog !== undefined) sinks["syslog"] = syslogSink(syslog);
  const lowestLevel = options.debug ? "debug" : "info";
  await configure({
    reset: true,
    sinks,
    loggers: [
      { category: "bzman", sinks: Object.keys(sinks), lowestLevel },
      { category: ["logtape", "meta"], sinks: ["console"], lowestLevel: "warning" },
    ],
  });
}

/** Ends logging. */
export async function stopLogging(): Promise<void> {
  await dispose();
}

/** For a person: what is well to standard output, what is not to standard error. */
function consoleSink(options: LogOptions): Sink {
  return (record) => {
    if (record.category[1] === "syslog" || (options.quiet && !isUnmailed(record))) return;
    const line = consoleLine(record, options);
    (record.level === "info" && !options.json ? options.writeOut : options.writeError)(line);
  };
}

/** Words before what is not well, so that colour is never needed to see it. */
const words: Readonly<Record<LogRecord["level"], string>> = {
  trace: "debug: ",
  debug: "debug: ",
  info: "",
  warning: "warning: ",
  error: "error: ",
  fatal: "error: ",
};

/** One message as it is printed: a line, or several when the message has several. */
export function consoleLine(record: LogRecord, options: Pick<LogOptions, "timestamps" | "escape">): string {
  const prefix = options.timestamps ? `${new Date(record.timestamp).toISOString().replace(/\.\d+Z$/, "Z")} ` : "";
  const lines = messageText(record).split("\n").map(options.escape);
  return lines.map((line, index) => `${prefix}${index === 0 ? words[record.level] : "  "}${line}\n`).join("");
}

const levels: Readonly<Record<LogRecord["level"], SyslogLevel>> = {
  trace: "debug",
  debug: "debug",
  info: "info",
  warning: "warning",
  error: "error",
  fatal: "critical",
};

function syslogSink(syslog: Syslog): Sink {
  return (record) => {
    if (record.category[1] === "console") return;
    // Debugging is for the one who debugs; what could not be mailed was logged when it happened.
    if (record.level === "debug" || record.level === "trace") return;
    const level = record.level === "info" && record.properties["notice"] === true ? "notice" : levels[record.level];
    syslog.write(level, messageText(record));
  };
}

function isUnmailed(record: LogRecord): boolean {
  return record.category[1] === "unmailed";
}

function messageText(record: LogRecord): string {
  return record.message.map((part) => part instanceof Error ? part.message : String(part)).join("");
}
