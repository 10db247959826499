/** How a host's kernel, an ordinary program, is started: User-Mode Linux. */

import { consoleLog, type HostName } from "./folder.ts";
import { tapName } from "./network.ts";

/** What a host is made of. */
export interface Parts {
  readonly host: HostName;
  /** The lab's run folder. */
  readonly folder: string;
  /** The folder of the image, as `lab/image/build` printed it. */
  readonly image: string;
  /** The version of Linux in it, such as `7.2`. */
  readonly version: string;
  /** The processor it runs on: a host that moves between processors pays three times as much for a system call. */
  readonly processor: number;
}

/** What the root disk differs in from the shared image. */
export function rootDisk(folder: string, host: HostName): string {
  return `${folder}/${host}.cow`;
}

/** The disk for the host's pool. */
export function poolDisk(folder: string, host: HostName): string {
  return `${folder}/${host}.pool`;
}

/** Makes a blank disk for the pool; the layer over the root disk is made by the kernel itself. */
export async function makeDisks(folder: string, host: HostName): Promise<void> {
  await Deno.writeFile(poolDisk(folder, host), new Uint8Array());
  await Deno.truncate(poolDisk(folder, host), 8 * 2 ** 30);
}

/**
 * The command that runs a host, to be started within the lab's network.
 *
 * Every program of the host is a process of this machine. They share the process group that its kernel makes, so that one
 * signal freezes them all, and a process namespace, so that they die with it.
 */
export function umlCommand({ host, folder, image, version, processor }: Parts): string[] {
  const mac = (net: number) => `52:54:00:ba:2${net}:0${host === "source" ? 1 : 2}`;
  const nic = (index: number, net: "access" | "link") =>
    `vec${index}:transport=tap,ifname=${tapName(host, net)},gro=1,mac=${mac(index)}`;
  return [
    ...["sh", "-c", `exec "$@" >'${consoleLog(folder, host)}' 2>&1`, "sh"],
    // Before 6.16 there is no seccomp mode; and in ptrace mode the first exec dies of the rseq area that glibc registers.
    ...(isOld(version) ? ["env", "GLIBC_TUNABLES=glibc.pthread.rseq=0"] : []),
    ...["taskset", "-c", String(processor), "unshare", "--pid", "--fork", "--kill-child=KILL", "--"],
    ...[`${image}/linux`, `umid=${host}`, `uml_dir=${folder}`, "mem=2G", ...(isOld(version) ? [] : ["seccomp=on"])],
    ...[`ubd0=${rootDisk(folder, host)},${image}/root.img`, `ubd1=${poolDisk(folder, host)}`],
    ...["root=/dev/ubda", "init=/usr/local/lib/lab/init", `lab.host=${host}`],
    ...[nic(0, "access"), nic(1, "link")],
    ...["con=null", "con0=null,fd:1", "panic=-1", "quiet"],
  ];
}

/** Tells whether a version of Linux is one that catches system calls by ptrace. */
function isOld(version: string): boolean {
  return version.startsWith("6.");
}
