/** What a lab needs before it can boot: an image, and ports nobody uses. */

import type { Release } from "./folder.ts";

const build = new URL("../image/build", import.meta.url).pathname;
const probe = new URL("./accelerator", import.meta.url).pathname;
const requirements = new URL("../image/requirements", import.meta.url).pathname;

/** Builds the image of a release unless it is cached; returns its folder. */
export async function buildImage(release: Release): Promise<string> {
  const needs = await new Deno.Command(requirements, { args: ["run"], stdin: "null", stderr: "inherit" }).output();
  if (!needs.success) throw new Error("lab: this machine lacks what the lab needs");
  const built = await new Deno.Command(build, { args: [release], stdin: "null", stderr: "inherit" }).output();
  if (!built.success) throw new Error(`lab: no image of ${release}`);
  return new TextDecoder().decode(built.stdout).trim();
}

/** Tells by a trial boot whether KVM can be trusted here; see `machine/accelerator`. */
export async function accelerator(image: string): Promise<"tcg" | "kvm"> {
  const probed = await new Deno.Command(probe, { args: [image], stdin: "null", stderr: "inherit" }).output();
  return new TextDecoder().decode(probed.stdout).trim() === "kvm" ? "kvm" : "tcg";
}

/**
 * A free port on the loopback, below the range from which the kernel serves
 * outgoing connections, so that none of those takes it before QEMU does.
 */
export function freePort(): number {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return port;
    } catch { /* taken */ }
  }
  throw new Error("lab: no free port");
}
