/**
 * The lab's handle for tests: two hosts with a real OpenZFS each, a
 * virtual link between them, and everything that can go wrong with either.
 *
 * ```ts
 * await using lab = await bootLab();
 * await lab.source.makePool("tank");
 * await lab.source.sh("zfs list");
 * ```
 */

import { type LabHost, labHost } from "./host.ts";
import { tell } from "./machine/control.ts";
import { exists } from "./machine/exists.ts";
import { labFolder, type Release } from "./machine/folder.ts";

export type { LabHost } from "./host.ts";
export { awaitDevice, type PoolOptions } from "./pools.ts";
export type { ShOptions, ShResult } from "./remote.ts";
export { quote } from "./remote.ts";

/** Which pair to boot. */
export interface BootOptions {
  /** The release on the source. Default `2.3`. */
  readonly sourceRelease?: Release;
  /** The release on the target. Default `2.3`. */
  readonly targetRelease?: Release;
  /** The name of the lab, for `BZMAN_LAB=name lab/run …`. Default one of its own. */
  readonly name?: string;
}

/** A running pair of hosts. */
export interface Lab extends AsyncDisposable {
  readonly name: string;
  readonly source: LabHost;
  readonly target: LabHost;
  /** Drops everything between the hosts, in both directions, without a word to either. */
  cutLink(): Promise<void>;
  /** Joins them again. */
  healLink(): Promise<void>;
}

let count = 0;

/**
 * Boots a pair of hosts that ends with this process, however it ends.
 *
 * Where the environment names a lab that `lab/up` started, in
 * `BZMAN_LAB_JOIN`, that one is joined instead, and left running: it saves
 * the boot while a test is being written. Its hosts keep what happened to them.
 */
export async function bootLab(options: BootOptions = {}): Promise<Lab> {
  const join = Deno.env.get("BZMAN_LAB_JOIN");
  if (join !== undefined && options.sourceRelease === undefined && options.targetRelease === undefined) {
    return joinLab(join);
  }
  const { sourceRelease = "2.3", targetRelease = "2.3" } = options;
  const name = options.name ?? `test-${Deno.pid}-${++count}`;
  const keeper = startKeeper([name, sourceRelease, targetRelease, "stdin"]);
  const held = keeper.stdin.getWriter();
  const words = keeper.stdout.getReader();
  const down = async () => {
    await held.close().catch(() => {/* it is gone already */});
    await keeper.status;
    await words.cancel();
  };
  if ((await words.read()).done) {
    await down();
    throw new Error(`lab: ${name} did not boot`);
  }
  return handle(name, down);
}

/** Joins a lab that is up, and leaves it up when disposed of. */
export async function joinLab(name: string): Promise<Lab> {
  if (!await exists(`${labFolder(name)}/ready`)) throw new Error(`lab: '${name}' is not up (lab/up starts it)`);
  const lab = handle(name, () => Promise.resolve());
  await lab.healLink();
  return lab;
}

/** Puts the packaged bzman at /usr/local/bin on both hosts. */
export async function installBzman(lab: Lab, path: string): Promise<void> {
  await Promise.all([lab.source, lab.target].map((host) => host.put(path, "/usr/local/bin/bzman", 0o755)));
}

function handle(name: string, down: () => Promise<void>): Lab {
  const folder = labFolder(name);
  return {
    name,
    source: labHost(folder, "source"),
    target: labHost(folder, "target"),
    async cutLink() {
      await tell(folder, "cut");
    },
    async healLink() {
      await tell(folder, "heal");
    },
    [Symbol.asyncDispose]: down,
  };
}

function startKeeper(words: readonly string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-lock", "--no-config", "--allow-read", "--allow-write", "--allow-run"],
      ...["--allow-env", "--allow-net", "--allow-sys=uid"],
      new URL("./machine/keeper.ts", import.meta.url).pathname,
      ...words,
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}
