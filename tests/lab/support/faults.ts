/**
 * Faults on purpose: programs that stand in for real ones, and processes that are killed.
 *
 * Fake programs lie in `/usr/local/sbin`, the first of the folders in which bzman finds programs, and in which a login on the
 * target finds them too. Before each test they are gone; within one, {@linkcode withFake} takes them away.
 *
 * @module
 */

import { type Lab, type LabHost, quote } from "../../../lab/lab.ts";

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

/** Makes a pool whose only disk has failed, so that its I/O is suspended. */
export async function makeSuspended(host: LabHost, pool: string): Promise<void> {
  await host.makePool(pool, { disk: "file", properties: ["-o", "failmode=wait"] });
  await host.sh(`zpool offline -f ${pool} /pools/${pool}
    dd if=/dev/zero of=/pools/${pool} bs=1M count=512 conv=notrunc status=none
    (echo x >/${pool}/file; zpool sync ${pool}) >/dev/null 2>&1 &
    n=0; until grep -q SUSPENDED /proc/spl/kstat/zfs/${pool}/state; do n=$((n + 1)); [ $n -lt 60 ]; sleep 1; done`);
}

/** Gives the target a second name, `mirror`, for ssh on a host, for as long as `work` takes. */
export async function withAlias<T>(host: LabHost, work: () => Promise<T>): Promise<T> {
  const config = "/root/.ssh/config";
  await host.sh(`touch ${config} && cp -p ${config} ${config}.lab
    printf 'Host mirror\n HostName target\n HostKeyAlias target\n' >>${config}`);
  try {
    return await work();
  } finally {
    await host.sh(`mv ${config}.lab ${config}`);
  }
}

/**
 * When a process is disturbed: some seconds after it began, or when the `mbuffer` beside it has passed on so many bytes, which
 * does not depend on how busy the machine is. (`zfs send` runs ahead of it, and ssh gives its input to the master.)
 */
export type Moment = { readonly seconds: number } | { readonly passedBytes: number };

/** A line of shell that waits for it; where nothing is passed on any more, or nothing begins to within two seconds, it is now. */
function untilMoment(moment: Moment): string {
  if ("seconds" in moment) return `sleep ${moment.seconds}`;
  // wchar, the bytes written to any file or pipe (proc_pid_io(5)), is the second line.
  return `t=0; until pgrep -f '^[^ ]*mbuffer ' >/dev/null || [ $t -ge 20 ]; do t=$((t + 1)); sleep 0.1; done
    while buffer=$(pgrep -o -f '^[^ ]*mbuffer ') &&
      { read -r _ && read -r _ passed; } 2>/dev/null </proc/$buffer/io && [ "$passed" -lt ${moment.passedBytes} ]
    do sleep 0.1; done`;
}

/** Waits for a process of the host whose command line matches, until it got so far; at most five minutes for each. */
export async function awaitProcess(
  host: LabHost,
  pattern: string,
  moment: Moment = { seconds: 0 },
): Promise<void> {
  await host.sh(`${untilFound(pattern)}; ${untilMoment(moment)}`, { timeoutMs: 600_000 });
}

/** A line of shell that waits for such a process and leaves its id in `$pid`. */
function untilFound(pattern: string): string {
  const find = `pid=$(pgrep -o -f ${quote(pattern)})`;
  return `n=0; until ${find}; do n=$((n + 1)); [ $n -lt 3000 ] || exit 1; sleep 0.1; done`;
}

/**
 * Runs `work`, and kills with SIGKILL the first process of the host whose command line matches, when it got so far.
 * Throws when there was none to kill.
 *
 * @param pattern A regular expression as `pgrep -f` takes it, beginning with `^`.
 */
export async function killDuring<T>(
  host: LabHost,
  pattern: string,
  work: () => Promise<T>,
  moment: Moment = { seconds: 1 },
): Promise<T> {
  const [ready, over, killed] = ["ready", "over", "killed"].map((word) => `/run/kill-during-${word}`);
  const watch = `: >${ready}; until pid=$(pgrep -o -f ${quote(pattern)}); do [ ! -e ${over} ] || exit; sleep 0.1; done
    ${untilMoment(moment)}; kill -9 $pid && : >${killed}`;
  // Begun before the work is, however long a login on a busy machine takes.
  await host.sh(`rm -f ${ready} ${over} ${killed}; setsid sh -c ${quote(watch)} >/dev/null 2>&1 </dev/null &
    until [ -e ${ready} ]; do sleep 0.1; done`);
  try {
    const result = await work();
    await host.sh(`[ -e ${killed} ]`);
    return result;
  } finally {
    // Where no such process ever came, waiting for it ends too.
    await host.sh(`: >${over}`);
  }
}

/**
 * Runs `work`, and kills every process of the host whose command line matches, each when it got so far.
 *
 * @returns What `work` came to, and how many were killed.
 */
export async function killEach<T>(
  host: LabHost,
  pattern: string,
  moment: Moment,
  work: () => Promise<T>,
): Promise<[T, number]> {
  const over = `/run/kill-each-is-over`;
  const killing = host.sh(
    `rm -f ${over}; n=0
    until [ -e ${over} ]; do
      if pid=$(pgrep -o -f ${quote(pattern)}); then ${untilMoment(moment)}; kill -9 $pid 2>/dev/null && n=$((n + 1)); fi
      sleep 0.1
    done; echo $n`,
    { timeoutMs: 600_000 },
  );
  try {
    return [await work(), Number((await host.sh(`: >${over}`).then(() => killing)).stdout)];
  } finally {
    await host.sh(`: >${over}`);
  }
}

/** The names of bzman's stages and keepers that still run on a host: empty when nothing was left behind. */
export async function leftovers(host: LabHost): Promise<string[]> {
  const { stdout } = await host.sh(
    `ps -e -o args= | grep -E '^([^ ]*/)?(zfs (send|receive)|mbuffer|bzman)( |$)'; true`,
  );
  return stdout.split("\n").filter((line) => line !== "");
}

/** The process id of the bzman that replicates on a host, from the notes beside its locks. */
export async function bzmanPid(host: LabHost): Promise<string> {
  const { stdout } = await host.sh("cat /var/lib/bzman/locks/*.lock.by-*");
  const pids = new Set([...stdout.matchAll(/"pid":(\d+)/g)].map(([, pid]) => pid ?? ""));
  const living = (await host.sh(`for p in ${[...pids].join(" ")}; do [ -e /proc/$p ] && echo $p; done; true`)).stdout.trim();
  if (!/^\d+$/.test(living)) throw new Error(`not one run: '${living}' of ${[...pids]}`);
  return living;
}

/**
 * Proves that within 10 seconds, on the hosts' own clocks, no stage and no bzman runs on either host.
 *
 * @param also A process that must be gone too, as its whole command line.
 */
export async function assertAllEnded(lab: Lab, also = ""): Promise<void> {
  const stages = "^([^ ]*/)?(zfs (send|receive)|mbuffer|bzman|env BZMAN_MARK)( |=|$)";
  const script = `n=0; while left=$(ps -e -o args= | grep -E -e ${quote(stages)} ${
    also && `-e ${quote(`^${also}$`)}`
  }); do
    n=$((n + 1)); [ $n -le 10 ] || { echo "$left"; exit 1; }; sleep 1
  done`;
  await Promise.all([lab.source, lab.target].map((host) => host.sh(script)));
}
