/**
 * Gives the engine its world: hosts, pipelines, locks, clocks.
 *
 * @module
 */

import { jobCommandOf } from "../config/job_options.ts";
import type { CommonSettings, ReplicateSettings } from "../config/settings.ts";
import { matchesPattern } from "../core/exclusion.ts";
import type { Listener } from "../core/run/events.ts";
import type { LockResult, ReplicateInput, ReplicatePorts } from "../core/run/input.ts";
import { localHostName, machineId } from "../hosts/local_machine.ts";
import { tryLock } from "../hosts/lock.ts";
import { describeHolder } from "../hosts/lock_note.ts";
import { runPipeline } from "../hosts/pipeline/pipeline.ts";
import { endStaleReceivers } from "../hosts/stale_receivers.ts";
import { unmailedLog } from "../notify/log.ts";
import { bytesText } from "../render/text/bytes.ts";
import type { Context } from "./context.ts";
import type { Session } from "./session.ts";

/** What the user asked for, as the engine takes it. */
export function engineInput(settings: ReplicateSettings): ReplicateInput {
  const { source, target } = settings;
  return {
    sourceTop: source.dataset,
    targetTop: target.dataset,
    snapshot: settings.snapshot,
    prefix: settings.prefix,
    keep: settings.keep,
    adopt: settings.adopt,
    isExcluded: (dataset) => settings.exclude.some((pattern) => matchesPattern(dataset, source.dataset, pattern)),
    raw: settings.raw,
    mbuffer: settings.mbuffer,
    bwlimit: settings.bwlimit,
    onDivergence: settings.onDivergence,
    onForeign: settings.onForeign,
    foreignSnapshots: settings.foreignSnapshots,
    properties: { take: settings.properties, leave: settings.noProperties },
    retries: settings.retries,
    stallMs: settings.stallMs,
    ignoreSpace: settings.ignoreSpace,
  };
}

/**
 * The engine's world.
 *
 * @param locked Is called when the run has its lock.
 */
export function enginePorts(
  settings: ReplicateSettings,
  common: CommonSettings,
  session: Session,
  context: Context,
  listener: Listener,
  locked: () => void = () => {},
): ReplicatePorts {
  return {
    source: session.hosts.at(settings.source.host),
    target: session.hosts.at(settings.target.host),
    pipeline: runPipeline,
    clock: context.clock,
    monotonic: () => performance.now(),
    signal: context.signal,
    listener,
    sleep: (ms) => sleep(ms, context.signal),
    random: Math.random,
    async lock(tree) {
      const lock = await takeLock(tree, settings.job, session, context);
      if (lock.kind === "taken") locked();
      return lock;
    },
    async endStaleReceivers(host, mark) {
      const { found } = await endStaleReceivers(host, mark, context.signal);
      return found;
    },
    // With the name: machines that were cloned have one id, and what another runs is not this one's to end.
    machineId: `${machineId()}-${localHostName()}`,
    formatBytes: bytesText,
    job: jobCommandOf(settings, common),
    ...(session.history.usable
      ? { listingCache: session.history, knownSnapshots: session.history, silences: session.history }
      : {}),
  };
}

/**
 * Takes the lock on a tree of the target, unless another run on this machine, whoever's, has one that overlaps. Where no lock
 * can be had at all, the run goes on: no copy for want of a lock file would be the greater harm.
 */
export async function takeLock(
  tree: string,
  job: string,
  { lockFolders }: Pick<Session, "lockFolders">,
  context: Context,
): Promise<LockResult> {
  const attempt = await tryLock(lockFolders, tree, job, context.clock());
  // Printed even with --quiet: what is wrong is on this machine, and no mail tells of it.
  switch (attempt.kind) {
    case "busy":
      return { kind: "held", by: describeHolder(attempt.by) };
    case "held": {
      const { lock, whys } = attempt;
      if (!lock.forAllUsers && lockFolders.common.length > 0) {
        unmailedLog.warning`${job}: a run of another user would not be kept back: ${
          whys.join("; ")
        }. Next: make one of ${lockFolders.common.join(", ")} writable for all users, as in 'chmod 1777 /dev/shm'`;
      }
      return {
        kind: "taken",
        forAllUsers: lock.forAllUsers,
        release: () => Promise.resolve(lock.release()),
      };
    }
    case "impossible":
      unmailedLog
        .warning`${job} runs without a lock, and a concurrent run would not be blocked: ${attempt.why}. Next: make ${
        lockFolders.preferred ?? lockFolders.fallback
      } writable for this user`;
      return { kind: "taken", forAllUsers: false, release: () => Promise.resolve() };
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
