/**
 * What every command that works on hosts opens first and closes last: the log with syslog, the record, the hosts.
 *
 * @module
 */

import type { CommonSettings } from "../config/settings.ts";
import { exitStatus, Fault } from "../core/fault.ts";
import { databasePath, folderOf } from "../history/place.ts";
import type { History } from "../history/history.ts";
import { isBadPlace, openHistory } from "../history/open.ts";
import { childEnvironment, resolveProgram } from "../hosts/environment.ts";
import { Hosts } from "../hosts/hosts.ts";
import { log, startLogging, stopLogging } from "../notify/log.ts";
import { Syslog } from "../notify/syslog.ts";
import { terminalText } from "../render/terminal_text.ts";
import type { Context } from "./context.ts";

/** Everything a command works with. Dispose of it at the end. */
export interface Session extends AsyncDisposable {
  readonly history: History;
  readonly hosts: Hosts;
  /** The absolute path of a program of this machine, or `undefined`. */
  program(name: string): string | undefined;
  /** A private folder for locks. */
  readonly lockFolder: string;
}

/** How a command uses the session. */
export interface SessionOptions {
  /** `none`: leaves no trace in the record. */
  readonly record: "write" | "read" | "none";
  /** Whether the log also goes to syslog. */
  readonly syslog: boolean;
  /** Called before anything is printed, so that a live line can make room. */
  readonly beforeOutput?: () => void;
}

/**
 * Opens it.
 *
 * @throws {Fault} With exit status 2 when `--db` names a place that cannot be used.
 */
export async function openSession(common: CommonSettings, context: Context, options: SessionOptions): Promise<Session> {
  const path = childEnvironment()["PATH"] ?? "";
  const program = (name: string): string | undefined => resolveProgram(name, path);
  const syslog = options.syslog ? new Syslog({ logger: program("logger"), pid: context.pid }) : undefined;
  const write = (output: Context["stdout"]) => (text: string) => {
    options.beforeOutput?.();
    output.write(text);
  };
  await startLogging({
    json: common.json,
    quiet: common.quiet,
    debug: common.debug,
    timestamps: !context.stdout.isTerminal,
    escape: terminalText,
    writeOut: write(context.stdout),
    writeError: write(context.stderr),
    syslog,
  });
  const file = recordPath(common, context);
  const history = openHistory(options.record === "none" ? "/dev/null/none" : file, {
    clock: context.clock,
    mode: options.record === "write" ? "write" : "read",
  });
  if (common.db !== undefined && options.record !== "none" && isBadPlace(history)) {
    const trouble = history.troubles[0];
    history.close();
    await stopLogging();
    await syslog?.close();
    throw new Fault({
      errorClass: "record-place",
      what: `cannot keep the record at ${common.db}`,
      ...(trouble ? { why: trouble.message, next: trouble.advice } : {}),
      exit: exitStatus.usage,
    });
  }
  const hosts = new Hosts(common.debug ? { trace: (text) => log.debug`${text}` } : {});
  return {
    history,
    hosts,
    program,
    // Not beside a record that --db names: two runs must meet, whatever record they keep.
    lockFolder: `${folderOf(recordPath({ db: undefined }, context))}/locks`,
    async [Symbol.asyncDispose](): Promise<void> {
      await hosts.close();
      history.close();
      await stopLogging();
      await syslog?.close();
    },
  };
}

/**
 * The file of the record.
 *
 * @throws {Fault} When there is no place for it.
 */
export function recordPath(common: Pick<CommonSettings, "db">, context: Context): string {
  const isRoot = Deno.uid() === 0;
  const path = databasePath({
    given: common.db,
    givenIsFolder: common.db !== undefined && isFolder(common.db),
    isRoot,
    stateHome: context.env("XDG_STATE_HOME"),
    home: context.env("HOME"),
  });
  if (path !== undefined) return path;
  throw new Fault({
    errorClass: "record-place",
    what: "there is no place for the record",
    why: "HOME is not set",
    next: "name one with --db PATH",
    exit: exitStatus.usage,
  });
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

/** Tells what is wrong with the record, once each. */
export function warnOfTroubles(history: History): void {
  for (const { message, advice } of history.troubles) log.warning`${message}. Next: ${advice}`;
}
