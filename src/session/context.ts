/**
 * What a command gets from the world besides its settings. No command touches the global process: a test passes its
 * own context.
 *
 * @module
 */

import type { CommonSettings } from "../config/settings.ts";
import type { Clock } from "../core/ports.ts";

/** Standard output or standard error. */
export interface Output {
  /**
   * Writes text as it is; a line end is the caller's. A reader that went away (`bzman log | head -1`) is no error: the
   * text is dropped.
   */
  write(text: string): void;
  /** Whether anything was written. */
  readonly used: boolean;
  /** Whether the reader went away; a long listing can stop then. */
  readonly closed: boolean;
  readonly isTerminal: boolean;
  /** The width of the terminal; `undefined` where there is none, and nothing has to fit. */
  readonly columns: number | undefined;
  /** Whether colours are welcome: a terminal, and neither `NO_COLOR` nor `TERM=dumb`. */
  readonly colors: boolean;
}

/**
 * Commands that check (`status`, `health`, `capacity`, `verify`) end with 0 to 3 as monitoring plugins do, and a failure
 * of their own is 3, UNKNOWN. All others act.
 */
export type ExitConvention = "acts" | "checks";

/** The world as a command sees it. */
export interface Context {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Looks an environment variable up. */
  readonly env: (name: string) => string | undefined;
  /** Aborted by SIGINT, SIGTERM or SIGHUP; its reason is an `Interruption`. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** The name of this machine. */
  readonly hostname: string;
  /** The process that runs this command. */
  readonly pid: number;
  /** For tests: folders of programs that go before those of the system, colon-separated. */
  readonly programPath?: string;
  /** For tests: where locks of all users lie. */
  readonly lockFolders?: readonly string[];
}

/**
 * A command: does its work, prints, and answers with the exit status. It throws a `Fault` for what it expects to fail;
 * anything else that it throws is a defect.
 */
export type Handler<Settings> = (settings: Settings, common: CommonSettings, context: Context) => Promise<number>;
