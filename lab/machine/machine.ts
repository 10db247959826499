/** One emulated host: its disks, its QEMU process, its power switch. */

import { consoleLog, type HostName, trayDisk } from "./folder.ts";
import { openDoor } from "./door.ts";
import { Tethered } from "./tethered.ts";

/** What a host is made of. */
export interface Parts {
  readonly host: HostName;
  /** The lab's run folder. */
  readonly folder: string;
  /** The folder of the image, as `lab/image/build` printed it. */
  readonly image: string;
  readonly accelerator: "tcg" | "kvm";
  /** The port on this machine's loopback that reaches the host's ssh. */
  readonly port: number;
}

/** A boot takes 15 to 25 s when it has a processor for itself. */
const bootLimitMs = 110_000;

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

  /** Makes the disks: a layer over the shared image, a blank one for the pool, a tray for big files. */
  async prepare(): Promise<void> {
    const { folder, host, image } = this.parts;
    const made = await new Deno.Command("qemu-img", {
      args: ["create", "-q", "-f", "qcow2", "-b", `${image}/root.img`, "-F", "raw", rootDisk(folder, host)],
    }).output();
    if (!made.success) throw new Error(new TextDecoder().decode(made.stderr));
    await blankDisk(poolDisk(folder, host), 4 * 2 ** 30);
    await blankDisk(trayDisk(folder, host), 2 ** 29);
  }

  /** Switches the host on and waits until it has booted and ssh reaches it. */
  async powerOn(): Promise<void> {
    if (this.#qemu !== undefined) return;
    const { folder, host } = this.parts;
    // An emulated kernel now and then dies on its first steps; a test should not pay for that.
    if (!await this.#boot() && !await this.#boot()) {
      const log = await Deno.readTextFile(consoleLog(folder, host));
      throw new Error(`${host} did not boot; its last words:\n${log.slice(-2000)}`);
    }
    this.#door = await openDoor(folder, host);
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

  /** Off, on, and the process that runs it. */
  status(): string {
    return this.#qemu === undefined ? "off" : `on, process ${this.#qemu.pid}`;
  }

  /** One attempt; false when the host died on the way or was too slow. */
  async #boot(): Promise<boolean> {
    const { folder, host } = this.parts;
    await Deno.writeTextFile(consoleLog(folder, host), "");
    this.#qemu = await Tethered.start(["qemu-system-x86_64", ...qemuArguments(this.parts)]);
    const deadline = Date.now() + bootLimitMs;
    while (this.#qemu !== undefined && !this.#qemu.ended && Date.now() < deadline) {
      const log = await Deno.readTextFile(consoleLog(folder, host));
      if (log.includes(`lab: ${host} is ready`)) return true;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await this.powerOff();
    return false;
  }
}

function rootDisk(folder: string, host: HostName): string {
  return `${folder}/${host}-root.qcow2`;
}

function poolDisk(folder: string, host: HostName): string {
  return `${folder}/${host}-pool.img`;
}

async function blankDisk(path: string, size: number): Promise<void> {
  await Deno.writeFile(path, new Uint8Array());
  await Deno.truncate(path, size);
}

/**
 * Everything that the emulator has, but for three things: its cmpxchg16b now
 * and then leaves rubbish in the flags, which is the end of a kernel that
 * allocates memory with it; AVX is slower there than what it replaces; and a
 * fifth level of page tables is one more to walk.
 */
const processor = "max,cx16=off,avx=off,avx2=off,fma=off,f16c=off,la57=off";

/** The second interface is the cable; restrict=on keeps a lab from reaching the world. */
function qemuArguments({ host, folder, image, accelerator, port }: Parts): string[] {
  const mac = `52:54:00:ba:2a:0${host === "source" ? 1 : 2}`;
  return [
    ["-name", `bzman-lab-${host}`, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"],
    ["-machine", "q35", "-accel", accelerator === "kvm" ? "kvm" : "tcg,thread=multi", "-cpu", processor],
    ["-smp", "1", "-m", "2048", "-rtc", "base=utc"],
    ["-kernel", `${image}/vmlinuz`, "-initrd", `${image}/initrd`],
    ["-append", `console=ttyS0 quiet panic=-1 net.ifnames=0 mitigations=off lab.host=${host}`],
    ["-serial", `file:${consoleLog(folder, host)}`],
    ["-drive", `file=${rootDisk(folder, host)},format=qcow2,if=virtio,cache=unsafe`],
    ["-drive", `file=${poolDisk(folder, host)},format=raw,if=virtio,cache=unsafe,discard=unmap`],
    ["-drive", `file=${trayDisk(folder, host)},format=raw,if=virtio,cache=unsafe,file.locking=off`],
    ["-netdev", `user,id=out,restrict=on,ipv6=off,hostfwd=tcp:127.0.0.1:${port}-:2222`],
    ["-device", "virtio-net-pci,netdev=out,romfile="],
    ["-netdev", `stream,id=cable,server=off,addr.type=unix,addr.path=${folder}/cable`],
    ["-device", `virtio-net-pci,netdev=cable,mac=${mac},romfile=`],
    ["-object", "rng-random,id=rng,filename=/dev/urandom", "-device", "virtio-rng-pci,rng=rng"],
  ].flat();
}
