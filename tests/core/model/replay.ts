/**
 * What a package's receiver does to the tree that is there, before and after it takes the streams in: it promotes what was
 * promoted on the source, and renames what was renamed, snapshots and datasets. It recognises them by GUID alone, so it
 * may well hit what somebody else put there.
 *
 * @module
 */

import { above, type Machine, type ModelDataset, type ModelSnapshot, ZfsError } from "./machine.ts";
import type { Member } from "./stream.ts";

/** Replays what happened on the source. */
export function replay(machine: Machine, top: string, members: readonly Member[], from: string): void {
  for (let pass = 0; pass < 8; pass++) if (!replayOnce(machine, top, members, from)) return;
}

/** One pass; whether another may help. */
function replayOnce(machine: Machine, top: string, members: readonly Member[], from: string): boolean {
  const tree = machine.tree(top);
  const stream = new Map<bigint, Member>();
  for (const member of members) {
    for (const guid of member.snapshots.keys()) if (!stream.has(guid)) stream.set(guid, member);
  }
  let again = false;
  let progress = false;
  const attempt = (change: () => void): boolean => {
    try {
      change();
      progress = true;
      return true;
    } catch (error) {
      if (!(error instanceof ZfsError)) throw error;
      again = true;
      return false;
    }
  };
  for (const local of tree) {
    if (machine.datasets.get(local.name) !== local) continue;
    const parentBase = baseOfParent(machine, local, top, from);
    let member = local.snapshots.map(({ guid }) => stream.get(guid)).find((found) => found !== undefined);
    if (!member) continue;
    if ((local.origin?.guid ?? 0n) !== member.originGuid) {
      if (wasPromoted(local, member, tree)) attempt(() => machine.promote(local.name));
      again = true;
      continue;
    }
    let base: ModelSnapshot | undefined;
    for (const snapshot of [...local.snapshots]) {
      const found = stream.get(snapshot.guid);
      if (!found) continue;
      member = found;
      const name = found.snapshots.get(snapshot.guid)!;
      if (snapshot.name !== name) {
        const old = snapshot.name;
        if (!attempt(() => machine.renameSnapshot(`${local.name}@${old}`, name)) && !old.startsWith("recv-")) {
          attempt(() => machine.renameSnapshot(`${local.name}@${old}`, `recv-${snapshot.guid}`));
        }
      }
      if (name === from) base = snapshot;
    }
    if (!base) continue;
    const moved = member.parentGuid !== 0n && parentBase !== 0n && member.parentGuid !== parentBase;
    if (!moved && (local.name === top || lastPart(local.name) === lastPart(member.name))) continue;
    const parent = tree.find(({ snapshots }) => snapshots.some(({ guid }) => guid === member.parentGuid));
    const wanted = parent && `${parent.name}/${lastPart(member.name)}`;
    if (wanted !== undefined && attempt(() => machine.rename(local.name, wanted))) continue;
    again = true;
    if (!lastPart(local.name).startsWith("recv-") && local.name !== top) {
      attempt(() => machine.rename(local.name, `${above(local.name)}/recv-${local.guid}`));
    }
  }
  return again && progress;
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

function baseOfParent(machine: Machine, local: ModelDataset, top: string, from: string): bigint {
  if (local.name === top) return 0n;
  const parent = machine.datasets.get(above(local.name)!);
  return parent?.snapshots.find(({ name }) => name === from)?.guid ?? 0n;
}

/** The local one is a clone where that of the stream is none, or one of an older snapshot. */
function wasPromoted(local: ModelDataset, member: Member, tree: readonly ModelDataset[]): boolean {
  if (!local.origin) return false;
  if (member.originGuid === 0n) return true;
  const all = tree.flatMap(({ snapshots }) => snapshots);
  const theirs = all.find(({ guid }) => guid === member.originGuid);
  return theirs !== undefined && theirs.createtxg > local.origin.createtxg;
}
