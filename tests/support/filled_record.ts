/**
 * A record as a real server would have it after a month: ten-minute runs of one job with a daily rhythm, a dump every
 * night, failures of several kinds, pools that fill up. The same numbers every time.
 *
 * @module
 */

import type { History } from "../../src/history/history.ts";
import type { DatasetRecord, RunRecord } from "../../src/core/record.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;
const mib = 1024 ** 2;
const gib = 1024 ** 3;

/** What the month was like. */
export interface MonthOptions {
  /** The moment after its last run, milliseconds since 1970. */
  readonly now: number;
  /** @default {30} */
  readonly days?: number;
  /** @default {10} */
  readonly everyMinutes?: number;
  /** `bad`: the last night has an outage, a full dataset and a huge increment. @default {"quiet"} */
  readonly night?: "quiet" | "bad";
  /** Names of datasets with the bytes they change by on an ordinary day. */
  readonly datasets?: Readonly<Record<string, number>>;
}

/** A small department. */
export const department: Readonly<Record<string, number>> = {
  "tank": 0,
  "tank/home": 40 * mib,
  "tank/home/ann lee": 900 * mib,
  "tank/home/bo": 350 * mib,
  "tank/mail": 2.4 * gib,
  "tank/media": 120 * mib,
  "tank/projects": 1.6 * gib,
  "tank/vm": 0,
  "tank/vm/build": 5.2 * gib,
  "tank/vm/db": 3.1 * gib,
};

/** A generator of numbers from 0 to 1 that gives the same ones every time (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const name = (at: number): string => `incremental-${new Date(at).toISOString().slice(0, 19)}Z`;

/** The runs of such a month, the oldest first. */
export function monthOfRuns(options: MonthOptions): RunRecord[] {
  const { now, days = 30, everyMinutes = 10, night = "quiet", datasets = department } = options;
  const random = generator(days * 7 + everyMinutes);
  const step = everyMinutes * minuteMs;
  const first = Math.ceil((now - days * dayMs) / step) * step;
  const reached = new Map<string, number>();
  const runs: RunRecord[] = [];
  for (let at = first; at < now - minuteMs; at += step) {
    const fault = faultAt(at, now, night);
    runs.push(
      run(
        at,
        Object.entries(datasets),
        reached,
        everyMinutes,
        random,
        fault,
        night === "bad" && at > now - 5 * 3_600_000,
      ),
    );
  }
  return runs;
}

type Fault = "down" | "full" | undefined;

function faultAt(at: number, now: number, night: MonthOptions["night"]): Fault {
  const age = now - at;
  if (Math.abs(age - 9.3 * dayMs) < 45 * minuteMs) return "down";
  if (night !== "bad") return undefined;
  if (age > 7 * 3_600_000 && age < 7.7 * 3_600_000) return "down";
  return age < 1.6 * 3_600_000 ? "full" : undefined;
}

function run(
  at: number,
  datasets: readonly (readonly [string, number])[],
  reached: Map<string, number>,
  everyMinutes: number,
  random: () => number,
  fault: Fault,
  slow: boolean,
): RunRecord {
  const hour = new Date(at).getUTCHours();
  const busy = hour >= 7 && hour < 18 ? 1.6 : 0.5;
  const isDump = hour === 2 && new Date(at).getUTCMinutes() < everyMinutes;
  const previous = at - everyMinutes * minuteMs;
  const list = 300 + random() * 120;
  const entries: DatasetRecord[] = fault === "down" ? [] : datasets.map(([dataset, perDay], index) => {
    const target = dataset.replace(/^tank/, "backup/tank");
    const share = perDay * everyMinutes / 1440 * busy * (0.4 + 1.2 * random());
    const huge = fault === undefined && slow && dataset.endsWith("media") && hour % 4 === 1 ? 30 * gib : 0;
    const bytes = BigInt(Math.round(share + huge + (isDump && dataset.endsWith("/db") ? 4.5 * gib : 0)));
    if (fault === "full" && dataset.endsWith("/build")) {
      return {
        dataset,
        target,
        result: "failed",
        kind: "incremental",
        bytes: 0n,
        savedBytes: 0n,
        snapshots: 0,
        from: name(reached.get(dataset) ?? previous),
        elapsedMs: 900,
        errorClass: "target-full",
        ...(reached.has(dataset) ? { to: name(reached.get(dataset)!), toCreatedAt: reached.get(dataset)! } : {}),
        message: `cannot receive into ${target} on vault: out of space (quota of backup/tank/vm/build)`,
      };
    }
    const from = reached.get(dataset);
    reached.set(dataset, at + 1500);
    const rate = (slow ? 38 : 108) * mib * (0.85 + 0.3 * random());
    return {
      dataset,
      target,
      result: "ok",
      kind: from === undefined ? "full" : index === 0 ? "incremental" : "package",
      ...(from === undefined ? {} : { from: name(from) }),
      to: name(at + 1500),
      toGuid: String(10_000_000_000_000_000n + BigInt(at)),
      toCreatedAt: at + 1500,
      bytes,
      savedBytes: 0n,
      snapshots: 1,
      elapsedMs: Math.round(60 + Number(bytes) / rate * 1000),
    };
  });
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0n);
  const sending = entries.reduce((sum, entry) => sum + entry.elapsedMs, 0);
  const phases: RunRecord["phases"] = fault === "down"
    ? [{ phase: "list local", elapsedMs: list }, { phase: "list remote", elapsedMs: 30_000 }]
    : [
      { phase: "preflight", elapsedMs: 210 + random() * 60 },
      { phase: "list local", elapsedMs: list },
      { phase: "list remote", elapsedMs: 480 + random() * 300 },
      { phase: "plan", elapsedMs: 12 },
      { phase: "snapshot", elapsedMs: 150 + random() * 80 },
      { phase: "send", elapsedMs: sending },
      { phase: "verify", elapsedMs: 420 + random() * 200 },
      { phase: "prune", elapsedMs: 350 + random() * 200 },
    ];
  const total = phases.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0);
  const top = entries[0];
  return {
    id: 0,
    uuid: crypto.randomUUID(),
    job: "tank>vault:backup/tank",
    command: "replicate",
    source: "alpha:tank",
    target: "vault:backup/tank",
    startedAt: at,
    endedAt: at + Math.round(total),
    result: fault === "down" ? "failed" : fault === "full" ? "partial" : "ok",
    exitStatus: fault === undefined ? 0 : 1,
    bytes,
    savedBytes: 0n,
    snapshots: entries.filter(({ result }) => result === "ok").length,
    ...(top?.from === undefined ? {} : { from: top.from }),
    ...(top?.to === undefined ? {} : { to: top.to }),
    ...(fault === "down"
      ? {
        errorClass: "ssh-unreachable",
        message: "cannot list datasets on vault: no answer within 30 s",
        advice: "ssh vault true",
        stderrTail: "ssh: connect to host vault port 22: Connection timed out",
      }
      : fault === "full"
      ? {
        errorClass: "target-full",
        message: "cannot receive into backup/tank/vm/build on vault: out of space (quota of backup/tank/vm/build)",
        advice: "ssh vault zfs list -o space -r backup/tank/vm; bzman prune tank vault:backup/tank",
        stderrTail: "cannot receive incremental stream: destination backup/tank/vm/build space quota exceeded.\n" +
          "warning: cannot send 'tank/vm/build@" + name(at + 1500) + "': Broken pipe",
      }
      : {}),
    count: 1,
    pid: 4000 + at % 1000,
    phases,
    datasets: entries,
  };
}

/** Fills a record with such a month: runs, and a sample of both pools every hour. */
export function fillRecord(history: History, options: MonthOptions): void {
  for (const record of monthOfRuns(options)) history.finishRun(record);
  const { now, days = 30, night = "quiet" } = options;
  const random = generator(11);
  const total = BigInt(16 * 1024 * gib);
  for (let at = now - days * dayMs; at <= now; at += 3_600_000) {
    const part = (at - (now - days * dayMs)) / (days * dayMs);
    const sample = (host: string, pool: string, fill: number, scrubAt: number, bad: boolean) => {
      const usedBytes = BigInt(Math.round(Number(total) * (fill + 0.002 * random())));
      history.addPoolSample({
        at,
        host,
        pool,
        state: bad ? "DEGRADED" : "ONLINE",
        usedBytes,
        availableBytes: total - usedBytes,
        sizeBytes: total,
        allocatedBytes: usedBytes,
        freeBytes: total - usedBytes,
        fragmentation: 11 + Math.round(4 * part),
        readErrors: 0,
        writeErrors: 0,
        checksumErrors: bad ? 3 : 0,
        scrubState: "scrub finished",
        scrubAt,
      });
    };
    sample("alpha", "tank", 0.46 + 0.035 * part, now - 6.2 * dayMs, false);
    sample(
      "vault",
      "backup",
      0.61 + (night === "bad" ? 0.12 : 0.03) * part,
      now - 12.4 * dayMs,
      night === "bad" && at > now - dayMs / 3,
    );
  }
}
