/**
 * Faults on purpose: programs that stand in for real ones, and processes that are killed.
 *
 * Fake programs lie in `/usr/local/sbin`, the first of the folders in which bzman finds programs, and in which a login on the
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

/**
 * Runs `work`, and kills with SIGKILL the first process of the host whose command line matches, a second after it began.
 *
 * @param pattern A regular expression as `pgrep -f` takes it, beginning with `^`.
 */
export async function killDuring<T>(host: LabHost, pattern: string, work: () => Promise<T>): Promise<T> {
  const killing = host.sh(
    `n=0; until pid=$(pgrep -o -f ${quote(pattern)}); do n=$((n + 1)); [ $n -lt 1000 ] || exit 1; sleep 0.1; done
    sleep 1; kill -9 $pid`,
    { timeoutMs: 600_000 },
  );
  const [result] = await Promise.all([work(), killing]);
  return result;
}

/** The names of bzman's stages and keepers that still run on a host: empty when nothing was left behind. */
export async function leftovers(host: LabHost): Promise<string[]> {
  const { stdout } = await host.sh(
    `ps -e -o args= | grep -E '^([^ ]*/)?(zfs (send|receive)|mbuffer|bzman)( |$)'; true`,
  );
  return stdout.split("\n").filter((line) => line !== "");
}
