/** A host of the lab as tests see it. */

import { tell } from "./machine/control.ts";
import type { HostName } from "./machine/folder.ts";
import { checksum, destroyPools, guids, makePool, poolDisk, type PoolOptions } from "./pools.ts";
import { clearMailbox, mailbox, syslog } from "./post.ts";
import { Remote, type ShOptions, type ShResult } from "./remote.ts";

/** A host of the lab. Every wait in it has a limit. */
export interface LabHost {
  readonly name: HostName;
  /** Runs a script as root, or as another user; throws when it fails, unless told not to. */
  sh(script: string, options?: ShOptions): Promise<ShResult>;
  /** Copies a file into the host. */
  put(localPath: string, remotePath: string, mode?: number): Promise<void>;
  /** Copies a file out of the host. */
  get(remotePath: string, localPath: string): Promise<void>;
  /** Writes a text file in the host. */
  write(remotePath: string, text: string, mode?: number): Promise<void>;
  /** Makes an empty pool with plain defaults, after destroying one of that name. */
  makePool(name: string, options?: PoolOptions): Promise<void>;
  /** Is rid of every pool, also of a suspended one; as the last resort by a power cycle. */
  destroyPools(): Promise<void>;
  /** Every snapshot of a dataset and below it, with its GUID as text. */
  guids(dataset: string): Promise<Map<string, string>>;
  /** One checksum of all that a snapshot of a filesystem or volume holds. */
  checksum(snapshot: string): Promise<string>;
  /** The messages in a mailbox, oldest first; root's by default. */
  mailbox(user?: string): Promise<readonly string[]>;
  /** Empties a mailbox; root's by default. */
  clearMailbox(user?: string): Promise<void>;
  /** The lines of the syslog, of one tag or all. */
  syslog(tag?: string): Promise<readonly string[]>;
  /** Pulls the plug. Both disks keep what was written to them. */
  powerOff(): Promise<void>;
  /** Boots the host again; pools that were imported are imported again. */
  powerOn(): Promise<void>;
  /** Stops the host: it neither answers nor hangs up. */
  freeze(): Promise<void>;
  /** Lets a frozen host go on. */
  thaw(): Promise<void>;
}

/** The handle of one host of a running lab. */
export function labHost(folder: string, name: HostName): LabHost {
  const remote = new Remote(folder, name);
  const order = async (word: "power-off" | "power-on" | "freeze" | "thaw") => {
    await tell(folder, word, name);
  };
  return {
    name,
    sh: (script, options) => remote.sh(script, options),
    put: (localPath, remotePath, mode) => remote.put(localPath, remotePath, mode),
    get: (remotePath, localPath) => remote.get(remotePath, localPath),
    write: (remotePath, text, mode) => remote.write(remotePath, text, mode),
    makePool: (pool, options) => makePool(remote, pool, options),
    guids: (dataset) => guids(remote, dataset),
    checksum: (snapshot) => checksum(remote, snapshot),
    mailbox: (user) => mailbox(remote, user),
    clearMailbox: (user) => clearMailbox(remote, user),
    syslog: (tag) => syslog(remote, tag),
    powerOff: () => order("power-off"),
    powerOn: () => order("power-on"),
    freeze: () => order("freeze"),
    thaw: () => order("thaw"),
    async destroyPools() {
      if (await destroyPools(remote)) return;
      // A pool that is stuck in the kernel goes only with the kernel.
      await remote.sh("rm -f /etc/zfs/zpool.cache /pools/*; sync /etc/zfs");
      await order("power-off");
      await order("power-on");
      await remote.sh(`zpool labelclear -f ${poolDisk} 2>/dev/null; true`);
    },
  };
}
