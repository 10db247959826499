/**
 * What one side is able to do, in a quick call that meets every hindrance (no connection, no ZFS, a hanging pool) within
 * seconds; the listing of its tree follows in `list_tree.ts`.
 *
 * @module
 */

import type { Command } from "../../zfs/arguments/command.ts";
import { type Features, poolFeatures } from "../../zfs/pools/features.ts";
import type { DatasetName } from "../../zfs/names/names.ts";
import { listPools, type Pool, type ZfsVersion, zfsVersion } from "../../zfs/pools/pool.ts";
import { exitStatus, Fault } from "../fault.ts";
import type { Host, Outcome } from "../ports.ts";
import { parseOutput } from "./query.ts";

/** What a host is able to do, asked once a run. */
export interface HostInfo {
  readonly label: string;
  readonly zfs: ZfsVersion;
  readonly pools: readonly Pool[];
  /** Its clock minus ours, in milliseconds; good to about a second. */
  readonly clockOffsetMs: number;
  /** Whether mbuffer is installed; `undefined` when it was not asked for. */
  readonly mbuffer: boolean | undefined;
  /** Whether commands run as root there. */
  readonly isRoot: boolean;
  /**
   * The same for all names and addresses of a machine, and another one for each other machine; `undefined` where it cannot be
   * read.
   */
  readonly bootId: string | undefined;
  /** Of the pool that matters; empty where they cannot be read. */
  readonly features: Features;
}

/** A host whose disks sleep may need this long to answer; a hanging pool never does. */
const quickLimitMs = 60_000;

/** Asks a host for its clock: milliseconds since 1970, in whole seconds. */
export const readClock: Command<number> = {
  argv: ["date", "+%s"],
  parse(stdout) {
    if (!/^[0-9]+\n?$/.test(stdout)) throw new SyntaxError(`not a time: ${stdout.slice(0, 80)}`);
    return Number(stdout) * 1000;
  },
};

const userId: Command<boolean> = {
  argv: ["id", "-u"],
  parse(stdout) {
    if (!/^[0-9]+\n?$/.test(stdout)) throw new SyntaxError(`not a user id: ${stdout.slice(0, 80)}`);
    return Number(stdout) === 0;
  },
};

/**
 * The identifier that the kernel made when it started (random(4)). A machine's own identifier and host id are copied with its
 * disks; this one is not.
 */
const bootId: Command<string> = {
  argv: ["cat", "/proc/sys/kernel/random/boot_id"],
  parse(stdout) {
    if (!/^[0-9a-f-]{36}\n?$/.test(stdout)) throw new SyntaxError(`not a boot identifier: ${stdout.slice(0, 80)}`);
    return stdout.trim();
  },
};

function readBootId({ status, stdout }: Outcome): string | undefined {
  try {
    return status === 0 ? bootId.parse(stdout) : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/**
 * Asks what a host is able to do.
 *
 * @throws {Fault} Connection, missing programs, a kernel without ZFS, a hanging pool: each with its own class.
 */
export async function probeHost(
  host: Host,
  pool: DatasetName,
  nowMs: () => number,
  wantMbuffer: boolean,
  signal: AbortSignal,
): Promise<HostInfo> {
  const features = poolFeatures(pool);
  const commands = [zfsVersion().argv, listPools().argv, readClock.argv, userId.argv, features.argv, bootId.argv];
  const outcomes = await host.runAll(wantMbuffer ? [...commands, ["mbuffer", "--version"]] : commands, {
    timeoutMs: quickLimitMs,
    signal,
  });
  const answeredAt = nowMs();
  const [version, pools, date, id, flags, boot, mbuffer] = outcomes;
  if (!version || !pools || !date || !id || !boot) throw new RangeError("runAll gave fewer outcomes than commands");
  const refuse = (fault: Fault): never => {
    throw new Fault({ ...fault.parts, exit: exitStatus.refused });
  };
  try {
    const zfs = parseOutput(host, zfsVersion(), version, "cannot run zfs");
    return {
      label: host.label,
      zfs,
      pools: parseOutput(host, listPools(), pools, "cannot list pools"),
      clockOffsetMs: parseOutput(host, readClock, date, "cannot read the clock") - answeredAt,
      isRoot: parseOutput(host, userId, id, "cannot tell the user"),
      bootId: readBootId(boot),
      // A pool that is not imported has none to tell, and is judged by that.
      features: flags?.status === 0 ? features.parse(flags.stdout) : new Map(),
      mbuffer: wantMbuffer ? mbuffer !== undefined && mbuffer.status !== 127 && mbuffer.status !== 126 : undefined,
    };
  } catch (error) {
    return error instanceof Fault ? refuse(error) : Promise.reject(error);
  }
}
