/**
 * Trees of datasets: making small ones, comparing copies, and proving that one was left alone.
 *
 * @module
 */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { awaitDevice, type Lab, type LabHost, quote } from "../../../lab/lab.ts";

/** A pool `tank` on the disk of each host; the target's is empty. */
export async function makePools(lab: Lab, targetPool = "tank"): Promise<void> {
  await Promise.all([lab.source.makePool("tank"), lab.target.makePool(targetPool)]);
}

/**
 * On the source, in the pool `tank`: a filesystem, a child and a grandchild with files, and a volume. Small, but no two
 * blocks alike.
 */
export async function fillTank(lab: Lab): Promise<void> {
  await lab.source.sh(`zfs create -p tank/data/child && zfs create -V 4M tank/data/volume
    echo root >/tank/file
    dd if=/dev/urandom of=/tank/data/random bs=1M count=2 status=none
    mkdir '/tank/data/a folder' && echo text >'/tank/data/a folder/it'\\''s "here"'
    dd if=/dev/urandom of=/tank/data/child/random bs=128k count=3 status=none
    ${awaitDevice("tank/data/volume")}
    dd if=/dev/urandom of=/dev/zvol/tank/data/volume bs=1M count=1 status=none`);
}

/** Copies a tree with a snapshot and all older ones to the target without bzman, as an administrator would by hand. */
export async function copyByHand(lab: Lab, snapshot: string, target: string): Promise<void> {
  const receive = quote(`zfs receive -u ${quote(target)}`);
  await lab.source.sh(`zfs send -R ${quote(snapshot)} | ssh -c aes128-gcm@openssh.com target ${receive}`);
}

/** Snapshots of a tree with their GUIDs, named from the tree's top: `/child@name`, so that two trees can be compared. */
export async function relativeGuids(host: LabHost, top: string): Promise<Map<string, string>> {
  const guids = await host.guids(top);
  return new Map([...guids].map(([name, guid]) => [name.slice(top.length), guid] as const).sort());
}

/**
 * Proves a copy: the same snapshots by GUID in every dataset, and in the newest of each dataset the same contents.
 *
 * @param from The tree that was copied.
 * @param to The copy.
 */
export async function assertCopied(from: Tree, to: Tree): Promise<void> {
  const [sent, arrived] = await Promise.all([from, to].map(({ host, top }) => relativeGuids(host, top)));
  ok(sent!.size > 0, `${from.top} has no snapshots`);
  deepStrictEqual(arrived, sent);
  const newest = await newestSnapshots(from.host, from.top);
  const sums = ({ host, top }: Tree) => inTurn(newest, async (name) => [name, await host.checksum(`${top}${name}`)]);
  const [before, after] = await Promise.all([sums(from), sums(to)]);
  deepStrictEqual(after, before);
}

/**
 * Proves that the newest snapshot of every dataset of a tree is there in the copy, by GUID and contents, whatever else either
 * side has.
 */
export async function assertNewestCopied(from: Tree, to: Tree): Promise<void> {
  const [sent, arrived] = await Promise.all([from, to].map(({ host, top }) => relativeGuids(host, top)));
  const newest = await newestSnapshots(from.host, from.top);
  ok(newest.length > 0, `${from.top} has no snapshots`);
  for (const name of newest) {
    strictEqual(arrived!.get(name), sent!.get(name), `${to.top}${name}`);
    strictEqual(await to.host.checksum(`${to.top}${name}`), await from.host.checksum(`${from.top}${name}`), name);
  }
}

/** A tree of datasets on a host. */
export interface Tree {
  readonly host: LabHost;
  readonly top: string;
}

async function newestSnapshots(host: LabHost, top: string): Promise<string[]> {
  const { stdout } = await host.sh(`zfs list -H -r -t snapshot -s createtxg -o name ${quote(top)}`);
  const newest = new Map<string, string>();
  for (const line of stdout.trimEnd().split("\n")) newest.set(line.split("@")[0] ?? "", line.slice(top.length));
  return [...newest.values()];
}

async function inTurn<T>(items: readonly string[], work: (item: string) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

/**
 * All that can be told apart about a tree, so that two looks show whether anything touched it: datasets, snapshots,
 * bookmarks, holds, local and received properties, the bytes written since the last snapshot, and the files mounted.
 *
 * @param depth How far below its top to look; by default all the way.
 */
export async function fingerprint(host: LabHost, top: string, depth?: number): Promise<string> {
  const which = `${depth === undefined ? "-r" : `-d ${depth}`} -H -p`;
  const name = quote(top);
  const { stdout } = await host.sh(`zpool sync
    zfs list ${which} -t all -o name,type,guid,createtxg ${name}
    zfs list ${which} -t filesystem,volume -o name,written,referenced,mounted ${name}
    zfs get ${which} -s local,received -t filesystem,volume -o name,property,value,source all ${name}
    zfs list ${which} -t snapshot -o name ${name} | tr '\\n' '\\0' | xargs -0 -r zfs holds -H
    zfs list ${which} -t filesystem -o mounted,mountpoint ${name} | while read -r mounted at; do
      [ "$mounted" = no ] || tar -C "$at" --one-file-system --atime-preserve=system --sort=name -cf - . | sha256sum
    done`);
  return stdout;
}

/** Runs `work` and proves that it left a tree, or its top down to a depth, alone. */
export async function assertUntouched<T>(
  host: LabHost,
  top: string,
  work: () => Promise<T>,
  depth?: number,
): Promise<T> {
  const before = await fingerprint(host, top, depth);
  const result = await work();
  strictEqual(await fingerprint(host, top, depth), before);
  return result;
}
