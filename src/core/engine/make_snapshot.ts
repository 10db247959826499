/**
 * The snapshot of a run: its name, which another job may take at the same moment, and the making of it.
 *
 * @module
 */

import { takeSnapshot } from "../../zfs/change.ts";
import { snapshotName, snapshotTime } from "../../zfs/own_names.ts";
import { Fault } from "../fault.ts";
import type { PlanInput } from "../plan/plan_tree.ts";
import { namedSnapshots } from "./arrival.ts";
import { outcomeFault } from "./ask.ts";
import type { ReplicateInput, ReplicatePorts } from "./input.ts";
import { pendingNames, withSnapshots } from "./pending.ts";

/** Jobs of one source that begin in the same second are few. */
const mostTries = 5;

/** The name of the snapshot that a run would make now, or `undefined` with `--no-snapshot`. */
export function plannedSnapshot(input: ReplicateInput, ports: ReplicatePorts): string | undefined {
  return input.snapshot ? snapshotName(input.prefix, ports.clock()) : undefined;
}

/** A name of bzman's, so many seconds later (or, below 0, earlier). */
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

/**
 * One atomic snapshot of every dataset, then its GUIDs. Another job may have made one of the same name since the listing: then
 * it gets that of the next second. Where one dataset refuses it ZFS makes none, so nothing is left of a try.
 *
 * @param planInput With placeholders for what is to be made, see `pending.ts`.
 * @throws {Fault} When ZFS refuses.
 */
export async function makeSnapshot(
  planInput: PlanInput,
  input: ReplicateInput,
  ports: ReplicatePorts,
): Promise<MadeSnapshot> {
  const names = planInput.source.map((dataset) => dataset.name);
  const wanted = pendingNames(planInput.source.find((dataset) => dataset.name === input.sourceTop));
  const tried = new Set<string>();
  const take = async (first: string, argvOf: (name: string) => string[]): Promise<string> => {
    const begun = tried.size;
    for (let name = first;; name = freeName(name, input.prefix, (other) => tried.has(other))) {
      tried.add(name);
      const argv = argvOf(name);
      const outcome = await ports.source.run(argv, { signal: ports.signal, timeoutMs: 10 * 60_000 });
      if (outcome.status === 0 && !outcome.stopped) return name;
      const fault = outcomeFault(ports.source, argv, outcome, `cannot snapshot ${input.sourceTop}`);
      if (fault.errorClass !== "snapshot-exists" || tried.size - begun >= mostTries) throw new Fault(fault);
    }
  };
  const { prefix, sourceTop } = input;
  const base = wanted.base && await take(wanted.base, (name) => takeSnapshot([sourceTop], name, prefix, false));
  // Excluded datasets get none; then every other is named, still in one command and so at one moment.
  const first = freeName(wanted.name, prefix, (name) => tried.has(name));
  const name = await take(
    first,
    (free) =>
      planInput.excluded.length === 0
        ? takeSnapshot([sourceTop], free, prefix, true)
        : takeSnapshot(names, free, prefix, false),
  );
  const full = names.map((dataset) => `${dataset}@${name}`);
  if (base !== undefined) full.push(`${sourceTop}@${base}`);
  const made = await namedSnapshots(ports.source, full, ports.signal);
  // A dataset that was destroyed meanwhile has no snapshot, and leaves the plan.
  const source = planInput.source.filter((dataset) => made.has(`${dataset.name}@${name}`))
    .map((dataset) => withSnapshots(dataset, made, { name, base }));
  return { planInput: { ...planInput, source }, name };
}
