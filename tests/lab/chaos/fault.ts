/**
 * What a fault of the campaign is, and the moment at which it strikes.
 *
 * @module
 */

import { type Lab, type LabHost, quote, type ShResult } from "../../../lab/lab.ts";
import { bzman } from "../support/bzman.ts";
import type { Chance } from "./random.ts";

/** What a fault can work with. */
export interface Scene {
  readonly lab: Lab;
  readonly chance: Chance;
  /** The arguments of every run of this round. */
  readonly args: readonly string[];
}

/** A run that something happened to. */
export interface Disturbed extends ShResult {
  /** Whether it happened while the run went on: a run with nothing to send may be over before. */
  readonly hit: boolean;
}

/** Something that goes wrong while bzman works. */
export interface ChaosFault {
  readonly name: string;
  /** Replicates while it goes wrong, and undoes what bzman cannot undo itself. */
  readonly strike: (scene: Scene) => Promise<Disturbed>;
  /** The exit statuses that the run may have; by default those of a run that did, or did not, get over a fault. */
  readonly exits?: readonly number[];
  /** Whether the record may lack this run, or know it as one that never ended. */
  readonly untold?: boolean;
  /** Whether the receiver may live on: nobody told its host that the other one is gone. The next run has to end it. */
  readonly lingers?: boolean;
}

/** The statuses of a run that got over a fault, failed, or was refused at its start. */
export const usualExits: readonly number[] = [0, 1, 3];

/** Exists as long as the run is over. */
const over = "/run/chaos-over";
/** The process of the run. */
export const runPid = "/run/chaos-pid";

/** The steps of a run at which something strikes, told by the processes of the source. */
const moments = [
  // While the stream flows, when mbuffer has passed on so many bytes.
  ...[0, 0, 200_000, 700_000, 1_300_000, 1_900_000].map((bytes) => passed(bytes)),
  // When a stream has ended: between the receive and the record.
  `${appears("[^ ]*zfs send ")}; while pgrep -f '^[^ ]*zfs send ' >/dev/null; do over && exit; sleep 0.02; done`,
  // When the snapshot is made, and when the copy is protected or pruned.
  appears("[^ ]*zfs (snapshot|program) "),
  appears("[^ ]*zfs (bookmark|release|destroy|program) "),
  // While the hosts are asked and listed.
  appears("[^ ]*zfs (list|get) "),
  appears("[^ ]*ssh .* -N "),
];

/** A line of shell that waits for a process whose command line begins so. */
function appears(pattern: string): string {
  return `until pgrep -f ${quote(`^${pattern}`)} >/dev/null; do over && exit; sleep 0.02; done`;
}

/** A line of shell that waits until the buffer of the pipeline passed on so many bytes (`wchar` in proc_pid_io(5)). */
function passed(bytes: number): string {
  return `${appears("[^ ]*zfs send ")}
    while buffer=$(pgrep -o -f '^[^ ]*mbuffer ') && { read -r _ && read -r _ n; } 2>/dev/null </proc/$buffer/io &&
      [ "$n" -lt ${bytes} ]; do over && exit; sleep 0.02; done`;
}

/** A script for the source that waits for a moment of the run that chance picks, and then does `deed`; it prints `hit`. */
function atMoment(chance: Chance, deed: string): string {
  return `over() { [ -e ${over} ]; }
    ${chance.pick(moments)}
    over || { ${deed}
    echo hit; }`;
}

/** Starts a run on the source. It becomes the process whose id is in {@linkcode runPid}. */
export function startRun({ lab, args }: Scene, before = ""): Promise<ShResult> {
  // The handle's shell outlives bzman, to say that it is over.
  const run = `echo $$ >${runPid}; ${before} exec bzman replicate ${args.map(quote).join(" ")}`;
  return lab.source.sh(`sh -c ${quote(run)}; code=$?; : >${over}; exit $code`, { check: false, timeoutMs: 600_000 });
}

/** Makes ready for a run: nothing is over yet. */
export async function beginRun({ lab }: Scene): Promise<void> {
  await lab.source.sh(`rm -f ${over} ${runPid}`);
}

/** Runs undisturbed. */
export async function replicateInPeace({ lab, args }: Scene): Promise<ShResult> {
  return await bzman(lab.source, ["replicate", ...args]);
}

/**
 * A run to which a deed is done at a moment that chance picks.
 *
 * @param deed A line of shell for the source.
 * @param after What the test does itself, right after the deed; whatever it begins it ends.
 */
export async function disturb(scene: Scene, deed: string, after?: () => Promise<void>): Promise<Disturbed> {
  await beginRun(scene);
  const run = startRun(scene);
  const watch = await scene.lab.source.sh(atMoment(scene.chance, deed), { check: false, timeoutMs: 600_000 });
  const hit = watch.stdout.includes("hit");
  if (hit) await after?.();
  return { ...await run, hit };
}

/** Waits so long, where only the length of something matters. */
export function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

/** Runs a script on a host and passes over what comes of it: what it is about may be gone by now. */
export async function tryOn(host: LabHost, script: string): Promise<void> {
  await host.sh(script, { check: false });
}
