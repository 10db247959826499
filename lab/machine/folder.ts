/** Where the state of a running lab lives: one folder a lab, outside the tree. */

/** The two hosts of every lab. */
export type HostName = "source" | "target";

/** Both hosts, in the order in which they are started. */
export const hostNames: readonly HostName[] = ["source", "target"];

/** The OpenZFS releases that a host can run: `trixie` is 2.3, `bookworm` 2.1. */
export type Release = "trixie" | "bookworm";

/** Tells whether a word names a host of the lab. */
export function isHostName(word: string): word is HostName {
  return word === "source" || word === "target";
}

/** Tells whether a word names a release that the lab can build. */
export function isRelease(word: string): word is Release {
  return word === "trixie" || word === "bookworm";
}

/**
 * The run folder of a lab. It has to stay short, since it holds Unix sockets;
 * and on a disk, since it holds the pools.
 */
export function labFolder(name: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(name)) {
    throw new Error(`not a lab name: ${JSON.stringify(name)} (a-z, 0-9 and -, up to 32)`);
  }
  return `${Deno.env.get("TMPDIR") ?? "/tmp"}/bzman-lab-${Deno.uid()}/${name}`;
}

/** The socket on which a lab's keeper takes its orders. */
export function controlSocket(folder: string): string {
  return `${folder}/control`;
}

/** The ssh configuration that reaches both hosts of a lab by name. */
export function sshConfig(folder: string): string {
  return `${folder}/ssh_config`;
}

/** What a host's kernel and boot script print. */
export function consoleLog(folder: string, host: HostName): string {
  return `${folder}/${host}.console`;
}

/** The disk through which big files reach a host. */
export function trayDisk(folder: string, host: HostName): string {
  return `${folder}/${host}-tray.img`;
}
