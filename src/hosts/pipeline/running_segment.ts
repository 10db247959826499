/**
 * A segment of a pipeline whose process runs.
 *
 * @module
 */

import type { Stage } from "../../core/ports.ts";
import { isSendProgress } from "./send_output.ts";
import { RemoteReport } from "./remote_report.ts";
import { StageProcess } from "./stage_process.ts";
import type { Segment } from "./stages.ts";
import { Tail } from "../process/lines.ts";
import { type StopTimeouts, terminate } from "../process/terminate.ts";

/** What a segment's process is started from. */
export interface SegmentCommand {
  readonly segment: Segment;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What a running segment tells. */
export interface SegmentListener {
  /** A line of a send stage's standard error. */
  onSendLine(line: string): void;
  /** It ended, or a stage behind ssh reported. */
  onChange(): void;
}

/** A segment whose process runs, or ran. */
export class RunningSegment {
  readonly segment: Segment;
  readonly process: StageProcess;
  /** The last words of each stage in it. */
  readonly tails: readonly Tail[];
  /** What the stages behind ssh reported. */
  readonly report: RemoteReport | undefined;
  readonly #listener: SegmentListener;
  #endedByUs = false;
  #abandoned = false;
  #ending: Promise<void> = Promise.resolve();
  #endedAt: number | undefined;
  #failedAt: number | undefined;

  /** Starts it. Must be called for all segments without an `await` between. */
  constructor(
    command: SegmentCommand,
    nonce: string,
    previous: RunningSegment | undefined,
    last: boolean,
    listener: SegmentListener,
  ) {
    const { segment } = command;
    this.segment = segment;
    this.#listener = listener;
    const stages = segment.kind === "ssh" ? segment.stages : [segment.stage];
    this.tails = stages.map(() => new Tail());
    const onLine = (line: string, index: number) => this.#take(line, stages[index]!, this.tails[index]!);
    const report = segment.kind === "ssh" ? new RemoteReport(stages, nonce, onLine) : undefined;
    this.report = report;
    this.process = new StageProcess({
      argv: command.argv,
      env: command.env,
      feedsNext: !last,
      onLine: (line) => {
        if (report === undefined) return onLine(line, 0);
        report.take(line);
        if (report.failed) this.#failed();
      },
    }, previous?.process.output);
    this.process.ended.then((status) => {
      this.#endedAt = performance.now();
      if (status !== 0) this.#failed();
      listener.onChange();
    });
  }

  /** Its exit status; that of a killed process when it was abandoned. */
  get status(): number {
    return this.process.status ?? 137;
  }

  /** Whether nothing more is to be expected of it. */
  get over(): boolean {
    return this.#endedAt !== undefined || this.#abandoned;
  }

  /** When it ended, on the clock of `performance.now()`. */
  get endedAt(): number | undefined {
    return this.#endedAt;
  }

  /** When it first failed, or a stage behind it did. */
  get failedAt(): number | undefined {
    return this.#failedAt;
  }

  /** Whether bzman ended it, so that its status says nothing. */
  get endedByUs(): boolean {
    return this.#endedByUs;
  }

  /** Ends it by force. */
  end(timeouts: StopTimeouts): void {
    if (this.#endedByUs || this.over) return;
    this.#endedByUs = true;
    this.#ending = terminate(this.process, timeouts).then((how) => {
      if (how === "ended") return;
      this.#abandoned = true;
      this.process.abandon();
      this.#listener.onChange();
    });
  }

  /** Settles when nothing that {@linkcode end} began is still under way. */
  get ending(): Promise<void> {
    return this.#ending;
  }

  #failed(): void {
    if (this.#failedAt !== undefined) return;
    this.#failedAt = performance.now();
    this.#listener.onChange();
  }

  #take(line: string, stage: Stage, tail: Tail): void {
    const send = stage.role === "send";
    if (send) this.#listener.onSendLine(line);
    if (!send || !isSendProgress(line)) tail.push(line);
  }
}
