/**
 * Programs that stand in for real ones on a host of the lab, for faults that nothing else brings about.
 *
 * They lie in `/usr/local/sbin`, the first of the folders in which bzman finds programs, and in which a login on the
 * target finds them too. Before each test they are gone; within one, {@linkcode withFake} takes them away.
 *
 * @module
 */

import { type LabHost, quote } from "../../../lab/lab.ts";

/**
 * Puts a fake program in place for as long as `work` takes. Its script is run by `sh`; `$real` in it is the path of the
 * real one: `exec $real "$@"`.
 */
export async function withFake<T>(
  host: LabHost,
  program: string,
  script: string,
  work: () => Promise<T>,
): Promise<T> {
  const path = `/usr/local/sbin/${program}`;
  const { stdout } = await host.sh(`PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v ${quote(program)}`);
  await host.write(path, `#!/bin/sh\nreal=${stdout.trim()}\n${script}\n`, 0o755);
  try {
    return await work();
  } finally {
    await host.sh(`rm -f ${quote(path)}`);
  }
}

/** The names of bzman's stages and keepers that still run on a host: empty when nothing was left behind. */
export async function leftovers(host: LabHost): Promise<string[]> {
  const { stdout } = await host.sh(
    `ps -e -o args= | grep -E '^([^ ]*/)?(zfs (send|receive)|mbuffer|bzman)( |$)'; true`,
  );
  return stdout.split("\n").filter((line) => line !== "");
}
