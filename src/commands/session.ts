/**
 * What every command that works on hosts opens first and closes last: the log with syslog, the record, the hosts.
 *
 * @module
 */

import type { CommonSettings } from "../config/settings.ts";
import { exitStatus, Fault } from "../core/fault.ts";
import { databasePath, stateFolder, type StateInputs } from "../history/place.ts";
import type { History } from "../history/history.ts";
import { isBadPlace, isUnreadable, openHistory } from "../history/open.ts";
import { fileOwner } from "../history/record_file.ts";
import { trouble } from "../history/trouble.ts";
import { resolveProgram, systemPath } from "../hosts/environment.ts";
import { Hosts } from "../hosts/hosts.ts";
import { commonLockFolders, type LockPlaces } from "../hosts/lock.ts";
import { spareFolder } from "../hosts/spare_folder.ts";
import { log, startLogging, stopLogging } from "../notify/log.ts";
import { Syslog } from "../notify/syslog.ts";
import { terminalText } from "../render/terminal_text.ts";
import type { Context } from "./context.ts";
import { mailRecord } from "./record_mails.ts";

/** Everything a command works with. Dispose of it at the end. */
export interface Session extends AsyncDisposable {
  readonly history: History;
  readonly hosts: Hosts;
  /** The absolute path of a program of this machine, or `undefined`. */
  program(name: string): string | undefined;
  readonly isRoot: boolean;
  /** Where locks lie: not beside a record that `--db` names, since two runs must meet, whatever record they keep. */
  readonly lockPlaces: LockPlaces;
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
  refuseForeign(common, context);
  const file = options.record === "none" ? "/dev/null/none" : recordPath(common, context);
  const path = context.programPath === undefined ? systemPath : `${context.programPath}:${systemPath}`;
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
  const history = openHistory(file, {
    clock: context.clock,
    mode: options.record === "write" ? "write" : "read",
    isOwnPlace: isOwnPlace(file, context),
  });
  if (common.db !== undefined && isHopeless(history, options)) {
    const trouble = history.troubles[0];
    history.close();
    await stopLogging();
    await syslog?.close();
    throw new Fault({
      errorClass: "record-place",
      what: `cannot ${options.record === "write" ? "keep" : "read"} the record at ${common.db}`,
      ...(trouble ? { why: trouble.message, next: trouble.advice } : {}),
      exit: exitStatus.usage,
    });
  }
  const hosts = new Hosts({
    ...(common.debug && { trace: (text: string) => log.debug`${text}` }),
    ...(context.programPath !== undefined && { env: { PATH: path } }),
  });
  const state = stateFolder(stateInputs(context));
  const opened = {
    history,
    hosts,
    program,
    isRoot: Deno.uid() === 0,
    lockPlaces: {
      common: context.lockFolders ?? commonLockFolders,
      usual: state === undefined ? undefined : `${state}/locks`,
      spare: spareFolder(Deno.uid()),
    },
  };
  const toldTroubles = history.troubles.length;
  return {
    ...opened,
    async [Symbol.asyncDispose](): Promise<void> {
      await hosts.close();
      try {
        if (options.record === "write") {
          warnOfTroubles(history, toldTroubles);
          await mailRecord(common, opened, context);
        }
      } finally {
        history.close();
        await stopLogging();
        await syslog?.close();
      }
    },
  };
}

/**
 * The file of the record.
 *
 * @throws {Fault} When there is no place for it.
 */
export function recordPath(common: Pick<CommonSettings, "db">, context: Context): string {
  const path = databasePath({
    given: common.db,
    givenIsFolder: common.db !== undefined && isFolder(common.db),
    ...stateInputs(context),
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

/**
 * Keeps every command, dry runs and checks too, from a file that `--db` names and that is not bzman's.
 *
 * @throws {Fault} When it is somebody else's.
 */
function refuseForeign(common: CommonSettings, context: Context): void {
  if (common.db === undefined) return;
  const file = recordPath(common, context);
  if (isOwnPlace(file, context) || fileOwner(file) !== "foreign") return;
  const { message, advice } = trouble("foreign", file, "it is not a record of bzman's; left untouched");
  throw new Fault({ errorClass: "record-place", what: message, next: advice, exit: exitStatus.usage });
}

/** Whether a file has the name and place of the record that bzman keeps where none is named. */
export function isOwnPlace(file: string, context: Context): boolean {
  return file === databasePath({ given: undefined, givenIsFolder: false, ...stateInputs(context) });
}

/** Whether a command can do nothing with the place that `--db` named: one that writes works without a record too. */
function isHopeless(history: History, { record }: SessionOptions): boolean {
  switch (record) {
    case "write":
      return isBadPlace(history);
    case "read":
      return isUnreadable(history);
    case "none":
      return false;
  }
}

function stateInputs({ env }: Context): StateInputs {
  return { isRoot: Deno.uid() === 0, stateHome: env("XDG_STATE_HOME"), home: env("HOME") };
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

/**
 * Makes sure that what was read is what the record holds, for commands that say what it says: where it cannot be read,
 * or not all of it, it answers as one that holds nothing. Ask when all is read. A record that is not there yet is well.
 *
 * @throws {Fault} When it could not be read.
 */
export function requireReadable(history: History): void {
  const trouble = history.troubles.find(({ kind }) =>
    history.usable ? kind === "damaged" || kind === "failing" : kind !== "absent"
  );
  if (trouble === undefined) return;
  const { message, advice } = trouble;
  throw new Fault({ errorClass: "record-unreadable", what: message, next: advice, exit: exitStatus.failed });
}

/** Tells what is wrong with the record, once each; without the first `told` ones. */
export function warnOfTroubles(history: History, told = 0): void {
  for (const { message, advice } of history.troubles.slice(told)) log.warning`${message}. Next: ${advice}`;
}
