/**
 * What `zfs receive` does with a stream, in the model, with its surprises: a package replays renames and promotions, finds
 * datasets by GUID, and stops at the first that fails.
 *
 * @module
 */

import { above, type Machine, type ModelDataset, ZfsError } from "./machine.ts";
import { replay } from "./replay.ts";
import { type Piece, readWords, type Stream } from "./stream.ts";

/** How a receive is to go wrong. */
export interface Cut {
  /** After so many whole snapshots, within the next. */
  readonly after: number;
}

interface Flags {
  readonly force: boolean;
  readonly inheritsEncryption: boolean;
  readonly readonly: boolean;
}

/** Carries out `zfs receive` of a stream. */
export function receive(machine: Machine, argv: readonly string[], stream: Stream, cut?: Cut): void {
  const { flags, rest } = readWords(argv.slice(2), "xo");
  const target = rest[0] ?? "";
  const without = flags.get("-x") ?? [];
  if (without.includes("encryption") && stream.pieces.some(({ raw }) => raw)) {
    throw new ZfsError("encryption property 'encryption' cannot be set or excluded for raw streams.");
  }
  const how: Flags = {
    force: flags.has("-F"),
    inheritsEncryption: without.includes("encryption") || !stream.carriesProperties,
    readonly: (flags.get("-o") ?? []).includes("readonly=on"),
  };
  if (stream.members && how.force) throw new Error("-F with a package destroys what the source lacks");
  if (stream.members && stream.from !== undefined) replay(machine, target, stream.members, stream.from);
  for (const [i, piece] of stream.pieces.entries()) {
    const name = target + piece.dataset.slice(stream.top.length);
    receivePiece(machine, name, piece, stream, how, cut?.after === i);
    if (cut?.after === i) throw cutError();
  }
  if (cut && cut.after >= stream.pieces.length) throw new ZfsError("cannot receive: failed to read from stream");
  if (!stream.members) return;
  if (stream.from !== undefined) replay(machine, target, stream.members, stream.from);
  for (const { snapshots, inheritsKey } of stream.members) {
    const dataset = machine.tree(target).find((local) => local.snapshots.some(({ guid }) => snapshots.has(guid)));
    // The top of a raw package keeps its key, as `recv_fix_encryption_hierarchy` says; others that are no roots have theirs.
    if (dataset !== undefined && dataset.keyRoot === dataset && inheritsKey && dataset.name !== target) {
      machine.giveKey(dataset, machine.get(above(dataset.name)!).keyRoot);
    }
  }
}

function cutError(): ZfsError {
  return new ZfsError(
    "cannot receive: checksum mismatch or incomplete stream.\nPartially received snapshot is saved.",
  );
}

function receivePiece(
  machine: Machine,
  wanted: string,
  piece: Piece,
  stream: Stream,
  flags: Flags,
  isCut: boolean,
): void {
  const wantsNew = piece.fromGuid === undefined || piece.isClone;
  if (stream.isRest) return receiveRest(machine, wanted, piece, flags, isCut);
  const name = wantsNew || machine.datasets.has(wanted) ? wanted : byGuid(machine, piece.fromGuid!) ?? wanted;
  const there = machine.datasets.get(name);
  if (there?.partial) {
    throw new ZfsError(`destination ${name} contains partially-complete state from "zfs receive -s".`);
  }
  if (there && wantsNew) return overwrite(machine, there, piece, flags, isCut);
  if (there) return increment(machine, there, piece, flags, isCut);
  if (!wantsNew || above(name) === undefined) {
    throw new ZfsError(`cannot receive incremental stream: destination '${name}' does not exist`);
  }
  if (!machine.datasets.has(above(name)!)) {
    throw new ZfsError(
      `cannot open '${
        above(name)
      }': dataset does not exist\ncannot receive new filesystem stream: unable to restore to destination`,
    );
  }
  const made = createFor(machine, name, piece, flags);
  if (isCut) leavePartial(made, piece, true, false);
  else arrive(machine, made, piece);
}

/** The dataset that has a snapshot with this GUID, anywhere. */
function byGuid(machine: Machine, guid: bigint): string | undefined {
  return [...machine.datasets.values()].find(({ snapshots }) => snapshots.some((entry) => entry.guid === guid))?.name;
}

function createFor(machine: Machine, name: string, piece: Piece, flags: Flags): ModelDataset {
  const parent = machine.get(above(name)!);
  const originOf = piece.isClone ? byGuid(machine, piece.fromGuid!) : undefined;
  // A clone always shares the key of its origin.
  const key = originOf !== undefined
    ? machine.get(originOf).keyRoot
    : piece.raw || !flags.inheritsEncryption
    ? undefined
    : parent.keyRoot;
  if (key && !piece.raw && !key.keyLoaded) {
    throw new ZfsError("cannot receive new filesystem stream: inherited key must be loaded");
  }
  if (piece.isClone && originOf === undefined) {
    throw new ZfsError(`cannot receive new filesystem stream: local origin for clone ${name} does not exist`);
  }
  const made = machine.add(name, piece.type);
  made.keyRoot = piece.raw && !piece.isClone ? made : key;
  if (originOf !== undefined) {
    made.origin = machine.get(originOf).snapshots.find(({ guid }) => guid === piece.fromGuid);
    made.content = made.origin?.content ?? 0;
  }
  if (flags.readonly) made.properties.set("readonly", "on");
  return made;
}

/** A full stream over what is there: only by force, only over what has no snapshots, and never where a key is involved. */
function overwrite(machine: Machine, there: ModelDataset, piece: Piece, flags: Flags, isCut: boolean): void {
  const { name } = there;
  if (!flags.force) {
    throw new ZfsError(
      `cannot receive new filesystem stream: destination '${name}' exists\nmust specify -F to overwrite it`,
    );
  }
  if (there.snapshots.length > 0) {
    throw new ZfsError(
      `cannot receive new filesystem stream: destination has snapshots (eg. ${name}@${there.snapshots[0]?.name})\n` +
        "must destroy them to overwrite it",
    );
  }
  if (there.keyRoot || piece.raw) {
    throw new ZfsError(
      "zfs receive -F cannot be used to destroy an encrypted filesystem or overwrite an unencrypted one",
    );
  }
  if (there.origin) {
    throw new ZfsError(
      `cannot receive new filesystem stream: destination '${name}' is a clone\nmust destroy it to overwrite it`,
    );
  }
  if (there.content !== 0) throw new Error(`-F over ${name}, which holds data`);
  if (there.type !== piece.type) throw new Error(`-F over ${name}, which is a ${there.type}`);
  if (flags.readonly) there.properties.set("readonly", "on");
  if (isCut) leavePartial(there, piece, false, true);
  else arrive(machine, there, piece);
}

function increment(machine: Machine, there: ModelDataset, piece: Piece, flags: Flags, isCut: boolean): void {
  const prefix = "cannot receive incremental stream: ";
  if (there.snapshots.some(({ guid }) => guid === piece.toGuid)) return;
  if (piece.raw && !there.keyRoot) {
    throw new ZfsError(`${prefix}cannot perform raw receive on top of existing unencrypted dataset`);
  }
  if (!piece.raw && there.keyRoot && !there.keyRoot.keyLoaded) {
    throw new ZfsError(`${prefix}inherited key must be loaded`);
  }
  if (!there.snapshots.some(({ guid }) => guid === piece.fromGuid)) {
    throw new ZfsError(`${prefix}most recent snapshot of ${there.name} does not match incremental source`);
  }
  if (there.snapshots.at(-1)?.guid !== piece.fromGuid || machine.isModified(there)) {
    throw new ZfsError(`${prefix}destination ${there.name} has been modified\nsince most recent snapshot`);
  }
  if (there.snapshots.some((snapshot) => snapshot.name === piece.snapshot)) {
    throw new ZfsError(`cannot restore to ${there.name}@${piece.snapshot}: destination already exists`);
  }
  if (flags.readonly) there.properties.set("readonly", "on");
  if (isCut) leavePartial(there, piece, false, false);
  else arrive(machine, there, piece);
}

function receiveRest(machine: Machine, name: string, piece: Piece, flags: Flags, isCut: boolean): void {
  const there = machine.datasets.get(name);
  if (there?.partial?.toGuid !== piece.toGuid) {
    throw new ZfsError("cannot receive resume stream: kernel modules must be upgraded to receive this stream.");
  }
  if (there.partial.forced && !flags.force) {
    throw new ZfsError(
      `cannot receive resume stream: Resuming recv on existing destination '${name}'\nmust specify -F to overwrite it`,
    );
  }
  if (there.snapshots.length > 0 && machine.isModified(there)) {
    throw new ZfsError(
      `cannot receive resume stream: destination ${name} has been modified\nsince most recent snapshot`,
    );
  }
  if (isCut) return;
  there.partial = undefined;
  arrive(machine, there, piece);
}

function leavePartial(there: ModelDataset, piece: Piece, isNew: boolean, forced: boolean): void {
  there.partial = {
    toGuid: piece.toGuid,
    toName: `${piece.dataset}@${piece.snapshot}`,
    snapshot: piece.snapshot,
    fromGuid: piece.fromGuid,
    raw: piece.raw,
    isNew,
    forced,
  };
}

function arrive(machine: Machine, there: ModelDataset, piece: Piece): void {
  const received = [...piece.snapshotProperties].map(([key, value]) => [key, { value, received: true }] as const);
  there.content = piece.content;
  there.snapshots.push({
    name: piece.snapshot,
    guid: piece.toGuid,
    createtxg: machine.txg(),
    content: piece.content,
    holds: new Set(),
    properties: new Map(received),
  });
}

/** Carries out `zfs receive -A`. */
export function discard(machine: Machine, name: string): void {
  const there = machine.get(name);
  if (!there.partial) throw new ZfsError(`'${name}' does not have any resumable receive state to abort`);
  if (there.partial.isNew) machine.destroyTree(name);
  else there.partial = undefined;
}
