/**
 * The ports of the engine between two machines of the model: its hosts, its pipelines, its clock.
 *
 * @module
 */

import type { ReplicateInput, ReplicatePorts } from "../../../src/core/engine/input.ts";
import { Phases } from "../../../src/core/engine/phases.ts";
import { replicate, type Replicated } from "../../../src/core/engine/replicate.ts";
import type { ConnectionFault, Host, Outcome, PipelineOutcome, Stage, StageOutcome } from "../../../src/core/ports.ts";
import { run } from "./commands.ts";
import { type Machine, ZfsError } from "./machine.ts";
import { named } from "./play.ts";
import { type Cut, receive } from "./receive.ts";
import { send } from "./stream.ts";

/** Which of the two machines. */
export type Side = "source" | "target";

/** What happens to a stream: it is cut, and with `connection` because the link was lost. */
export interface StreamFate extends Cut {
  readonly connection?: ConnectionFault;
}

/** Two machines, and what happens between them. */
export interface Between {
  readonly source: Machine;
  readonly target: Machine;
  /** Milliseconds since 1970; every pause of the engine moves it. */
  now: number;
  /** Is asked before each stream what becomes of it. */
  readonly fate?: () => StreamFate | undefined;
  /** Is told of each command before it runs; what it gives is the outcome instead. */
  readonly before?: (side: Side, argv: readonly string[]) => Partial<Outcome> | void;
}

/** What the engine works with. */
export function modelPorts(between: Between): ReplicatePorts {
  const clock = () => between.now;
  return {
    source: hostOf("source", between),
    target: hostOf("target", between),
    pipeline: (stages) => Promise.resolve(pipelineOf(stages, between)),
    clock,
    monotonic: clock,
    signal: new AbortController().signal,
    listener: () => {},
    sleep: (ms) => Promise.resolve(void (between.now += ms)),
    random: () => 0.5,
    lock: () => Promise.resolve({ kind: "taken" as const, release: () => Promise.resolve() }),
    endStale: () => Promise.resolve(0),
    machineId: "m",
    showBytes: String,
  };
}

/** What a user asks for who gives no option. */
export function usualInput(sourceTop: string, targetTop: string): ReplicateInput {
  return {
    sourceTop: named(sourceTop),
    targetTop: named(targetTop),
    snapshot: true,
    prefix: "incremental",
    keep: { kind: "age", ms: 7 * 86_400_000 },
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
  };
}

/**
 * One run of the engine.
 *
 * @throws {Fault} As the engine does.
 */
export function runBetween(
  between: Between,
  input: ReplicateInput,
  told: Partial<ReplicatePorts> = {},
): Promise<Replicated> {
  const ports = { ...modelPorts(between), ...told };
  return replicate(input, ports, new Phases(ports.monotonic, () => {}));
}

function note({ source, target, now }: Between): void {
  source.noteChanges(now);
  target.noteChanges(now);
}

function hostOf(side: Side, between: Between): Host {
  const outcome = (argv: readonly string[], stdin?: string): Outcome => {
    const instead = between.before?.(side, argv);
    if (instead) return { status: 1, stdout: "", stderr: "", elapsedMs: 1, ...instead };
    const printed = run(between[side], argv, stdin, between.now);
    note(between);
    return { ...printed, elapsedMs: 1 };
  };
  return {
    label: side,
    isLocal: side === "source",
    run: (argv, limits) => Promise.resolve(outcome(argv, limits?.stdin)),
    runAll: (commands) => Promise.resolve(commands.map((argv) => outcome(argv))),
    close: () => Promise.resolve(),
  };
}

function pipelineOf(stages: readonly Stage[], between: Between): PipelineOutcome {
  const fate = between.fate?.();
  const [first, last] = [stages[0]!, stages.at(-1)!];
  const ended = (fault?: { stage: Stage; message: string }): PipelineOutcome => {
    note(between);
    const of = (stage: Stage): StageOutcome => ({
      name: `zfs ${stage.role}`,
      status: fault?.stage === stage ? 1 : 0,
      stderrTail: fault?.stage === stage ? fault.message : "",
      ...(fault?.stage === stage && fate?.connection ? { connection: fate.connection } : {}),
    });
    return {
      ok: fault === undefined,
      stages: stages.map(of),
      elapsedMs: 1,
      ...(fault ? { guilty: of(fault.stage) } : {}),
    };
  };
  let at = first;
  try {
    const stream = send(between.source, first.argv);
    at = last;
    receive(between.target, last.argv, stream, fate);
    return ended();
  } catch (error) {
    if (!(error instanceof ZfsError)) throw error;
    return ended({ stage: at, message: error.message });
  }
}
