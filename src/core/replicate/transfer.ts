/**
 * Carries out one step that moves data: its stages, joined by kernel pipes, judged one by one.
 *
 * @module
 */

import { type PropertyChoice, receiveArgv, type ReceiveFlags } from "../../zfs/arguments/receive.ts";
import { sendFull, sendIncremental, sendPackage, sendResume } from "../../zfs/arguments/send.ts";
import { classifyError } from "../../zfs/parsers/error_classes.ts";
import { ProgressMeter } from "../../zfs/parsers/send_progress.ts";
import { exitStatus, type FaultParts } from "../fault.ts";
import { firstLines } from "../inspect/query.ts";
import type { StreamStep } from "../plan/step.ts";
import type { Clock, Host, PipelineOutcome, RunPipeline, Stage } from "../ports.ts";
import type { Listener } from "../run/events.ts";
import type { TransferResult } from "../run/transfer_result.ts";

/** What all transfers of a run share. */
export interface TransferContext {
  readonly source: Host;
  readonly target: Host;
  readonly pipeline: RunPipeline;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly listener: Listener;
  /** Memory for mbuffer on both sides, such as `256M`. */
  readonly mbuffer: string | undefined;
  /** Bytes a second, or `undefined` for no limit. */
  readonly bwlimit: number | undefined;
  readonly properties: PropertyChoice;
  /** Marks the receiver on its host. */
  readonly mark: string;
}

/** The arguments of `zfs send` for a step. */
export function sendArgv(step: StreamStep): string[] {
  const flags = { raw: step.raw, properties: step.kind === "package" || !step.decrypted };
  switch (step.kind) {
    case "full":
      return sendFull(step.to, flags);
    case "incremental":
      return sendIncremental(step.from, step.to, step.intermediates, flags);
    case "clone":
      // Of `-I` ZFS would announce as many bytes as the whole clone refers to.
      return sendIncremental(step.origin, step.to, false, flags);
    case "resume":
      return sendResume(step.token);
    case "package":
      return sendPackage(step.dataset, step.from, step.to, step.excluded, { raw: step.raw });
  }
}

/** How the stream of a step is received. */
export function receiveFlags(step: StreamStep): ReceiveFlags {
  if (step.kind === "package") return { type: "tree", raw: step.raw, force: false, properties: "carried" };
  const { type, raw } = step;
  const properties = step.decrypted ? "none" : "carried";
  switch (step.kind) {
    case "full":
      return { type, raw, force: step.force, properties };
    case "incremental":
    case "clone":
      return { type, raw, force: false, properties };
    case "resume":
      return { type, raw, force: step.force, properties: "rest" };
  }
}

/** The stages of a step, in order. */
export function stagesOf(step: StreamStep, context: TransferContext): Stage[] {
  const { source, target, mbuffer, bwlimit, mark } = context;
  const memory = mbuffer ?? "16M";
  const buffer = (host: Host, limit: boolean): Stage => ({
    role: "buffer",
    host,
    argv: ["mbuffer", "-q", "-m", memory, ...(limit && bwlimit !== undefined ? ["-r", String(bwlimit)] : [])],
  });
  return [
    { role: "send", host: source, argv: sendArgv(step) },
    ...(mbuffer !== undefined || bwlimit !== undefined ? [buffer(source, true)] : []),
    ...(mbuffer !== undefined && source !== target ? [buffer(target, false)] : []),
    { role: "receive", host: target, argv: receiveArgv(step.target, receiveFlags(step), context.properties), mark },
  ];
}

/**
 * Runs a step and tells its progress.
 *
 * @param stallMs A stream that moves no byte for so long is ended, in milliseconds.
 */
export async function transfer(step: StreamStep, context: TransferContext, stallMs: number): Promise<TransferResult> {
  const meter = new ProgressMeter();
  const begin = context.clock();
  const outcome = await context.pipeline(stagesOf(step, context), {
    signal: context.signal,
    stallMs,
    onSendLine: (line) => {
      if (!meter.take(line)) return;
      context.listener({ kind: "progress", step, progress: meter.state, elapsedMs: context.clock() - begin });
    },
  });
  const shares = meter.shares(outcome.ok);
  return {
    ok: outcome.ok,
    bytes: outcome.ok ? meter.finalBytes : meter.state.doneBytes,
    shares,
    snapshots: step.kind === "resume" && outcome.ok
      ? 1
      : shares.values().reduce((sum, { snapshots }) => sum + snapshots, 0),
    elapsedMs: outcome.elapsedMs,
    silentMs: outcome.silentMs ?? 0,
    ...(outcome.ok ? {} : { fault: pipelineFault(step, outcome, stallMs) }),
    linkLost: outcome.stopped === undefined && outcome.guilty?.connection !== undefined,
  };
}

/** A shell tells of signal N as status 128 + N. */
const lastSignal = 64;

/**
 * The explanation of a pipeline that failed.
 *
 * @param stallMs Its limit of silence, in milliseconds.
 */
export function pipelineFault(step: StreamStep, outcome: PipelineOutcome, stallMs: number): FaultParts {
  const what = `cannot send ${step.dataset} to ${step.target}`;
  const exit = exitStatus.failed;
  // When bzman ended the stages itself, their last words are only the echo of that.
  switch (outcome.stopped) {
    case "stalled":
      return {
        errorClass: "stalled",
        what,
        why: `no byte moved for ${
          Math.round(stallMs / 1000)
        } s: the link or the other side hangs, or a pool is busy with itself`,
        next: "the transfer resumes where it stopped: run the same command again\n" +
          `where the pools need longer pauses: run the same command again with --stall ${
            Math.ceil(2 * stallMs / 60_000)
          }m`,
        temporary: true,
        exit,
      };
    case "timeout":
      return { errorClass: "command-timeout", what, why: "it took longer than allowed", temporary: true, exit };
    case "aborted":
      return { errorClass: "interrupted", what, why: "bzman was told to stop", temporary: false, exit };
    case undefined:
  }
  const guilty = outcome.guilty;
  if (guilty === undefined) {
    return { errorClass: "pipeline-failed", what, why: "no stage told why", temporary: true, exit };
  }
  if (guilty.connection) {
    const { errorClass, why, next, temporary } = guilty.connection;
    return { errorClass, what, stage: guilty.name, why, next, temporary, stderrTail: guilty.stderrTail, exit };
  }
  const known = classifyError(guilty.stderrTail);
  const signal = guilty.status > 128 && guilty.status <= 128 + lastSignal ? guilty.status - 128 : undefined;
  return {
    errorClass: known?.name ?? (signal === undefined ? "stage-failed" : "stage-killed"),
    what,
    stage: guilty.name,
    why: signal === undefined
      ? firstLines(guilty.stderrTail) || `ended with status ${guilty.status} and said nothing`
      : `killed by signal ${signal}`,
    next: known?.next.replace("DATASET", step.target) ??
      (signal === undefined
        ? "it tells more so: run the same command again with --debug"
        : "see whether the kernel killed it because memory ran out: journalctl -k\nrun the same command again"),
    stderrTail: guilty.stderrTail,
    // Words that nobody has met before may pass; the retries are few.
    temporary: known?.temporary ?? true,
    exit,
  };
}
