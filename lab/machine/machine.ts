/** One emulated host and its power switch. */

import { openDoor, setClock } from "./door.ts";
import { consoleLog } from "./folder.ts";
import { makeDisks, type Parts, qemuCommand } from "./qemu.ts";
import { Tethered } from "./tethered.ts";
import type { Sleeper } from "./sleeper.ts";

/** A boot takes 15 s on an idle machine; on a busy one it has taken ten times that. */
const bootLimitMs = 240_000;

/** A host that can be switched on and off, frozen and thawed. */
export class Machine {
  /** What this host is made of. */
  readonly parts: Parts;
  #qemu: Tethered | undefined;
  #door: Tethered | undefined;

  /** Puts a host together; nothing is made or started yet. */
  constructor(parts: Parts) {
    this.parts = parts;
  }

  /**
   * Makes the disks and starts the host for the first time: by waking it from
   * a saved state where there is one, which saves the boot.
   */
  async start(sleeper: Sleeper | undefined): Promise<void> {
    const { folder, host, image } = this.parts;
    if (sleeper !== undefined) {
      await makeDisks(folder, host, sleeper.disk, "qcow2");
      if (await this.#wake(sleeper)) return;
      console.error(`lab: ${host} did not wake from ${sleeper.memory}; booting it`);
    }
    await makeDisks(folder, host, `${image}/root.img`, "raw");
    await this.powerOn();
  }

  /** Switches the host on and waits until it has booted and ssh reaches it. */
  async powerOn(): Promise<void> {
    if (this.#qemu !== undefined) return;
    await this.boot();
    this.#door = await openDoor(this.parts.folder, this.parts.host);
  }

  /** Switches the host on and waits until it has booted. */
  async boot(): Promise<void> {
    // An emulated kernel may die on its first steps; a test should not pay for that.
    if (await this.#boots() || await this.#boots()) return;
    const log = await Deno.readTextFile(consoleLog(this.parts.folder, this.parts.host));
    throw new Error(`${this.parts.host} did not boot; its last words:\n${log.slice(-2000)}`);
  }

  /** Pulls the plug: nothing in the host gets to say goodbye. */
  async powerOff(): Promise<void> {
    await this.#qemu?.kill();
    await this.#door?.kill();
    this.#qemu = this.#door = undefined;
  }

  /** Stops the host's processor, so that it neither answers nor hangs up. */
  freeze(): void {
    this.#qemu?.signal("SIGSTOP");
  }

  /** Lets a frozen host go on. */
  thaw(): void {
    this.#qemu?.signal("SIGCONT");
  }

  /** Off, or on and the process that runs it. */
  status(): string {
    return this.#qemu === undefined ? "off" : `on, process ${this.#qemu.pid}`;
  }

  async #boots(): Promise<boolean> {
    const { folder, host } = this.parts;
    const console = consoleLog(folder, host);
    await Deno.writeTextFile(console, "");
    this.#qemu = await Tethered.start(qemuCommand(this.parts));
    const deadline = Date.now() + bootLimitMs;
    while (this.#qemu !== undefined && !this.#qemu.ended && Date.now() < deadline) {
      if ((await Deno.readTextFile(console)).includes(`lab: ${host} is ready`)) return true;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await this.powerOff();
    return false;
  }

  async #wake(sleeper: Sleeper): Promise<boolean> {
    const { folder, host } = this.parts;
    this.#qemu = await Tethered.start([...qemuCommand(this.parts), "-incoming", `exec:cat '${sleeper.memory}'`]);
    try {
      this.#door = await openDoor(folder, host);
      await setClock(folder, host);
      return true;
    } catch {
      await this.powerOff();
      return false;
    }
  }
}
