/** Where the state of a running lab lives: one folder a lab, outside the tree. */

/** The two hosts of every lab. */
export type HostName = "source" | "target";

/** Both hosts, in the order in which they are started. */
export const hostNames: readonly HostName[] = ["source", "target"];

/** The releases of OpenZFS that a host can run. */
export const releases = ["2.1", "2.3", "2.4"] as const;

/** One release of OpenZFS that a host can run. */
export type Release = typeof releases[number];

/** Tells whether a word names a host of the lab. */
export function isHostName(word: string): word is HostName {
  return word === "source" || word === "target";
}

/** Tells whether a word names a release that the lab can build. */
export function isRelease(word: string): word is Release {
  return (releases as readonly string[]).includes(word);
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

/** The process whose network namespace a lab's hosts live in, as text. */
export function networkOwner(folder: string): string {
  return `${folder}/network`;
}
