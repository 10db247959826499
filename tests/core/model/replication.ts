/**
 * The whole engine, once, between two machines of the model: its hosts, its pipelines and its clock.
 *
 * @module
 */

import type { ReplicateInput, ReplicatePorts } from "../../../src/core/run/input.ts";
import { Phases } from "../../../src/core/run/phases.ts";
import { replicate, type Replicated } from "../../../src/core/replicate/replicate.ts";
import type {
  ConnectionFault,
  Host,
  Outcome,
  PipelineOptions,
  PipelineOutcome,
  RunLimits,
  Stage,
} from "../../../src/core/ports.ts";
import type { PhaseTime } from "../../../src/core/record.ts";
import { commandBatches } from "../../../src/hosts/remote/command_batches.ts";
import { sampleJobCommand } from "../sample_job_command.ts";
import { run } from "./commands.ts";
import { type Machine, ZfsError } from "./machine.ts";
import { named } from "./play.ts";
import { type Cut, receive } from "./receive.ts";
import { send } from "./stream.ts";

/** What happens to the streams and commands of a run; each is called with the stream's number, from 0. */
export interface Happenings {
  /** Ends a stream early. */
  readonly cut?: (stream: number) => Cut | undefined;
  /** Fails a stream before it begins: in the words of its receiver, or for want of a connection. */
  readonly fail?: (stream: number) => string | ConnectionFault | undefined;
  /** Happens after a stream that went well. */
  readonly after?: (stream: number) => void;
  /** Answers a command in place of the machine. */
  readonly answer?: (side: string, argv: readonly string[]) => Partial<Outcome> | undefined;
  /** How long a command takes, in milliseconds; it is stopped at its limit. */
  readonly takes?: (side: string, argv: readonly string[]) => number;
  /** How long a stream takes, in milliseconds, and for how long of it nothing moves; it is ended at its limit. */
  readonly flows?: (stream: number) => { readonly ms?: number; readonly silentMs?: number };
}

/** A run to be made. */
export interface ModelRun {
  readonly source: Machine;
  readonly target: Machine;
  /** SOURCE and TARGET, as `tank` and `back/t`. */
  readonly tops: readonly [source: string, target: string];
  readonly input?: Partial<ReplicateInput>;
  readonly ports?: Partial<ReplicatePorts>;
  readonly happenings?: Happenings;
  /** When it begins, milliseconds since 1970. */
  readonly atMs: number;
  /** Which machines are the one that bzman runs on. @default {["source"]} */
  readonly local?: readonly ("source" | "target")[];
}

/** A run that was made. */
export interface ModelResult extends Replicated {
  /** Every command, and every stream as `send … | receive …`. */
  readonly told: readonly string[];
  readonly tookMs: number;
  readonly phases: readonly PhaseTime[];
}

/** What a lost connection looks like. */
export const linkDown: ConnectionFault = {
  errorClass: "ssh-unreachable",
  temporary: true,
  why: "No route to host",
  next: "look at the link",
};

/**
 * Replicates on the model.
 *
 * @throws {Fault} As `replicate` does.
 */
export async function replicateOnModel(asked: ModelRun): Promise<ModelResult> {
  const { source, target, happenings = {}, atMs } = asked;
  const told: string[] = [];
  let now = atMs;
  let streams = 0;
  const note = (): void => [source, target].forEach((machine) => machine.noteChanges(now));
  const host = (label: string, machine: Machine): Host => {
    const isLocal = (asked.local ?? ["source"]).some((side) => side === label);
    const outcome = (argv: readonly string[], { stdin, timeoutMs = 120_000 }: RunLimits = {}): Outcome => {
      // Commands behind ssh are one word each, and so of a limited length.
      if (!isLocal) commandBatches([argv]);
      told.push(`${label}: ${argv.join(" ")}`);
      const takesMs = happenings.takes?.(label, argv) ?? 0;
      now += Math.min(takesMs, timeoutMs);
      if (takesMs > timeoutMs) return { stdout: "", stderr: "", status: 143, elapsedMs: timeoutMs, stopped: "timeout" };
      const answer = happenings.answer?.(label, argv);
      if (answer) return { stdout: "", stderr: "", status: 0, elapsedMs: 1, ...answer };
      const printed = run(machine, argv, stdin, now);
      note();
      return { ...printed, elapsedMs: 1 };
    };
    return {
      label,
      isLocal,
      run: (argv, limits) => Promise.resolve(outcome(argv, limits)),
      runAll: (commands, limits) => {
        const until = now + (limits?.timeoutMs ?? 120_000);
        return Promise.resolve(
          commands.map((argv) => outcome(argv, { ...limits, timeoutMs: Math.max(1, until - now) })),
        );
      },
      close: () => Promise.resolve(),
    };
  };
  const pipeline = (stages: readonly Stage[], { stallMs }: PipelineOptions): PipelineOutcome => {
    const [first, last] = [stages[0]!, stages.at(-1)!];
    const number = streams++;
    const { ms = 0, silentMs = 0 } = happenings.flows?.(number) ?? {};
    told.push(`${first.argv.join(" ")} | ${last.argv.join(" ")}`);
    const ended = (guilty?: Stage, message?: string, connection?: ConnectionFault): PipelineOutcome => {
      note();
      const of = (stage: Stage) => ({
        name: `zfs ${stage.role}`,
        status: stage === guilty ? 1 : 0,
        stderrTail: stage === guilty ? message ?? "" : "",
        ...(stage === guilty && connection ? { connection } : {}),
      });
      const guiltyOne = guilty ? { guilty: of(guilty) } : {};
      return { ok: guilty === undefined, stages: stages.map(of), elapsedMs: 1, silentMs, ...guiltyOne };
    };
    if (silentMs > stallMs) {
      now += stallMs;
      return { ok: false, stages: [], elapsedMs: stallMs, stopped: "stalled" };
    }
    now += Math.max(ms, silentMs);
    const failure = happenings.fail?.(number);
    if (failure !== undefined) {
      return typeof failure === "string" ? ended(last, failure) : ended(last, failure.why, failure);
    }
    let at = first;
    try {
      const stream = send(source, first.argv);
      at = last;
      receive(target, last.argv, stream, happenings.cut?.(number));
    } catch (error) {
      if (!(error instanceof ZfsError)) throw error;
      return ended(at, error.message);
    }
    happenings.after?.(number);
    return ended();
  };
  const clock = (): number => now;
  const phases = new Phases(clock, () => {});
  const result = await replicate(
    {
      sourceTop: named(asked.tops[0]),
      targetTop: named(asked.tops[1]),
      snapshot: true,
      prefix: "incremental",
      keep: { kind: "count", count: 3 },
      adopt: false,
      isExcluded: () => false,
      raw: "auto",
      mbuffer: undefined,
      bwlimit: undefined,
      onDivergence: "refuse",
      onForeign: "refuse",
      foreignSnapshots: "keep",
      properties: { take: [], leave: [] },
      retries: 2,
      stallMs: undefined,
      ignoreSpace: false,
      ...asked.input,
    },
    {
      source: host("source", source),
      target: host("target", target),
      pipeline: (stages, options) => Promise.resolve(pipeline(stages, options)),
      clock,
      monotonic: clock,
      signal: new AbortController().signal,
      listener: () => {},
      sleep: (ms) => Promise.resolve(void (now += ms)),
      random: () => 0.5,
      lock: () => Promise.resolve({ kind: "taken", forAllUsers: true, release: () => Promise.resolve() }),
      endStaleReceivers: () => Promise.resolve(0),
      machineId: "m",
      formatBytes: String,
      job: { ...sampleJobCommand, sourceTop: named(asked.tops[0]), targetTop: named(asked.tops[1]) },
      ...asked.ports,
    },
    phases,
  );
  return { ...result, told, tookMs: now - atMs, phases: phases.times };
}
