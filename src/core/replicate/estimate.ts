/**
 * How much there is to send: quickly, from the listing alone; or exactly, from `zfs send -n`, for a dry run.
 *
 * @module
 */

import { estimateOf } from "../../zfs/arguments/send.ts";
import type { Dataset } from "../../zfs/names/dataset.ts";
import { parseProgressLine } from "../../zfs/parsers/send_progress.ts";
import { isPending } from "../plan/pending_snapshot.ts";
import type { PlanInput } from "../plan/plan_input.ts";
import { isStream, type Step, type StreamStep, type TreePlan } from "../plan/step.ts";
import type { Host } from "../ports.ts";
import { sendArgv } from "./transfer.ts";

/**
 * Bytes of a whole plan, from the listing: a hint, good enough to refuse what cannot fit.
 *
 * @param reserves Whether `refreservation` is taken over: a volume then fills the target by its size, whatever is in it.
 */
export function estimatePlan(plan: TreePlan, input: PlanInput, reserves = false): bigint {
  const sources = new Map<string, Dataset>(input.source.map((dataset) => [dataset.name, dataset]));
  let bytes = 0n;
  for (const entry of plan.datasets) {
    const source = sources.get(entry.dataset);
    if (entry.plan.kind !== "steps" || source === undefined) continue;
    for (const step of entry.plan.steps) {
      if (step.kind === "full") bytes += ownBytes(source, reserves);
      else if (step.kind === "resume") bytes += remaining(step.target, input);
      else if (step.kind === "incremental" && isPending(step.to)) bytes += source.writtenBytes;
    }
  }
  return bytes;
}

function remaining(target: string, input: PlanInput): bigint {
  const state = input.tokens.get(target);
  return state?.kind === "valid" ? state.token.remainingBytes ?? 0n : 0n;
}

/**
 * Bytes of a dataset with its snapshots, without its children. Its `used` is of no use here: it counts what is only reserved,
 * for itself and for those below it.
 */
function ownBytes(dataset: Dataset, reserves = false): bigint {
  const { referencedBytes, usedBySnapshotsBytes, usedByRefreservationBytes } = dataset;
  return referencedBytes + usedBySnapshotsBytes + (reserves ? usedByRefreservationBytes : 0n);
}

/**
 * Bytes of one step as `zfs send -n` tells. The snapshot to come is not there yet: the stream to the one before it is
 * asked, and what was written since is added.
 *
 * @returns `undefined` when ZFS does not tell.
 */
export async function estimateStep(
  host: Host,
  step: StreamStep,
  sources: ReadonlyMap<string, Dataset>,
  signal: AbortSignal,
): Promise<bigint | undefined> {
  const members = step.kind === "package" ? step.members.map(({ dataset }) => dataset) : [step.dataset];
  const pending = step.kind === "package" ? step.members.some(({ to }) => isPending(to)) : isPending(step.to);
  const written = pending ? members.reduce((bytes, name) => bytes + (sources.get(name)?.writtenBytes ?? 0n), 0n) : 0n;
  if (step.kind === "package" && step.members.some(({ from }) => from && isPending(from))) {
    // Its base is still to come, so nothing can be asked: what is new below is counted from the listing.
    const fresh = step.members.filter(({ from }) => from === undefined).flatMap(({ dataset }) =>
      sources.get(dataset) ?? []
    );
    return fresh.reduce((bytes, dataset) => bytes + ownBytes(dataset), written);
  }
  const askable = pending ? beforePending(step, sources) : step;
  if (askable === undefined) return written;
  const outcome = await host.run(estimateOf(sendArgv(askable)), { signal, timeoutMs: 10 * 60_000 });
  if (outcome.status !== 0) return undefined;
  let total: bigint | undefined;
  for (const line of `${outcome.stdout}\n${outcome.stderr}`.split("\n")) {
    const progress = parseProgressLine(line);
    if (progress?.kind === "total") total = progress.sizeBytes;
  }
  return total === undefined ? undefined : total + written;
}

/** The same step up to the newest snapshot that exists, or `undefined` when nothing lies between. */
function beforePending(step: StreamStep, sources: ReadonlyMap<string, Dataset>): StreamStep | undefined {
  const last = sources.get(step.dataset)?.snapshots.filter((snapshot) => !isPending(snapshot)).at(-1);
  if (last === undefined) return undefined;
  switch (step.kind) {
    case "package":
      return step.from === last.name ? undefined : { ...step, to: last.name };
    case "incremental":
      return step.from.guid === last.guid ? undefined : { ...step, to: last };
    case "clone":
      return step.origin.guid === last.guid ? undefined : { ...step, to: last };
    case "full":
    case "resume":
      return { ...step, to: last };
  }
}

/** Every step of a plan that moves data. */
export function streamsOf(steps: readonly Step[]): StreamStep[] {
  return steps.filter(isStream);
}
