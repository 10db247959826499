/**
 * The snapshot of a run: its name, which another job may take at the same moment, and the making of it.
 *
 * @module
 */

import { takeSnapshot } from "../../zfs/arguments/change.ts";
import { snapshotErrorText, snapshotProgram } from "../../zfs/arguments/snapshot_program.ts";
import { snapshotName, snapshotTime } from "../../zfs/names/bzman_names.ts";
import type { DatasetName } from "../../zfs/names/names.ts";
import { Fault, type FaultParts } from "../fault.ts";
import { findSnapshots } from "../inspect/named_snapshots.ts";
import type { HostInfo } from "../inspect/probe.ts";
import { outcomeFault, parseOutput } from "../inspect/query.ts";
import { pendingNames, withSnapshots } from "../plan/pending_snapshot.ts";
import type { PlanInput } from "../plan/plan_input.ts";
import { checkSnapshotMethod, snapshotMethod } from "../plan/snapshot_method.ts";
import type { Host } from "../ports.ts";
import type { ReplicateInput, ReplicatePorts } from "../run/input.ts";

/** Jobs of one source that begin in the same second are few. */
const maxTries = 5;

/** The name of the snapshot that a run would make now, or `undefined` with `--no-snapshot`. */
export function plannedSnapshot(input: ReplicateInput, ports: ReplicatePorts): string | undefined {
  return input.snapshot ? snapshotName(input.prefix, ports.clock()) : undefined;
}

/**
 * A name of bzman's, so many seconds later (or, below 0, earlier).
 *
 * @throws {RangeError} When it is no name with the prefix.
 */
export function laterName(name: string, prefix: string, seconds: number): string {
  const at = snapshotTime(name, prefix, false);
  if (at === undefined) throw new RangeError(`${name} is not a name of ${prefix}`);
  return snapshotName(prefix, at + seconds * 1_000);
}

/** The first name that is free: `name` itself, or that of one of the seconds after it. */
export function freeName(name: string, prefix: string, isTaken: (name: string) => boolean): string {
  let free = name;
  while (isTaken(free)) free = laterName(free, prefix, 1);
  return free;
}

/** What {@linkcode makeSnapshot} made. */
export interface MadeSnapshot {
  /** With the real snapshots. */
  readonly planInput: PlanInput;
  /** The part behind `@`, as it really became. */
  readonly name: string;
}

/** How long the snapshot may take, in milliseconds. */
const limitMs = 10 * 60_000;

/** Takes one snapshot of a name; says why ZFS refused it. */
type Take = (name: string) => Promise<FaultParts | undefined>;

/**
 * One atomic snapshot of every dataset, then its GUIDs. Another job may have made one of the same name since the listing: then
 * it gets that of the next second. Where one dataset refuses it ZFS makes none, so nothing is left of a try.
 *
 * @param planInput With placeholders for what is to be made, see `pending_snapshot.ts`.
 * @param source What the source's host is able to do.
 * @throws {Fault} When ZFS refuses.
 */
export async function makeSnapshot(
  planInput: PlanInput,
  input: ReplicateInput,
  ports: ReplicatePorts,
  source: HostInfo,
): Promise<MadeSnapshot> {
  const names = planInput.source.map((dataset) => dataset.name);
  const wanted = pendingNames(planInput.source.find((dataset) => dataset.name === input.sourceTop));
  const tried = new Set<string>();
  const takeFree = async (first: string, take: Take): Promise<string> => {
    const begun = tried.size;
    for (let name = first;; name = freeName(name, input.prefix, (other) => tried.has(other))) {
      tried.add(name);
      const fault = await take(name);
      if (fault === undefined) return name;
      if (fault.errorClass !== "snapshot-exists" || tried.size - begun >= maxTries) throw new Fault(fault);
    }
  };
  const { prefix, sourceTop } = input;
  const byCommand = (datasets: readonly DatasetName[], recursive: boolean): Take => async (name) => {
    const argv = takeSnapshot(datasets, name, prefix, recursive);
    const outcome = await ports.source.run(argv, { signal: ports.signal, timeoutMs: limitMs });
    if (outcome.status === 0 && !outcome.stopped) return undefined;
    return outcomeFault(ports.source, argv, outcome, `cannot snapshot ${sourceTop}`);
  };
  const base = wanted.base && await takeFree(wanted.base, byCommand([sourceTop], false));
  const first = freeName(wanted.name, prefix, (name) => tried.has(name));
  const name = await takeFree(first, wayOf());
  const full = names.map((dataset) => `${dataset}@${name}`);
  if (base !== undefined) full.push(`${sourceTop}@${base}`);
  const made = await findSnapshots(ports.source, full, ports.signal);
  // A dataset that was destroyed meanwhile has no snapshot, and leaves the plan.
  const snapshotted = planInput.source.filter((dataset) => made.has(`${dataset.name}@${name}`))
    .map((dataset) => withSnapshots(dataset, made, { name, base }));
  return { planInput: { ...planInput, source: snapshotted }, name };

  /** Excluded datasets get none; then every other is named, still at one moment. */
  function wayOf(): Take {
    const inputs = snapshotInputs(planInput, first, ports.source, source);
    switch (snapshotMethod(inputs)) {
      case "recursive":
        return byCommand([sourceTop], true);
      case "named":
        return byCommand(names, false);
      case "program":
        return (part) => takeByProgram(names, part, input, ports);
      case "impossible":
        // Preparation has refused this.
        throw new RangeError(checkSnapshotMethod(inputs, source.label)[0]?.text);
    }
  }
}

/** What the way of the snapshot depends on. */
export function snapshotInputs(
  planInput: PlanInput,
  part: string,
  host: Host,
  source: HostInfo,
): Parameters<typeof snapshotMethod>[0] {
  return {
    datasets: planInput.source.map(({ name }) => name),
    someStayOut: planInput.excluded.length > 0,
    part,
    isLocal: host.isLocal,
    source,
  };
}

async function takeByProgram(
  names: readonly DatasetName[],
  part: string,
  { prefix, sourceTop }: ReplicateInput,
  { source, signal }: ReplicatePorts,
): Promise<FaultParts | undefined> {
  const what = `cannot snapshot ${sourceTop}`;
  const program = snapshotProgram(names, part, prefix);
  const outcome = await source.run(program.argv, { signal, timeoutMs: limitMs, stdin: program.script });
  if (outcome.status !== 0 || outcome.stopped) return outcomeFault(source, program.argv, outcome, what);
  const refused = parseOutput(source, program, outcome, what).flatMap((errno, i) =>
    errno === 0 ? [] : [snapshotErrorText(`${names[i]}@${part}`, errno)]
  );
  if (refused.length === 0) return undefined;
  return outcomeFault(source, program.argv, { ...outcome, status: 1, stderr: refused.join("\n") }, what);
}
