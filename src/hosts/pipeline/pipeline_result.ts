/**
 * How a pipeline ended, put together from how its processes ended.
 *
 * @module
 */

import type { Outcome, PipelineOutcome, StageOutcome } from "../../core/ports.ts";
import { type EndedStage, rootCause, sigpipe } from "./root_cause.ts";
import type { RunningSegment } from "./running_segment.ts";
import { sshFault } from "../ssh/ssh_faults.ts";
import { stageName } from "./stages.ts";
import { tailLength } from "../process/lines.ts";

/** The outcome of a pipeline that never started, since the host could not be reached. */
export function unreachedResult(label: string, outcome: Outcome, elapsedMs: number): PipelineOutcome {
  const { connection } = outcome;
  const ssh: StageOutcome = {
    name: `ssh ${label}`,
    status: outcome.status,
    stderrTail: outcome.stderr.slice(-tailLength),
    ...(connection !== undefined && { connection }),
  };
  const stopped = outcome.stopped === "overflow" ? undefined : outcome.stopped;
  return { ok: false, stages: [ssh], elapsedMs, ...(stopped === undefined ? { guilty: ssh } : { stopped }) };
}

/** The outcome of a pipeline that never started, since a program is not there. */
export function missingProgramResult(name: string, program: string, elapsedMs: number): PipelineOutcome {
  const stage: StageOutcome = { name, status: 127, stderrTail: `${program}: not found\n` };
  return { ok: false, stages: [stage], guilty: stage, elapsedMs };
}

/** The outcome of one that ran. */
export async function result(
  segments: readonly RunningSegment[],
  stopped: PipelineOutcome["stopped"],
  elapsedMs: number,
): Promise<PipelineOutcome> {
  const ended = (await Promise.all(segments.map((segment, index) => endedStages(segment, index === 0)))).flat();
  const stages = ended.map((stage) => stage.outcome);
  // Once bzman stops a pipeline, all its stages fail in some way: none of them is the cause.
  if (stopped !== undefined) return { ok: false, stages, elapsedMs, stopped };
  const guilty = rootCause(ended);
  return { ok: guilty === undefined, stages, elapsedMs, ...(guilty !== undefined && { guilty }) };
}

async function endedStages(running: RunningSegment, first: boolean): Promise<readonly EndedStage[]> {
  const { segment, report } = running;
  const byUs = running.endedByUs ? "ended-by-us" : "own";
  if (segment.kind === "local" || report === undefined) {
    const name = segment.kind === "local" ? stageName(segment.stage) : `ssh ${segment.host.label}`;
    const outcome = { name, status: running.status, stderrTail: String(running.tails[0] ?? "") };
    return [{ outcome, knowledge: byUs }];
  }
  const remote = segment.stages.map((stage, index): EndedStage => {
    const status = report.status(index);
    const outcome = { name: stageName(stage), status: status ?? 255, stderrTail: String(running.tails[index]) };
    return { outcome, knowledge: status !== undefined ? "own" : running.endedByUs ? "ended-by-us" : "unknown" };
  });
  const ssh = await endedSsh(running, segment.host.label);
  // In the order in which the data flow: ssh feeds the remote stages of a push, and is fed by those of a pull.
  return first ? [...remote, ssh] : [ssh, ...remote];
}

async function endedSsh(running: RunningSegment, label: string): Promise<EndedStage> {
  const { segment, report, status } = running;
  const name = `ssh ${label}`;
  if (segment.kind === "local" || report === undefined || report.complete) {
    return { outcome: { name, status, stderrTail: "" }, knowledge: "excused" };
  }
  const words = String(report.words);
  // A session that ends well without the reports of its stages has been cut all the same.
  const outcome = { name, status: status === 0 ? 255 : status, stderrTail: words };
  if (running.endedByUs) return { outcome, knowledge: "ended-by-us" };
  const connection = await segment.host.explain(status, words, "", report.begun);
  if (connection !== undefined) return { outcome: { ...outcome, connection }, knowledge: "own" };
  // With the connection alive the session may be a victim, since the receiver of a pull that refuses the stream closes
  // it. Somebody who kills it does not close it.
  const lost = sshFault(words, outcome.status, label);
  const killed = outcome.status > 128 && outcome.status < 255 && outcome.status !== sigpipe;
  return { outcome: { ...outcome, ...(lost && { connection: lost }) }, knowledge: killed ? "own" : "unknown" };
}
