/**
 * The second look at both sides, before something is tried again.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import { listTree } from "../inspect/list_tree.ts";
import { decodeTokens } from "../inspect/resume_tokens.ts";
import type { PlanInput } from "../plan/plan_input.ts";
import type { ReplicatePorts } from "../run/input.ts";
import { listPhase, type Phases } from "../run/phases.ts";
import type { RunState } from "../run/run_state.ts";
import type { TransferContext } from "./transfer.ts";

/** What a second look works with. */
export interface RelistContext {
  readonly ports: ReplicatePorts;
  readonly phases: Phases;
  readonly transfer: Pick<TransferContext, "mark">;
}

/**
 * What the next plan is made from: the target as it is now, with the steps of a package that failed taken one by one.
 *
 * @throws {Fault} When a side cannot be listed.
 */
export async function relist(input: PlanInput, context: RelistContext, state: RunState): Promise<PlanInput> {
  const { ports, phases } = context;
  const { signal } = ports;
  const tree = await phases.measure(listPhase(ports.target), async () => {
    // A receiver behind a dead link holds its dataset, also before there is anything to go on with.
    await ports.endStaleReceivers(ports.target, context.transfer.mark);
    return await listTree(ports.target, input.targetTop, { ancestors: true, signal });
  });
  const { tokens, sources } = await phases.measure(listPhase(ports.source), async () => ({
    tokens: await decodeTokens(ports.source, tree.datasets, signal),
    sources: await relistSource(input, context),
  }));
  const before = new Map(input.target.map(({ name, guid }) => [name, guid]));
  const same = new Set<string>(
    tree.datasets.filter(({ name, guid }) => before.get(name) === guid).map(({ name }) => name),
  );
  // What was proven of a dataset is not told of another that has its name by now, since this run set aside or renamed it.
  const stillValid = (names: ReadonlySet<string>): Set<string> => new Set([...names].filter((name) => same.has(name)));
  return {
    ...input,
    source: sources,
    targetEmpty: stillValid(input.targetEmpty),
    ...(input.targetIgnorableWrites ? { targetIgnorableWrites: stillValid(input.targetIgnorableWrites) } : {}),
    target: tree.datasets,
    targetAncestors: tree.ancestors,
    tokens,
    packages: input.packages && !state.packageFailed,
    leftClones: state.promotions.givenUp,
    holds: input.holds && !state.holdDenied,
  };
}

/** The source again, when something of it vanished during the run. */
async function relistSource(input: PlanInput, context: RelistContext): Promise<readonly Dataset[]> {
  const tree = await listTree(context.ports.source, input.sourceTop, { signal: context.ports.signal });
  const wanted = new Map(input.source.map((dataset) => [dataset.name, dataset]));
  return tree.datasets.filter(({ name }) => wanted.has(name)).map((dataset) => {
    // Snapshots made since belong to the next run.
    const last = wanted.get(dataset.name)?.snapshots.at(-1)?.createtxg ?? 0n;
    return { ...dataset, snapshots: dataset.snapshots.filter(({ createtxg }) => createtxg <= last) };
  });
}
