/**
 * What the tests of this room share: hosts over a stand-in for ssh, and the shells that are installed.
 *
 * @module
 */

import { Hosts, type HostsSettings } from "../../src/hosts/hosts.ts";
import { systemPath } from "../../src/hosts/process/environment.ts";

/** The folder with programs that stand in for real ones. */
export const fixtures: string = new URL("fixtures", import.meta.url).pathname;

/** The login shells that a remote user may have, and whether each is installed here. */
export const shells: readonly { name: string; path: string | undefined }[] = [
  "sh",
  "dash",
  "bash",
  "zsh",
  "ksh",
  "mksh",
  "csh",
  "tcsh",
  "fish",
].map((name) => ({ name, path: find(name) }));

/** Hosts whose `ssh` is the stand-in. Its behaviour is set through FAKE_ variables, see there. */
export function fakeHosts(env: Record<string, string> = {}, settings: HostsSettings = {}): Hosts {
  return new Hosts({ ...settings, env: { PATH: `${fixtures}:${systemPath}`, ...env } });
}

/** Defines a test that needs programs, and that says so where one is missing. */
export function testWith(name: string, programs: readonly string[], run: () => Promise<void>): void {
  const missing = programs.filter((program) => find(program) === undefined);
  const reason = missing.length === 0 ? "" : ` (skipped: no ${missing.join(", ")} here)`;
  Deno.test({ name: name + reason, ignore: missing.length > 0, fn: run });
}

/** Whether a process is there and no zombie. */
export async function alive(pid: number): Promise<boolean> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "stat=", "-p", String(pid)] }).output();
  return /^[^Z\s]/.test(new TextDecoder().decode(stdout));
}

/** Waits until something holds, at most so many milliseconds; returns whether it does. */
export async function eventually(holds: () => Promise<boolean> | boolean, ms: number): Promise<boolean> {
  for (const end = performance.now() + ms; performance.now() < end;) {
    if (await holds()) return true;
    await sleep(25);
  }
  return false;
}

/** Waits. */
export async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

function find(name: string): string | undefined {
  return systemPath.split(":").map((folder) => `${folder}/${name}`).find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}
