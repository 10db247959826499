/**
 * Keeps what arrived from being mounted at boot over what the target machine has: every filesystem that bzman makes there gets
 * `canmount=noauto`, also one whose stream was cut, and one whose run was killed.
 *
 * @module
 */

import { setNoAuto } from "../../zfs/arguments/change.ts";
import { isBzmanBookmarkFor } from "../../zfs/names/bzman_names.ts";
import type { Dataset } from "../../zfs/names/dataset.ts";
import { type DatasetName, isWithin, moveName, parentOf } from "../../zfs/names/names.ts";
import { type CanmountState, listCanmount } from "../../zfs/parsers/canmount.ts";
import { onlyMissingNames } from "../../zfs/parsers/missing_names.ts";
import { nameBatches } from "../inspect/name_batches.ts";
import { firstLines } from "../inspect/query.ts";
import type { PlanInput } from "../plan/plan_input.ts";
import type { StreamStep, TreePlan } from "../plan/step.ts";
import type { Outcome } from "../ports.ts";
import type { ReplicatePorts } from "../run/input.ts";

/** The last question of a run that failed does not wait long for a host that may be gone. */
const queryLimitMs = 30_000;

/** The filesystems on the target that a stream makes; what it receives into something that is there is not among them. */
export function createdBy(step: StreamStep): readonly DatasetName[] {
  switch (step.kind) {
    case "package":
      return step.members.filter(({ type, from }) => type === "filesystem" && from === undefined)
        .map(({ target }) => target);
    case "full":
      return step.type === "filesystem" && !step.force ? [step.target] : [];
    case "clone":
      return step.type === "filesystem" ? [step.target] : [];
    case "incremental":
    case "resume":
      return [];
  }
}

/**
 * The filesystems on the target that a run which was killed or cut may have made and left to be mounted at boot: of those
 * with a part in the plan, the ones for which no run ever ended well, since that leaves a bookmark. A copy that somebody
 * mounted or may write to is theirs, and a pool's root was there before.
 *
 * @param input What the plan was made from.
 * @param key The target's key, see `zfs/names/bzman_names.ts`.
 */
export function leftAutoMounting(plan: TreePlan, input: PlanInput, key: string): readonly DatasetName[] {
  const sources = new Map<string, Dataset>(input.source.map((dataset) => [dataset.name, dataset]));
  const targets = new Map<string, Dataset>(input.target.map((dataset) => [dataset.name, dataset]));
  return plan.datasets.flatMap(({ dataset, target: name, plan: own }) => {
    const listed = listedName(name, plan);
    const [source, target] = [sources.get(dataset), targets.get(listed)];
    if (source === undefined || target === undefined || own.kind === "conflict") return [];
    if (target.type !== "filesystem" || target.canmount !== "on" || target.mounted || !target.readonly) return [];
    // One that is set aside, or half there and begun anew, is not what will have this name.
    const isAnew = own.kind === "steps" &&
      own.steps.some((step) => step.kind === "clone" || (step.kind === "full" && !step.force));
    const hasPart = target.snapshots.length > 0 || target.resumeToken !== undefined;
    if (isAnew || !hasPart || parentOf(listed) === undefined) return [];
    const marks = source.bookmarks.filter((bookmark) => isBzmanBookmarkFor(bookmark.name, key)).map(({ guid }) => guid);
    const endedWell = marks.length > 0 && target.snapshots.some(({ guid }) => marks.includes(guid));
    return endedWell ? [] : [listed];
  });
}

/** The name that a dataset of the target has before the plan follows renames. */
function listedName(name: DatasetName, plan: TreePlan): DatasetName {
  return plan.steps.reduceRight(
    (at, step) => step.kind === "rename" && isWithin(at, step.as) ? moveName(at, step.as, step.target) : at,
    name,
  );
}

/** Whether a filesystem would be mounted at boot and nobody wants that: neither did anybody say so, nor mount it. */
export function wouldAutoMount({ canmount, source, mounted, readonly }: CanmountState): boolean {
  return canmount === "on" && (source === "default" || source === "received") && !mounted && readonly;
}

/**
 * Keeps those of the named filesystems unmounted that are there and {@linkcode wouldAutoMount}.
 *
 * @returns Those for which the host gave no answer.
 */
export async function preventAutoMount(
  names: readonly DatasetName[],
  ports: ReplicatePorts,
): Promise<readonly DatasetName[]> {
  const { target, signal } = ports;
  const left: DatasetName[] = [];
  const batches = nameBatches(names) as DatasetName[][];
  for (const [i, batch] of batches.entries()) {
    const command = listCanmount(batch);
    const outcome = await target.run(command.argv, { signal, timeoutMs: queryLimitMs });
    if (gaveNoAnswer(outcome)) return [...left, ...batches.slice(i).flat()];
    const states = readStates(command, outcome);
    if (outcome.status !== 0 && !onlyMissingNames(outcome)) {
      const told = new Set(states.map(({ name }) => name));
      left.push(...batch.filter((name) => !told.has(name)));
    }
    const autoMounting = states.filter(wouldAutoMount).map(({ name }) => name);
    left.push(...await keepUnmounted(autoMounting, ports));
  }
  return left;
}

/** What cannot be read proves nothing: then nothing is set. */
function readStates(command: ReturnType<typeof listCanmount>, { stdout }: Outcome): readonly CanmountState[] {
  try {
    return command.parse(stdout);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** Returns those for which the host gave no answer. What ZFS itself refuses is told and lived with. */
async function keepUnmounted(names: readonly DatasetName[], ports: ReplicatePorts): Promise<readonly DatasetName[]> {
  const left: DatasetName[] = [];
  for (const batch of nameBatches(names) as DatasetName[][]) {
    const outcome = await ports.target.run(setNoAuto(batch), { signal: ports.signal });
    if (gaveNoAnswer(outcome)) left.push(...batch);
    if (outcome.status === 0) continue;
    const text = `cannot set canmount=noauto on new filesystems: ${firstLines(outcome.stderr)}`;
    ports.listener({ kind: "note", level: "warning", text });
  }
  return left;
}

function gaveNoAnswer({ connection, stopped }: Outcome): boolean {
  return connection !== undefined || stopped !== undefined;
}

/** What one run made on the target, from its first stream to its last. */
export class NewFilesystems {
  readonly #ports: ReplicatePorts;
  /** There for certain. */
  #created = new Set<DatasetName>();
  /** Their stream failed: perhaps there. */
  #begun = new Set<DatasetName>();

  /** @param ports The target is among them. */
  constructor(ports: ReplicatePorts) {
    this.#ports = ports;
  }

  /** Notes a stream that ended, well or not. */
  noteStream(step: StreamStep, ok: boolean): void {
    for (const name of createdBy(step)) {
      (ok ? this.#created : this.#begun).add(name);
      if (ok) this.#begun.delete(name);
    }
  }

  /** Whether anything may still be mounted at boot. */
  get hasPending(): boolean {
    return this.#created.size > 0 || this.#begun.size > 0;
  }

  /** Keeps unmounted what is certainly there. */
  async secure(): Promise<void> {
    this.#created = new Set(await keepUnmounted([...this.#created], this.#ports));
  }

  /**
   * Keeps unmounted also what failed streams left.
   *
   * @param there What the target is known to have; without it, it is asked.
   */
  async secureFailed(there?: readonly Dataset[]): Promise<void> {
    await this.secure();
    const names = new Set<string>(there?.map(({ name }) => name));
    const found = [...this.#begun].filter((name) => there === undefined || names.has(name));
    for (const name of found) this.#begun.delete(name);
    for (const name of await preventAutoMount(found, this.#ports)) this.#begun.add(name);
  }
}
