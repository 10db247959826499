/** Pools of a lab host: making them, being rid of them, looking into them. */

import { quote, type Remote } from "./remote.ts";

/** The disk of a host that is there for a pool. */
export const poolDisk = "/dev/ubdb";

/** How to make a pool; see {@link makePool}. */
export interface PoolOptions {
  /** The pool disk, or a file of its own. Default the pool disk. */
  readonly disk?: "whole" | "file";
  /** The size of a file. Default 512. */
  readonly sizeMiB?: number;
  /** Further arguments of `zpool create`, before the pool's name. */
  readonly properties?: readonly string[];
}

/** Makes an empty pool with plain defaults, after destroying one of that name. */
export async function makePool(remote: Remote, name: string, options: PoolOptions = {}): Promise<void> {
  const { disk = "whole", sizeMiB = 512, properties = [] } = options;
  await destroyPool(remote, name);
  const file = `/pools/${name}`;
  const prepare = disk === "file"
    ? `rm -f ${quote(file)} && truncate -s ${sizeMiB}M ${quote(file)}`
    // What an earlier pool left on the disk must not be found again.
    : `zpool labelclear -f ${poolDisk} 2>/dev/null; blkdiscard -f ${poolDisk} 2>/dev/null`;
  const vdev = disk === "file" ? file : poolDisk;
  // On a busy machine udev may still look at the disk.
  await remote.sh(
    `for n in 1 2 3 4; do
      ${prepare}; udevadm settle --timeout=30
      zpool create -f ${properties.map(quote).join(" ")} ${quote(name)} ${quote(vdev)} && exit
      sleep $n
    done; exit 1`,
    { timeoutMs: 180_000 },
  );
}

/** Destroys every pool of the host; false when one would not go in bounded time. */
export async function destroyPools(remote: Remote): Promise<boolean> {
  // From the kernel's own list: `zpool list` hangs once a pool is suspended.
  const listed = await remote.sh(
    'for p in /proc/spl/kstat/zfs/*/state; do [ -e "$p" ] && basename "$(dirname "$p")"; done; true',
    { timeoutMs: 20_000 },
  );
  const names = listed.stdout.split("\n").filter((name) => name !== "");
  for (const name of names) {
    try {
      await destroyPool(remote, name);
    } catch {
      return false;
    }
  }
  await remote.sh("rm -f /pools/*");
  return true;
}

async function destroyPool(remote: Remote, name: string): Promise<void> {
  const pool = quote(name);
  await remote.sh(
    `[ -e /proc/spl/kstat/zfs/${pool}/state ] || exit 0
     suspended() { grep -q SUSPENDED /proc/spl/kstat/zfs/${pool}/state; }
     if suspended; then
       # It may get stuck in the kernel, where no signal reaches it.
       zpool clear ${pool} >/dev/null 2>&1 &
       for n in 1 2 3 4 5; do suspended && sleep 1; done
       suspended && exit 1
     fi
     for n in 1 2 3 4 5; do
       timeout -k 1 15 zpool destroy -f ${pool} && exit 0
       fuser -k -M -m /${pool} >/dev/null 2>&1
       sleep 1
     done
     exit 1`,
    // One that is stuck in the kernel does not even heed timeout's SIGKILL.
    { timeoutMs: 60_000 },
  );
}

/** Every snapshot of a dataset and below it, with its GUID as text. */
export async function guids(remote: Remote, dataset: string): Promise<Map<string, string>> {
  const { stdout } = await remote.sh(`zfs list -H -p -r -t snapshot -o name,guid ${quote(dataset)}`, {
    // A dataset that is not mounted is opened for each of its snapshots.
    timeoutMs: 1_200_000,
  });
  return new Map(
    stdout.split("\n").filter((line) => line !== "").map((line) => {
      const tab = line.lastIndexOf("\t");
      return [line.slice(0, tab), line.slice(tab + 1)];
    }),
  );
}

/**
 * One SHA-256 of all that a snapshot holds: of a filesystem the names, modes,
 * owners, times and contents; of a volume the blocks, through a clone that is
 * gone afterwards.
 */
export async function checksum(remote: Remote, snapshot: string): Promise<string> {
  const type = await remote.sh(`zfs get -H -o value type ${quote(snapshot.split("@")[0] ?? "")}`);
  const script = type.stdout.trim() === "volume" ? ofVolume(snapshot) : ofFilesystem(snapshot);
  const { stdout } = await remote.sh(script, { timeoutMs: 300_000 });
  const sum = stdout.slice(0, 64);
  if (!/^[0-9a-f]{64}$/.test(sum)) throw new Error(`no checksum of ${snapshot}: ${stdout}`);
  return sum;
}

function ofFilesystem(snapshot: string): string {
  return `set -e
    at=$(mktemp -d)
    trap 'umount "$at" 2>/dev/null; rmdir "$at"' EXIT
    mount -t zfs -o ro ${quote(snapshot)} "$at"
    tar -C "$at" --sort=name --numeric-owner --format=gnu -cf - . | sha256sum`;
}

/**
 * A line of shell that waits for a volume's block device, at most ten seconds: its link comes some 50 ms after
 * `zfs create -V`.
 */
export function awaitDevice(volume: string): string {
  const device = quote(`/dev/zvol/${volume.replaceAll(" ", "+")}`);
  return `n=0; until [ -b ${device} ]; do n=$((n + 1)); [ $n -le 200 ] || exit 1; sleep 0.05; done`;
}

function ofVolume(snapshot: string): string {
  const pool = snapshot.split(/[/@]/)[0] ?? "";
  return `set -e
    clone=${quote(pool)}/lab-checksum-$$
    zfs clone -o readonly=on ${quote(snapshot)} "$clone"
    trap 'udevadm settle --timeout=10; zfs destroy "$clone"' EXIT
    n=0
    until [ -b "/dev/zvol/$clone" ]; do n=$((n + 1)); [ $n -lt 100 ]; sleep 0.1; done
    sha256sum <"/dev/zvol/$clone"`;
}
