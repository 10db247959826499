/**
 * The interfaces through which the core's drivers reach the world. Implementations live in `hosts/`, `history/`,
 * `notify/` and `render/`; tests pass their own.
 *
 * @module
 */

/** Limits of one command. */
export interface RunLimits {
  /**
   * The longest the command may take, in milliseconds; then it is stopped (TERM, after a grace KILL) and, when it is
   * stuck in the kernel, abandoned.
   *
   * @default {120000}
   */
  readonly timeoutMs?: number;
  /** Stops the command when aborted. */
  readonly signal?: AbortSignal;
  /** Text for its standard input; without it standard input is empty. */
  readonly stdin?: string;
  /**
   * Whether its standard input stays open until the command has ended: one that reads it to the end learns that bzman, or the
   * connection, is gone.
   */
  readonly stdinWatchdog?: boolean;
}

/** How a command ended. Never holds more than a bounded part of its output. */
export interface Outcome {
  /** The exit status; 128 + N when a signal N ended it; 255 for a lost ssh connection; 127 when it is not there. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly elapsedMs: number;
  /** Why it was stopped, when bzman itself stopped it; `overflow`: it wrote more than it may. */
  readonly stopped?: "timeout" | "aborted" | "overflow";
  /** It was stopped but is still there, stuck in the kernel, and was left alone. */
  readonly abandoned?: true;
  /** The connection failed, not the command: whether the command ran is then unknown, and `status` is that of ssh. */
  readonly connection?: ConnectionFault;
}

/** Why a host could not be reached, or was lost. */
export interface ConnectionFault {
  /** `ssh-host-unresolvable`, `ssh-unreachable`, `ssh-timeout`, `ssh-host-key`, `ssh-auth`, `ssh-lost` and others. */
  readonly errorClass: string;
  /** Whether trying again later, unchanged, may succeed. */
  readonly temporary: boolean;
  /** In the program's own words. */
  readonly why: string;
  /** What to type next. */
  readonly next: string;
}

/** A machine on which commands run: this one, or one behind ssh. Both are the same type. */
export interface Host {
  /** For messages: `localhost`'s own name, or `user@host` as typed. */
  readonly label: string;
  readonly isLocal: boolean;
  /**
   * Runs one program with its arguments (no shell syntax is ever interpreted), or several one after another in one
   * call when given a batch.
   * A status other than 0 is an outcome, not an exception.
   */
  run(argv: readonly string[], limits?: RunLimits): Promise<Outcome>;
  /**
   * Runs many short commands in one call (one ssh round trip), one after another; each has its own outcome.
   * A command that fails does not stop those after it.
   */
  runAll(commands: readonly (readonly string[])[], limits?: RunLimits): Promise<readonly Outcome[]>;
  /** Ends its connection, when it has one. Idempotent. */
  close(): Promise<void>;
}

/** One program of a pipeline. */
export interface Stage {
  readonly role: "send" | "buffer" | "receive";
  readonly host: Host;
  readonly argv: readonly string[];
  /** Marks the process on its host, so that a later run can find and end its own stale one. */
  readonly mark?: string;
}

/** How one stage ended. */
export interface StageOutcome {
  /** For messages: `zfs send`, `mbuffer on target`, `ssh target`, `zfs receive on target`. */
  readonly name: string;
  readonly status: number;
  /** The last lines it wrote to standard error, at most 8 KiB, without progress lines. */
  readonly stderrTail: string;
  /** Set for the ssh stage when the connection failed. */
  readonly connection?: ConnectionFault;
}

/** How a pipeline ended. */
export interface PipelineOutcome {
  readonly ok: boolean;
  readonly stages: readonly StageOutcome[];
  /** The leftmost stage that failed by itself (not by SIGPIPE): the cause. `undefined` when `ok`. */
  readonly guilty?: StageOutcome;
  readonly elapsedMs: number;
  /**
   * The longest time in which no byte moved although the stream then went on, or ended well, in milliseconds; without it
   * nobody looked.
   */
  readonly silentMs?: number;
  /** Why bzman stopped it: a stalled stream, the limit, or an abort. */
  readonly stopped?: "stalled" | "timeout" | "aborted";
}

/** Limits and listeners of a pipeline. */
export interface PipelineOptions {
  readonly signal?: AbortSignal;
  /** Ends the pipeline when no byte moved for so long, in milliseconds. */
  readonly stallMs: number;
  /** Every complete line that the send stage writes to standard error (`zfs send -v -P`: the progress). */
  readonly onSendLine?: (line: string) => void;
}

/** Runs stages, each reading what the one before it writes, through kernel pipes. */
export type RunPipeline = (stages: readonly Stage[], options: PipelineOptions) => Promise<PipelineOutcome>;

/** The clock: milliseconds since 1970, UTC. */
export type Clock = () => number;
