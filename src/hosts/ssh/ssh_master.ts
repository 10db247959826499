/**
 * The master connection: one ssh that logs in once and then carries every session of a run through its socket.
 *
 * It is a plain child (`-N`), not one that goes to the background (`ControlPersist`): so it ends when bzman ends it,
 * and its own words, the only ones that tell why a connection died, are there to read.
 *
 * @module
 */

import { type Capture, captureTail } from "../process/capture.ts";
import { childEnvironment, resolveProgram, systemPath } from "../process/environment.ts";
import type { OrphanReaper } from "../process/orphan_reaper.ts";
import { terminable } from "../process/run_process.ts";
import { terminate, within } from "../process/terminate.ts";

/** How opening a master ended. */
export type MasterStart =
  | { readonly kind: "ready"; readonly master: SshMaster }
  | { readonly kind: "failed"; readonly status: number; readonly stderr: string };

/** How the socket is waited for: first often, since a near host is there at once, then less so. In milliseconds. */
const firstPollMs = 5;
const longestPollMs = 100;

/** A connection that is open. */
export class SshMaster {
  readonly #child: Deno.ChildProcess;
  readonly #stderr: Capture;
  readonly #reaper: OrphanReaper | undefined;
  /** The path of its socket. */
  readonly socket: string;
  #alive = true;

  /** For {@linkcode startMaster}. */
  constructor(child: Deno.ChildProcess, stderr: Capture, socket: string, reaper: OrphanReaper | undefined) {
    this.#child = child;
    this.#stderr = stderr;
    this.#reaper = reaper;
    this.socket = socket;
    child.status.then(() => {
      this.#alive = false;
      reaper?.forget(child.pid);
    });
  }

  /** Whether its process is still there. */
  get alive(): boolean {
    return this.#alive;
  }

  /** The last it wrote to standard error: why it ended. */
  get stderr(): string {
    return this.#stderr.text();
  }

  /** Waits a moment for its last words: a session can notice the end of a connection before the master says why. */
  async lastWords(): Promise<void> {
    await within(Promise.all([this.#child.status, this.#stderr.done]), 300);
  }

  /** Ends it and the sessions in it. Idempotent. */
  async close(): Promise<void> {
    if (this.#alive) await terminate(terminable(this.#child), { graceMs: 2000, abandonMs: 1000 });
    if (this.#alive) this.#child.unref();
    this.#reaper?.forget(this.#child.pid);
    await this.#stderr.cancel();
    await Deno.remove(this.socket).catch(() => {});
  }
}

/**
 * Opens a master connection.
 *
 * @param argv As `masterArgv` makes it.
 * @param socket The path that it will make; nothing may be there yet.
 * @param limitMs How long all of it may take: resolving, connecting, logging in.
 * @param signal Gives up when aborted.
 */
export async function startMaster(
  argv: readonly string[],
  socket: string,
  limitMs: number,
  env: Readonly<Record<string, string>>,
  reaper: OrphanReaper | undefined,
  signal: AbortSignal,
): Promise<MasterStart> {
  const environment: Record<string, string> = { ...childEnvironment(), ...proxyPath(), ...env };
  const program = resolveProgram("ssh", env["PATH"]);
  if (program === undefined) return { kind: "failed", status: 127, stderr: "ssh: not found" };
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program, {
      args: argv.slice(1),
      clearEnv: true,
      env: environment,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
      detached: true,
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return { kind: "failed", status: 126, stderr: `ssh: ${error instanceof Error ? error.message : String(error)}` };
  }
  reaper?.watch(child.pid);
  const stderr = captureTail(child.stderr, 8192);
  const master = new SshMaster(child, stderr, socket, reaper);
  const deadline = performance.now() + limitMs;
  for (
    let pollMs = firstPollMs;
    performance.now() < deadline && !signal.aborted;
    pollMs = Math.min(2 * pollMs, longestPollMs)
  ) {
    if (await exists(socket)) return { kind: "ready", master };
    if (!await within(child.status, pollMs)) continue;
    await within(stderr.done, 500);
    await master.close();
    return { kind: "failed", status: (await child.status).code, stderr: master.stderr };
  }
  const said = master.stderr;
  await master.close();
  return { kind: "failed", status: 255, stderr: `${said}\nConnection timed out after ${limitMs} ms` };
}

/** A user's own ssh configuration may name a ProxyCommand of the user's own PATH, for what the system has not. Root's may not. */
function proxyPath(): Record<string, string> {
  const own = (Deno.env.get("PATH") ?? "").split(":").filter((folder) => folder.startsWith("/"));
  return Deno.uid() === 0 ? {} : { PATH: [systemPath, ...own].join(":") };
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch {
    return false;
  }
}
