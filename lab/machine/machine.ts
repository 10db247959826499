/** One host and its power switch. */

import { consoleLog, type HostName } from "./folder.ts";
import { GuardedChild } from "./guarded_child.ts";
import type { Network } from "./network.ts";
import { openSshAccess } from "./ssh_access.ts";
import { makeDisks, type Parts, umlCommand } from "./uml.ts";

/** A boot takes a second on an idle machine. */
const bootLimitMs = 60_000;

/** A host that can be switched on and off, frozen and thawed. */
export class Machine {
  /** What this host is made of. */
  readonly parts: Parts;
  readonly #network: Network;
  #kernel: GuardedChild | undefined;
  #access: GuardedChild | undefined;

  /** Puts a host together; nothing is made or started yet. */
  constructor(parts: Parts, network: Network) {
    this.parts = parts;
    this.#network = network;
  }

  /** Makes the disks and starts the host for the first time. */
  async start(): Promise<void> {
    await makeDisks(this.parts.folder, this.parts.host);
    await this.powerOn();
  }

  /** Switches the host on and waits until it has booted and ssh reaches it. */
  async powerOn(): Promise<void> {
    if (this.#kernel !== undefined) return;
    await this.#boot();
    this.#access = await openSshAccess(this.#network, this.parts.folder, this.parts.host);
  }

  /** Pulls the plug: nothing in the host gets to say goodbye. */
  async powerOff(): Promise<void> {
    await this.#kernel?.kill();
    await this.#access?.kill();
    this.#kernel = this.#access = undefined;
  }

  /** Stops every process of the host, so that it neither answers nor hangs up. */
  async freeze(): Promise<void> {
    await this.#kernel?.signalGroupBelow("STOP");
  }

  /** Lets a frozen host go on. */
  async thaw(): Promise<void> {
    await this.#kernel?.signalGroupBelow("CONT");
  }

  /** Off, or on and the process that runs it. */
  status(): string {
    return this.#kernel === undefined ? "off" : `on, process ${this.#kernel.pid}`;
  }

  async #boot(): Promise<void> {
    const { folder, host } = this.parts;
    await Deno.writeTextFile(consoleLog(folder, host), "");
    this.#kernel = await GuardedChild.start(this.#network.inside(umlCommand(this.parts)));
    const deadline = Date.now() + bootLimitMs;
    while (this.#kernel !== undefined && !this.#kernel.ended && Date.now() < deadline) {
      if (await hasBooted(folder, host)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await this.powerOff();
    const log = await Deno.readTextFile(consoleLog(folder, host));
    throw new Error(`${host} did not boot; its last words:\n${log.slice(-2000)}`);
  }
}

async function hasBooted(folder: string, host: HostName): Promise<boolean> {
  return (await Deno.readTextFile(consoleLog(folder, host))).includes(`lab: ${host} is ready`);
}
