/**
 * All hosts of one run, with what they share: the keeper, and the private folder for the sockets of ssh.
 *
 * @module
 */

import type { Host } from "../core/ports.ts";
import type { CommandTrace } from "./command_trace.ts";
import { OrphanReaper } from "./process/orphan_reaper.ts";
import { type HostSettings, LocalHost } from "./local_host.ts";
import { SshHost } from "./ssh/ssh_host.ts";
import type { SshSettings } from "./ssh/ssh_options.ts";

/** What a run's hosts can be given. */
export interface HostsSettings {
  readonly ssh?: SshSettings;
  /** Variables on top of the usual environment, for tests. */
  readonly env?: Readonly<Record<string, string>>;
  /** Is told of every call, for `--debug`. */
  readonly trace?: CommandTrace;
  /** Where the private folder may lie, the best first, for tests. */
  readonly socketFolders?: readonly string[];
}

/** The socket of a master, with the 17 characters that ssh adds for a moment, must fit into 108 bytes. */
const longestSocketPath = 90;

/** The hosts of one run. Dispose of them at its end. */
export class Hosts implements AsyncDisposable {
  /** Ends what a killed bzman leaves behind. */
  readonly reaper: OrphanReaper = new OrphanReaper();
  /** This machine. */
  readonly local: LocalHost;
  readonly #settings: HostsSettings;
  readonly #remote = new Map<string, SshHost>();
  #folder: Promise<string> | undefined;
  #sockets = 0;

  /** @param settings What all hosts get. */
  constructor(settings: HostsSettings = {}) {
    this.#settings = settings;
    this.local = new LocalHost(this.#shared());
  }

  /**
   * The host for the host part of an endpoint; the same object each time, and no connection yet.
   *
   * @param destination `user@host` or `host`; `undefined` for this machine.
   * @throws {RangeError} If it could be taken for an option.
   */
  at(destination: string | undefined): Host {
    if (destination === undefined) return this.local;
    let host = this.#remote.get(destination);
    if (host === undefined) {
      const { ssh } = this.#settings;
      host = new SshHost({
        ...this.#shared(),
        destination,
        socketPath: () => this.#socketPath(),
        ...(ssh !== undefined && { ssh }),
      });
      this.#remote.set(destination, host);
    }
    return host;
  }

  /** Ends every connection and the keeper. Idempotent. */
  async close(): Promise<void> {
    await Promise.all([...this.#remote.values()].map((host) => host.close()));
    const folder = await this.#folder?.catch(() => undefined);
    this.#folder = undefined;
    if (folder !== undefined) await Deno.remove(folder, { recursive: true }).catch(() => {});
    await this.reaper.close();
  }

  /** See {@linkcode close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #shared(): HostSettings {
    const { env, trace } = this.#settings;
    return { reaper: this.reaper, ...(env !== undefined && { env }), ...(trace !== undefined && { trace }) };
  }

  async #socketPath(): Promise<string> {
    const making = this.#folder ??= this.#makeFolder();
    // A disk that is full now may have room when the connection is tried again.
    making.catch(() => this.#folder = undefined);
    return `${await making}/${++this.#sockets}`;
  }

  // A fresh folder that only this user can enter. What is made in /tmp by a fixed name, somebody else may have made.
  async #makeFolder(): Promise<string> {
    const { socketFolders = [Deno.env.get("XDG_RUNTIME_DIR") ?? "", "/run", "/tmp"] } = this.#settings;
    for (const dir of socketFolders) {
      if (!dir.startsWith("/") || dir.length > longestSocketPath - 24) continue;
      try {
        const folder = await Deno.makeTempDir({ dir, prefix: "bzman-" });
        this.reaper.ownFolder(folder);
        return folder;
      } catch {
        // Not there or not ours to write.
      }
    }
    throw new Error("no folder for the sockets of ssh: neither XDG_RUNTIME_DIR, /run nor /tmp can be written");
  }
}
