/** What QEMU is told about a host. */

import { consoleLog, type HostName, trayDisk } from "./folder.ts";

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

/** The disk that a host boots from: what it changed, over the shared image. */
export function rootDisk(folder: string, host: HostName): string {
  return `${folder}/${host}-root.qcow2`;
}

/** The disk for the host's pool. */
export function poolDisk(folder: string, host: HostName): string {
  return `${folder}/${host}-pool.img`;
}

/** Makes the disks: a layer over `base`, a blank one for the pool, a tray for big files. */
export async function makeDisks(folder: string, host: HostName, base: string, format: "raw" | "qcow2"): Promise<void> {
  const root = rootDisk(folder, host);
  const made = await new Deno.Command("qemu-img", {
    args: ["create", "-q", "-f", "qcow2", "-b", base, "-F", format, root],
  }).output();
  if (!made.success) throw new Error(new TextDecoder().decode(made.stderr));
  await blankDisk(poolDisk(folder, host), 4 * 2 ** 30);
  await blankDisk(trayDisk(folder, host), 2 ** 29);
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

/**
 * What the kernel is told. Without random addresses the emulator finds again what it has translated once: a program starts
 * up to three times as fast there. Huge pages cost a daemon's time and bring nothing.
 */
const kernelWords = "console=ttyS0 quiet panic=-1 net.ifnames=0 mitigations=off norandmaps transparent_hugepage=never";

/** The command that runs a host. The second interface is the cable; restrict=on keeps a lab from reaching the world. */
export function qemuCommand({ host, folder, image, accelerator, port }: Parts): string[] {
  const mac = `52:54:00:ba:2a:0${host === "source" ? 1 : 2}`;
  return [
    ["qemu-system-x86_64", "-name", `bzman-lab-${host}`, "-nodefaults", "-no-user-config", "-display", "none"],
    ["-machine", "q35", "-accel", accelerator === "kvm" ? "kvm" : "tcg,thread=multi", "-cpu", processor],
    ["-smp", "1", "-m", "2048", "-rtc", "base=utc", "-no-reboot"],
    ["-kernel", `${image}/vmlinuz`, "-initrd", `${image}/initrd`],
    ["-append", `${kernelWords} lab.host=${host}`],
    ["-serial", `file:${consoleLog(folder, host)}`],
    ["-monitor", `unix:${folder}/${host}.monitor,server=on,wait=off`],
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
