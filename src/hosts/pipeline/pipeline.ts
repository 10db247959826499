/**
 * Runs a pipeline: local processes joined by kernel pipes, and the remote part behind one ssh.
 *
 * @module
 */

import type { PipelineOptions, PipelineOutcome, Stage } from "../../core/ports.ts";
import { childEnvironment, resolveProgram } from "../process/environment.ts";
import { describeCall } from "../command_trace.ts";
import { missingProgramResult, result, unreachedResult } from "./pipeline_result.ts";
import { progressPosition } from "./send_output.ts";
import { freshNonce } from "../remote/remote_script.ts";
import { RunningSegment, type SegmentCommand } from "./running_segment.ts";
import { afterMarker, markEnvironment, remoteText, type Segment, segmentsOf, settingsOf, stageName } from "./stages.ts";
import { endStaleReceivers } from "../stale_receivers.ts";
import { StallClock } from "./stall_detection.ts";
import { defaultGracePeriods, type GracePeriods, supervise } from "./supervise.ts";

/** Remote stages end as their pipes close. They get so long before they are told, in milliseconds. */
const remoteGraceMs = 1000;

/** And telling them may take so long, in milliseconds: TERM, 5 seconds, KILL. */
const remoteStopMs = 7500;

/** Options for tests. */
export interface PipelineSettings extends PipelineOptions {
  readonly grace?: GracePeriods;
}

/**
 * Runs stages, each reading what the one before it writes. Adjacent stages on one remote host share one session.
 * Settles within 10 seconds of an abort.
 *
 * @throws {RangeError} If stages sit on two remote hosts, or a remote command cannot be quoted or is too long.
 */
export async function runPipeline(stages: readonly Stage[], options: PipelineSettings): Promise<PipelineOutcome> {
  const started = performance.now();
  const elapsedMs = () => performance.now() - started;
  const segments = segmentsOf(stages);
  const nonce = freshNonce();
  const remote = segments.find((segment) => segment.kind === "ssh");
  let session: readonly string[] = [];
  if (remote !== undefined) {
    const text = remoteText(remote, nonce);
    const reach = await remote.host.reach(options.signal === undefined ? {} : { signal: options.signal });
    if (reach.kind === "failed") return unreachedResult(remote.host.label, reach.outcome, elapsedMs());
    session = reach.sessionArgv(text);
  }
  if (options.signal?.aborted) return { ok: false, stages: [], elapsedMs: elapsedMs(), stopped: "aborted" };

  const commands: SegmentCommand[] = [];
  for (const [index, segment] of segments.entries()) {
    const argv = segment.kind === "ssh" ? session : segment.stage.argv;
    const command = resolved(segment, argv);
    if (command === undefined) {
      const name = segment.kind === "ssh" ? `ssh ${segment.host.label}` : stageName(segment.stage);
      return missingProgramResult(name, argv[0] ?? "", elapsedMs());
    }
    const followsSsh = segment.kind === "local" && segments[index - 1]?.kind === "ssh";
    commands.push(followsSsh ? { ...command, argv: afterMarker(command.argv, nonce) } : command);
  }

  const clock = new StallClock();
  let check = () => {};
  const running: RunningSegment[] = [];
  // No await in this loop: between two turns of the event loop Deno would read from a pipe not yet handed on.
  for (const [index, command] of commands.entries()) {
    const one = new RunningSegment(command, nonce, running.at(-1), index === commands.length - 1, {
      onChange: () => check(),
      onSendLine: (line) => {
        const position = progressPosition(line);
        if (position !== undefined) clock.at(position);
        options.onSendLine?.(line);
      },
    });
    running.push(one);
  }
  for (const { segment, process } of running) settingsOf(segment).reaper?.watch(process.pid);
  const { signal, stallMs, grace = defaultGracePeriods } = options;
  let untilStop: number | undefined;
  const onStop = () => {
    // What moves while it is being stopped is no sign that it would have gone on.
    untilStop = clock.longestMs;
    return endRemote(remote);
  };
  const stopped = await supervise(running, { signal, stallMs, grace, clock, onStop }, (then) => check = then);
  for (const { segment, process } of running) settingsOf(segment).reaper?.forget(process.pid);
  const ended = await result(running, stopped, elapsedMs());
  // Its end is the last thing that moves, when it ends well: a receiver works on after its last byte.
  const silentMs = untilStop ?? (ended.ok ? Math.max(clock.longestMs, clock.idleMs) : clock.longestMs);
  const outcome: PipelineOutcome = { ...ended, silentMs };
  for (const segment of segments) {
    const local = segment.kind === "local";
    const commands = (local ? [segment.stage] : segment.stages).map(({ argv }) => argv);
    const { label } = local ? segment.stage.host : segment.host;
    settingsOf(segment).trace?.(describeCall(label, commands, [], elapsedMs()));
  }
  return outcome;
}

function resolved(segment: Segment, argv: readonly string[]): SegmentCommand | undefined {
  const env: Record<string, string> = {
    ...childEnvironment(),
    ...settingsOf(segment).env,
    ...(segment.kind === "local" && markEnvironment(segment.stage)),
  };
  const program = resolveProgram(argv[0] ?? "", env["PATH"] ?? "");
  return program === undefined ? undefined : { segment, argv: [program, ...argv.slice(1)], env };
}

// A remote stage that computes, and neither reads nor writes, does not notice that its pipes are gone.
async function endRemote(remote: (Segment & { kind: "ssh" }) | undefined): Promise<void> {
  const marks = new Set(remote?.stages.flatMap(({ mark }) => mark === undefined ? [] : [mark]));
  if (remote === undefined || marks.size === 0) return;
  await new Promise((resolve) => setTimeout(resolve, remoteGraceMs));
  const signal = AbortSignal.timeout(remoteStopMs);
  await Promise.all([...marks].map((mark) => endStaleReceivers(remote.host, mark, signal).catch(() => {})));
}
