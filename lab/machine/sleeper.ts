/**
 * Hosts that have booted once and were put to sleep: waking one takes two
 * seconds where a boot takes fifteen. Each is kept beside its image, under
 * everything that its memory depends on, and is made when it is first needed.
 */

import { Cable } from "./cable.ts";
import { exists } from "./exists.ts";
import { labFolder } from "./folder.ts";
import { Machine } from "./machine.ts";
import { makeDisks, type Parts, qemuCommand, rootDisk } from "./qemu.ts";

/** A host that sleeps: its memory, and the disk that belongs to it. */
export interface Sleeper {
  readonly memory: string;
  readonly disk: string;
}

/** Finds the sleeper for a host, or makes it; nothing when that fails. */
export async function sleeperFor(parts: Parts): Promise<Sleeper | undefined> {
  const place = `${parts.image}.${parts.host}-${await dependencies(parts)}`;
  const sleeper = { memory: `${place}/memory`, disk: `${place}/disk.qcow2` };
  using lock = await Deno.open(`${place}.lock`, { create: true, write: true });
  await lock.lock(true);
  if (await exists(place)) return sleeper;
  try {
    await putToSleep(parts, `${place}.tmp`);
    await Deno.rename(`${place}.tmp`, place);
    return sleeper;
  } catch (error) {
    console.error(`lab: ${parts.host} would not go to sleep:`, error instanceof Error ? error.message : error);
    return undefined;
  }
}

/**
 * The clock of an emulated processor runs at the speed of the real one, so
 * that a sleeper wakes only on the model that it fell asleep on.
 */
async function dependencies(parts: Parts): Promise<string> {
  const machine = await new Deno.Command("sh", {
    args: ["-c", "qemu-system-x86_64 --version; sed -n 's/^model name//p;s/^cpu MHz//p' /proc/cpuinfo | sed -n 1p"],
  }).output();
  const text = JSON.stringify([qemuCommand({ ...parts, folder: "", image: "", port: 0 }), [...machine.stdout]]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest).subarray(0, 6)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function putToSleep(parts: Parts, place: string): Promise<void> {
  await Deno.mkdir(place, { recursive: true });
  // Sockets need the short path of a run folder.
  const folder = labFolder(`sleep-${Deno.pid}-${parts.host}`);
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  const machine = new Machine({ ...parts, folder });
  try {
    await using _cable = new Cable(`${folder}/cable`);
    await makeDisks(folder, parts.host, `${parts.image}/root.img`, "raw");
    await machine.boot();
    // The daemons still look around for a moment.
    await new Promise((resolve) => setTimeout(resolve, 4000));
    await order(`${folder}/${parts.host}.monitor`, `migrate "exec:cat >'${place}/memory'"\nquit\n`);
    await machine.powerOff();
    await Deno.copyFile(rootDisk(folder, parts.host), `${place}/disk.qcow2`);
  } finally {
    await machine.powerOff();
    await Deno.remove(folder, { recursive: true });
  }
}

/** Has QEMU's monitor carry out some lines, and waits for it to hang up. */
async function order(monitor: string, lines: string): Promise<void> {
  using connection = await Deno.connect({ transport: "unix", path: monitor });
  const limit = setTimeout(() => connection.close(), 120_000);
  await connection.write(new TextEncoder().encode(lines));
  const buffer = new Uint8Array(4096);
  while (await connection.read(buffer) !== null) { /* it echoes what it reads */ }
  clearTimeout(limit);
}
