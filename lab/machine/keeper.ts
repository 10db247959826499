/**
 * The process that owns a lab: it starts both hosts, joins them by a virtual link,
 * takes orders at a socket, and takes everything down with it when it ends.
 *
 * keeper.ts NAME SOURCE-RELEASE TARGET-RELEASE stdin|none|PID
 *
 * The last word says whose lab it is: of whoever holds our standard input, of
 * a process by its number, or nobody's until it is told `down`.
 */

import { kill } from "node:process";
import { answer } from "./control.ts";
import { type HostName, hostNames, isHostName, isRelease, labFolder, type Release } from "./folder.ts";
import { Machine } from "./machine.ts";
import { Network } from "./network.ts";
import { writeSshConfig } from "./ssh_access.ts";
import { buildImage } from "./supplies.ts";

const [name = "", sourceRelease = "", targetRelease = "", owner = "none"] = Deno.args;
if (!isRelease(sourceRelease) || !isRelease(targetRelease)) throw new Error("no such release");

const folder = labFolder(name);
const over = new AbortController();
over.signal.addEventListener("abort", () => {
  // Whatever we wait for then, our hosts end with us.
  Deno.unrefTimer(setTimeout(() => {
    Deno.removeSync(folder, { recursive: true });
    Deno.exit(1);
  }, 10_000));
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.addSignalListener(signal, () => over.abort());
}
watchOwner();

const releases: Record<HostName, Release> = { source: sourceRelease, target: targetRelease };
const images = {
  source: await buildImage(releases.source),
  target: await buildImage(releases.target),
};
await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
try {
  const network = await Network.make(folder);
  await writeSshConfig(folder, images);
  const processors = navigator.hardwareConcurrency;
  // Labs side by side begin with different processors, so that their busier sides do not meet on one.
  const first = Deno.pid % processors;
  const machineOf = async (host: HostName, index: number): Promise<Machine> => {
    const image = images[host];
    const version = (await Deno.readTextFile(`${image}/version`)).trim();
    return new Machine({ host, folder, image, version, processor: (first + index) % processors }, network);
  };
  const machines = { source: await machineOf("source", 0), target: await machineOf("target", 1) };
  over.signal.addEventListener("abort", () => hostNames.forEach((host) => machines[host].powerOff()));
  await Promise.all(hostNames.map((host) => machines[host].start()));
  await Deno.writeTextFile(`${folder}/ready`, `${Deno.pid}\n`);
  console.log("ready");
  await answer(folder, (order, host) => carryOut(order, host, network, machines), over.signal);
  await Promise.all(hostNames.map((host) => machines[host].powerOff()));
  await network.close();
} finally {
  await Deno.remove(folder, { recursive: true }).catch(() => {});
}
Deno.exit();

async function carryOut(
  order: string,
  host: string,
  network: Network,
  machines: Record<HostName, Machine>,
): Promise<string> {
  switch (order) {
    case "status":
      return hostNames.map((each) => `${each} (${releases[each]}) ${machines[each].status()}`).join("; ");
    case "cut":
      return await network.cut(), "";
    case "heal":
      return await network.heal(), "";
    case "down":
      setTimeout(() => over.abort(), 50);
      return "";
  }
  if (!isHostName(host)) throw new Error(`${order} of which host?`);
  switch (order) {
    case "power-off":
      return await machines[host].powerOff(), "";
    case "power-on":
      return await machines[host].powerOn(), "";
    case "freeze":
      return await machines[host].freeze(), "";
    case "thaw":
      return await machines[host].thaw(), "";
    default:
      throw new Error(`unknown order ${order}`);
  }
}

/** Ends the lab with its owner, however that one ends. */
async function watchOwner(): Promise<void> {
  if (owner === "none") return;
  if (owner === "stdin") {
    for await (const _chunk of Deno.stdin.readable) { /* silence is what we wait for the end of */ }
    over.abort();
    return;
  }
  const watch = setInterval(() => {
    try {
      kill(Number(owner), 0);
    } catch {
      clearInterval(watch);
      over.abort();
    }
  }, 500);
}
