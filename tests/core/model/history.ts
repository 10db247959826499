/**
 * Random histories of two machines: what people and programs do to the source and to the target between replications. An
 * operation that ZFS refuses does nothing.
 *
 * @module
 */

import fc from "fast-check";
import { above, type Machine, type ModelDataset, type ModelSnapshot, within, ZfsError } from "./machine.ts";
import { receive } from "./receive.ts";
import { send } from "./stream.ts";

/** One operation with two numbers to choose what it is done to. */
export interface Operation {
  readonly side: "source" | "target";
  readonly name: OperationName;
  readonly a: number;
  readonly b: number;
}

/** Names that datasets get: few, so that they are taken again. */
const datasetNames = ["a", "b", "c", "d"];

interface Scene {
  readonly machine: Machine;
  readonly top: string;
  readonly a: number;
  readonly b: number;
  /** Increases from operation to operation. */
  readonly now: number;
}

function pick<T>(list: readonly T[], number: number): T {
  if (list.length === 0) throw new ZfsError("there is none");
  return list[number % list.length]!;
}

const dataset = ({ machine, top, a }: Scene): ModelDataset => pick(machine.tree(top), a);

/** Any but the top, which no operation may take away. */
const child = ({ machine, top, a }: Scene): ModelDataset =>
  pick(machine.tree(top).filter(({ name }) => name !== top), a);

function snapshotOf(
  scene: Scene,
): { readonly of: ModelDataset; readonly snapshot: ModelSnapshot; readonly full: string } {
  const of = pick(scene.machine.tree(scene.top).filter(({ snapshots }) => snapshots.length > 0), scene.a);
  const snapshot = pick(of.snapshots, scene.b);
  return { of, snapshot, full: `${of.name}@${snapshot.name}` };
}

function freshName({ machine, top, b }: Scene): string {
  const parent = pick(machine.tree(top).filter(({ type }) => type === "filesystem"), b);
  return `${parent.name}/${pick(datasetNames, b >> 3)}`;
}

/** What may be done to a machine. */
const operations = {
  snapshotAll: (scene: Scene) =>
    scene.machine.snapshot(scene.machine.tree(scene.top).map(({ name }) => name), `all-${scene.now}`),
  snapshotOne: (scene: Scene) => scene.machine.snapshot([dataset(scene).name], `one-${scene.now}`),
  /** Names that are used again and again, on both sides. */
  snapshotNamed: (scene: Scene) => scene.machine.snapshot([dataset(scene).name], pick(["daily", "weekly"], scene.b)),
  write: (scene: Scene) => scene.machine.write(dataset(scene).name),
  create: (scene: Scene) => {
    scene.machine.create(freshName(scene), scene.a % 4 === 0 ? "volume" : "filesystem");
  },
  createEncrypted: (scene: Scene) => {
    scene.machine.create(freshName(scene), "filesystem", true);
  },
  /** Creates, writes and snapshots: a dataset somebody uses. */
  populate: (scene: Scene) => {
    const { name } = scene.machine.create(freshName(scene));
    scene.machine.write(name);
    scene.machine.snapshot([name], `first-${scene.now}`);
  },
  destroySnapshot: (scene: Scene) => scene.machine.destroySnapshot(snapshotOf(scene).full),
  destroyOldest: (scene: Scene) => {
    const of = dataset(scene);
    scene.machine.destroySnapshot(`${of.name}@${pick(of.snapshots, 0).name}`);
  },
  destroyTree: (scene: Scene) => scene.machine.destroyTree(child(scene).name),
  rename: (scene: Scene) => {
    const { name } = child(scene);
    const to = scene.b % 2 === 0 ? freshName(scene) : `${above(name)}/${pick(datasetNames, scene.b)}`;
    scene.machine.rename(name, to);
  },
  /** Two exchange their names. */
  swap: (scene: Scene) => {
    const [one, two] = [child(scene).name, child({ ...scene, a: scene.b }).name];
    if (within(one, two) || within(two, one)) throw new ZfsError("one lies below the other");
    scene.machine.rename(one, `${above(one)}/on-its-way`);
    scene.machine.rename(two, one);
    scene.machine.rename(`${above(one)}/on-its-way`, two);
  },
  /** Renames, and gives the name to another that is new, or was there. */
  replace: (scene: Scene) => {
    const { name } = child(scene);
    const other = scene.machine.tree(scene.top).filter((entry) => above(entry.name) === above(name))[scene.a % 5];
    scene.machine.rename(name, freshName(scene));
    if (other && other.name !== name && scene.b % 2 === 0) return scene.machine.rename(other.name, name);
    scene.machine.create(name);
    scene.machine.write(name);
    scene.machine.snapshot([name], `first-${scene.now}`);
  },
  renameSnapshot: (scene: Scene) => {
    scene.machine.renameSnapshot(snapshotOf(scene).full, scene.a % 3 === 0 ? "daily" : `renamed-${scene.now}`);
  },
  clone: (scene: Scene) => {
    scene.machine.clone(snapshotOf(scene).full, freshName({ ...scene, b: scene.a + scene.b }));
  },
  promote: (scene: Scene) => {
    // Nobody promotes the half of a copy.
    const clones = scene.machine.tree(scene.top).filter(({ origin, partial }) => origin && !partial);
    scene.machine.promote(pick(clones, scene.a).name);
  },
  bookmark: (scene: Scene) => scene.machine.bookmark(snapshotOf(scene).full, `mark-${scene.now}`),
  loseBookmarks: (scene: Scene) => {
    dataset(scene).bookmarks = [];
  },
  rollback: (scene: Scene) => scene.machine.rollback(snapshotOf(scene).full),
  /** A copy within the machine: two datasets with a snapshot of the same GUID. */
  copy: (scene: Scene) => {
    const stream = send(scene.machine, ["zfs", "send", snapshotOf(scene).full]);
    receive(scene.machine, ["zfs", "receive", freshName({ ...scene, b: scene.a * 7 + scene.b })], stream);
  },
  hold: (scene: Scene) => {
    snapshotOf(scene).snapshot.holds.add("somebody's");
  },
  toggleKey: (scene: Scene) => {
    const root = pick([...scene.machine.datasets.values()].filter((entry) => entry.keyRoot === entry), scene.a);
    root.keyLoaded = !root.keyLoaded;
  },
} satisfies Record<string, (scene: Scene) => void>;

/** What may be done. */
export type OperationName = keyof typeof operations;

/** Carries out an operation below `top`; says whether ZFS let it. */
export function apply(operation: Operation, machine: Machine, top: string, now: number): boolean {
  if (!machine.datasets.has(top)) return false;
  try {
    operations[operation.name]({ machine, top, a: operation.a, b: operation.b, now });
    return true;
  } catch (error) {
    if (!(error instanceof ZfsError)) throw error;
    return false;
  }
}

const often: OperationName[] = ["snapshotAll", "snapshotAll", "snapshotOne", "write", "write", "populate", "create"];
const renames: OperationName[] = ["rename", "swap", "replace"];
const promotions: OperationName[] = ["clone", "clone", "promote", "promote"];
const names = Object.keys(operations) as OperationName[];

/** An operation on the source: mostly what everybody does every day. */
export const onSource: fc.Arbitrary<Operation> = fc.record({
  side: fc.constant("source" as const),
  name: fc.constantFrom(...often, ...often, ...names, ...renames, ...promotions),
  a: fc.nat(999),
  b: fc.nat(999),
});

/** An operation on the target: rarer, and all of it trouble. */
export const onTarget: fc.Arbitrary<Operation> = fc.record({
  side: fc.constant("target" as const),
  name: fc.constantFrom(...names),
  a: fc.nat(999),
  b: fc.nat(999),
});

/** Whether a dataset lies below one of the left-out names, right below `top`. */
export function isBelow(name: string, top: string, leftOut: readonly string[]): boolean {
  return leftOut.some((part) => within(name, `${top}/${part}`));
}
