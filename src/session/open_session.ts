/**
 * Opens the session of a command: log, record, hosts.
 *
 * @module
 */

import { alertOnRecord } from "../alerting/record_alerts.ts";
import type { CommonSettings } from "../config/settings.ts";
import { exitStatus, Fault } from "../core/fault.ts";
import type { History } from "../history/history.ts";
import { isBadPath, isUnreadable, openHistory } from "../history/open.ts";
import { stateFolder } from "../history/paths.ts";
import { fallbackFolder } from "../hosts/fallback_folder.ts";
import { Hosts } from "../hosts/hosts.ts";
import { commonLockFolders } from "../hosts/lock.ts";
import { resolveProgram, systemPath } from "../hosts/process/environment.ts";
import { log, startLogging, stopLogging } from "../notify/log.ts";
import { Syslog } from "../notify/syslog.ts";
import { terminalText } from "../render/text/terminal_text.ts";
import type { Context } from "./context.ts";
import { isOwnPlace, recordPath, refuseForeign, stateInputs } from "./record_path.ts";
import { type Session, type SessionOptions, warnOfDatabaseErrors } from "./session.ts";

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
  if (common.db !== undefined && isUnusable(history, options)) {
    const error = history.errors[0];
    history.close();
    await stopLogging();
    await syslog?.close();
    throw new Fault({
      errorClass: "record-place",
      what: `cannot ${options.record === "write" ? "keep" : "read"} the record at ${common.db}`,
      ...(error ? { why: error.message, next: error.advice } : {}),
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
    lockFolders: {
      common: context.lockFolders ?? commonLockFolders,
      preferred: state === undefined ? undefined : `${state}/locks`,
      fallback: fallbackFolder(Deno.uid()),
    },
  };
  const knownErrors = history.errors.length;
  return {
    ...opened,
    async [Symbol.asyncDispose](): Promise<void> {
      await hosts.close();
      try {
        if (options.record === "write") {
          warnOfDatabaseErrors(history, knownErrors);
          await alertOnRecord(common, opened, context);
        }
      } finally {
        history.close();
        await stopLogging();
        await syslog?.close();
      }
    },
  };
}

/** Whether a command can do nothing with the place that `--db` named: one that writes works without a record too. */
function isUnusable(history: History, { record }: SessionOptions): boolean {
  switch (record) {
    case "write":
      return isBadPath(history);
    case "read":
      return isUnreadable(history);
    case "none":
      return false;
  }
}
