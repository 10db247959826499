/** What a lab needs before it can boot: the image of a release. */

import type { Release } from "./folder.ts";

const build = new URL("../image/build", import.meta.url).pathname;
const requirements = new URL("../image/requirements", import.meta.url).pathname;

/** Builds the image of a release unless it is cached; returns its folder. */
export async function buildImage(release: Release): Promise<string> {
  const needs = await new Deno.Command(requirements, { args: ["run"], stdin: "null", stderr: "inherit" }).output();
  if (!needs.success) throw new Error("lab: this machine lacks what the lab needs");
  const built = await new Deno.Command(build, { args: [release], stdin: "null", stderr: "inherit" }).output();
  if (!built.success) throw new Error(`lab: no image with OpenZFS ${release}`);
  return new TextDecoder().decode(built.stdout).trim();
}
