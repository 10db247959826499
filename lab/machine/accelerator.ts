/** Whether this machine's KVM can be trusted with a boot. */

import { exists } from "./exists.ts";

/** A kernel under working KVM gets there in two or three seconds. */
const probeLimitMs = 12_000;

/**
 * Picks KVM only after it has booted the image once since this machine itself
 * booted: the device may be there and still hang a stock kernel.
 */
export async function accelerator(image: string): Promise<"tcg" | "kvm"> {
  if (!await exists("/dev/kvm")) return "tcg";
  const boot = (await Deno.readTextFile("/proc/sys/kernel/random/boot_id")).trim();
  const verdict = `${image}.accelerator`;
  const [known, since] = (await Deno.readTextFile(verdict).catch(() => "")).trim().split(" ");
  if (since === boot && (known === "kvm" || known === "tcg")) return known;
  const chosen = await boots(image) ? "kvm" : "tcg";
  await Deno.writeTextFile(verdict, `${chosen} ${boot}\n`);
  return chosen;
}

async function boots(image: string): Promise<boolean> {
  const log = await Deno.makeTempFile({ prefix: "bzman-lab-probe-" });
  const qemu = new Deno.Command("setpriv", {
    args: [
      ...["--pdeathsig", "KILL", "--", "qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none"],
      ...["-no-reboot", "-machine", "q35", "-accel", "kvm", "-cpu", "max", "-m", "512"],
      ...["-kernel", `${image}/vmlinuz`, "-initrd", `${image}/initrd`, "-append", "console=ttyS0 panic=-1"],
      ...["-serial", `file:${log}`],
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const deadline = Date.now() + probeLimitMs;
  let reached = false;
  while (!reached && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    reached = (await Deno.readTextFile(log)).includes("as init process");
  }
  try {
    qemu.kill("SIGKILL");
  } catch { /* it gave up by itself */ }
  // One that hangs in the kernel may not even die; do not wait for it.
  qemu.unref();
  await Deno.remove(log);
  return reached;
}
