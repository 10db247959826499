import type { DatasetRecord, RunRecord } from "../../src/core/record.ts";

/** A time to count from: 2025-03-01 00:00 UTC. */
export const start = Date.UTC(2025, 2, 1);

/** A run record for tests, with what the test is about changed. */
export function sampleRun(changes: Partial<RunRecord> = {}): RunRecord {
  return {
    id: 0,
    uuid: crypto.randomUUID(),
    job: "tank>target",
    command: "replicate",
    source: "alpha:tank",
    target: "target:tank",
    startedAt: start,
    result: "running",
    bytes: 0n,
    savedBytes: 0n,
    snapshots: 0,
    count: 1,
    pid: 4242,
    phases: [],
    datasets: [],
    ...changes,
  };
}

/** A dataset record for tests. */
export function sampleDataset(changes: Partial<DatasetRecord> = {}): DatasetRecord {
  return {
    dataset: "tank/home",
    target: "tank/home",
    result: "ok",
    kind: "incremental",
    bytes: 4096n,
    savedBytes: 0n,
    snapshots: 1,
    elapsedMs: 120,
    ...changes,
  };
}
