import assert from "node:assert/strict";
import { creationTimes } from "../../../src/core/inspect/creation_times.ts";
import type { Host, Outcome } from "../../../src/core/ports.ts";
import type { DatasetName, Guid } from "../../../src/zfs/names/names.ts";
import type { Snapshot } from "../../../src/zfs/names/version.ts";

const signal = new AbortController().signal;

const snapshot = (name: string, guid: string): Snapshot => ({
  kind: "snapshot",
  dataset: "tank" as DatasetName,
  name,
  guid: guid as Guid,
  createtxg: 1n,
});

function host(answer: Partial<Outcome>) {
  const asked: (readonly string[])[] = [];
  const run = (argv: readonly string[]): Promise<Outcome> => {
    asked.push(argv);
    return Promise.resolve({ status: 0, stdout: "", stderr: "", elapsedMs: 1, ...answer });
  };
  return {
    asked,
    host: {
      label: "a",
      isLocal: true,
      run,
      runAll: () => Promise.resolve([]),
      close: () => Promise.resolve(),
    } satisfies Host,
  };
}

Deno.test("bzman's own names tell, then earlier runs, and only the rest is asked about", async () => {
  const { asked, host: source } = host({ status: 1, stdout: "3\t1700000000\n" });
  const snapshots = [
    snapshot("incremental-2025-03-01T00:00:00Z", "1"),
    snapshot("daily", "2"),
    snapshot("incremental-2025-03-01T00:00:00", "3"),
    snapshot("gone", "4"),
  ];
  const known = { prefix: "incremental", recorded: (guid: string) => guid === "2" ? 5 : undefined };
  const times = await creationTimes(source, snapshots, known, signal);
  assert.deepEqual([...times], [["1", Date.UTC(2025, 2, 1)], ["2", 5], ["3", 1_700_000_000_000]]);
  assert.deepEqual(asked.map((argv) => argv.slice(-2)), [["tank@incremental-2025-03-01T00:00:00", "tank@gone"]]);
});

Deno.test("where nothing has to be asked, nothing is; and no answer is no failure", async () => {
  const none = host({});
  await creationTimes(none.host, [], { prefix: "p", recorded: () => undefined }, signal);
  assert.deepEqual(none.asked, []);
  for (
    const answer of [{ status: 255, stopped: "timeout" as const }, { status: 1, stdout: "odd\n" }, { status: 127 }]
  ) {
    const odd = host(answer);
    const times = await creationTimes(odd.host, [snapshot("x", "1")], {
      prefix: "p",
      recorded: () => undefined,
    }, signal);
    assert.equal(times.size, 0);
  }
});
