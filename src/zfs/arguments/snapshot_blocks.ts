/**
 * Looks into a snapshot of a volume: the checksums of its blocks.
 *
 * Such a snapshot has a device only while `snapdev=visible`. Where it has none, the property is set for as long as its blocks
 * are read, and put back by the same script, however that ends; a user property remembers how it was, so that after a SIGKILL
 * or a power cut the next look puts it back. See docs/decisions/2026-11-22-volume-contents.md.
 *
 * @module
 */

import { type Command, parseRows } from "./command.ts";
import type { DatasetName } from "../names/names.ts";
import { snapdevProperty } from "../names/bzman_names.ts";
import { stdinWatchdog } from "./stdin_watchdog.ts";
import { fullName, type Snapshot } from "../names/version.ts";

/** Blocks are compared in pieces of so many bytes. */
export const pieceBytes = 2 ** 20;

/** How `snapdev` was before it was touched: set here, received, or neither; or already `visible`. */
export type SnapdevState = "local" | "received" | "inherit" | "visible";

/** What is known of a volume's devices. */
export interface VolumeState {
  readonly snapdev: SnapdevState;
  /** An earlier look was cut off before it could put the property back to this. */
  readonly leftover: Exclude<SnapdevState, "visible"> | undefined;
}

/** A run of pieces. */
export interface Pieces {
  /** Counted from 0. */
  readonly first: number;
  readonly count: number;
}

/** The checksums of a snapshot's pieces. */
export interface BlockHashes {
  readonly bytes: bigint;
  /** One for each run that was asked for. */
  readonly hashes: readonly string[];
}

/** Asks how a volume's `snapdev` stands. */
export function volumeState(volume: DatasetName): Command<VolumeState> {
  return {
    argv: ["zfs", "get", "-H", "-p", "-o", "property,value,source", `snapdev,${snapdevProperty}`, volume],
    parse(stdout) {
      const rows = new Map(
        parseRows(stdout, 3).map(([property = "", value = "", source = ""]) => {
          return [property, { value, source }] as const;
        }),
      );
      const snapdev = rows.get("snapdev");
      if (snapdev === undefined) throw new SyntaxError("nothing about snapdev");
      const mark = rows.get(snapdevProperty);
      const { value, source } = snapdev;
      return {
        snapdev: value === "visible" ? "visible" : source === "local" || source === "received" ? source : "inherit",
        // What was received with it is that of another machine.
        leftover: mark?.source === "local" && isBefore(mark.value) ? mark.value : undefined,
      };
    },
  };
}

/** Asks how large a volume was when it was snapshot, in bytes. */
export function volumeSize(snapshot: Snapshot): Command<bigint> {
  return {
    argv: ["zfs", "get", "-H", "-p", "-o", "value", "volsize", fullName(snapshot)],
    parse(stdout) {
      if (!/^[0-9]+\n$/.test(stdout)) throw new SyntaxError(`not a size: ${stdout.slice(0, 80)}`);
      return BigInt(stdout);
    },
  };
}

/** The commands that put `snapdev` back. */
export function restoreSnapdev(volume: DatasetName, before: Exclude<SnapdevState, "visible">): readonly string[][] {
  const back = {
    local: ["zfs", "set", "snapdev=hidden", volume],
    received: ["zfs", "inherit", "-S", "snapdev", volume],
    inherit: ["zfs", "inherit", "snapdev", volume],
  };
  return [back[before], ["zfs", "inherit", snapdevProperty, volume]];
}

/** The checksums of some pieces. */
export function hashBlocks(snapshot: Snapshot, before: SnapdevState, pieces: readonly Pieces[]): Command<BlockHashes> {
  const words = pieces.flatMap(({ first, count }) => [String(first), String(count)]);
  return {
    argv: ["sh", "-c", blocksScript, "bzman-verify", snapshot.dataset, snapshot.name, before, ...words],
    parse(stdout) {
      const [size = "", ...lines] = stdout.split("\n").filter((line) => line !== "");
      const hashes = lines.map((line) => /^([0-9a-f]{64}) {2}-$/.exec(line)?.[1]);
      if (!/^[0-9]+$/.test(size) || hashes.length !== pieces.length || hashes.includes(undefined)) {
        throw new SyntaxError(`not the checksums of ${pieces.length} pieces: ${stdout.slice(0, 80)}`);
      }
      return { bytes: BigInt(size), hashes: hashes.filter((hash) => hash !== undefined) };
    },
  };
}

// Arguments: the volume, the part behind `@`, how snapdev is, then pairs of a piece and a number of pieces. After TERM there are
// few seconds left before KILL: then udev's last looks at the devices are not waited for.
// zvol_id.c: in the link's name a blank is a plus.
const blocksScript = `${stdinWatchdog}v=$1;p=$3;t=;q=30;l=/dev/zvol/$(printf %s "$1@$2"|tr ' ' +);shift 3;` +
  "u(){ trap '' HUP INT TERM PIPE;kill $w 2>/dev/null;[ -n \"$t\" ]||return;" +
  "udevadm settle --timeout=$q >/dev/null 2>&1;" +
  'case $p in local) zfs set snapdev=hidden "$v";;received) zfs inherit -S snapdev "$v";;' +
  `*) zfs inherit snapdev "$v";;esac&&zfs inherit ${snapdevProperty} "$v";};` +
  "trap u EXIT;trap 'q=1;exit 143' HUP INT TERM PIPE;" +
  `[ -b "$l" ]||[ $p = visible ]||{ t=1;zfs set "${snapdevProperty}=$p" "$v"&&zfs set snapdev=visible "$v"||exit 1;};` +
  'n=0;until [ -b "$l" ];do [ $n -lt 150 ]||{ echo "no device $l appeared" >&2;exit 1;};n=$((n+1));sleep 0.2;done;' +
  'blockdev --getsize64 "$l"||exit 1;' +
  `while [ $# -gt 1 ];do dd if="$l" bs=${pieceBytes} skip=$1 count=$2 status=none|sha256sum;shift 2;done`;

function isBefore(text: string): text is Exclude<SnapdevState, "visible"> {
  return text === "local" || text === "received" || text === "inherit";
}
