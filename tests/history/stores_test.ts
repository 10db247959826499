import fc from "fast-check";
import assert from "node:assert/strict";
import { nextAlert } from "../../src/core/alerts/alert_state.ts";
import type { KnownSnapshots } from "../../src/core/inspect/known_snapshots.ts";
import type { ListingCache } from "../../src/core/inspect/listing_cache.ts";
import { openHistory } from "../../src/history/open.ts";
import { parseGuid } from "../../src/zfs/names/names.ts";
import { sampleMail } from "../notify/sample_mail.ts";
import { sampleDataset, sampleRun, start } from "./sample_run.ts";
import { withFolder, withHistory } from "./with_history.ts";

Deno.test("an alert and its mail are kept together", () =>
  withHistory((history) => {
    const mail = sampleMail();
    const told = history.changeAlert("replicate a>b", (previous) => {
      assert.equal(previous, undefined);
      return { ...nextAlert(previous, { severity: "warning", errorClass: "x" }, start), what: "it failed", mail };
    });
    assert.deepEqual(told, { mail, kept: true, recorded: true });
    assert.equal(history.alert("replicate a>b")?.what, "it failed");
    assert.deepEqual(history.openAlerts().map(({ key }) => key), ["replicate a>b"]);
    assert.deepEqual(history.waitingMails(start).map((kept) => kept.mail), [mail]);
    const silent = history.changeAlert("replicate a>b", (previous) => {
      assert.equal(previous?.seen, 1);
      return { state: nextAlert(previous, { severity: "ok" }, start + 1).state, what: "done" };
    });
    assert.deepEqual(silent, { mail: undefined, kept: false, recorded: true });
    assert.deepEqual(history.openAlerts(), []);
  }));

Deno.test("a state that cannot be read is as good as none", () =>
  withHistory(async (history, path) => {
    history.changeAlert("k", () => ({ state: nextAlert(undefined, { severity: "warning" }, start).state, what: "w" }));
    const { DatabaseSync } = await import("node:sqlite");
    const db = new DatabaseSync(path);
    db.exec("UPDATE alerts SET state = '{nonsense'");
    db.close();
    assert.equal(history.alert("k"), undefined);
    assert.deepEqual(history.openAlerts(), []);
  }));

Deno.test("what is remembered of a target comes back until it is replaced, and what cannot be read is forgotten", () =>
  withHistory(async (history, path) => {
    const memory: ListingCache = new Map([
      [parseGuid("18446744073709551615"), { changedAt: 5, origin: "back/a@b c", listedAt: 8, snapshots: [] }],
      [parseGuid("7"), {
        changedAt: 6,
        origin: undefined,
        listedAt: 9,
        snapshots: [{ name: "a b", guid: parseGuid("9"), createtxg: 1n << 63n }],
      }],
    ]);
    history.storeListings("k", memory);
    history.storeListings("other", new Map());
    assert.deepEqual(history.readListings("k"), memory);
    assert.deepEqual(history.readListings("other"), new Map());
    const next: ListingCache = new Map([[parseGuid("7"), {
      changedAt: 6,
      origin: undefined,
      listedAt: 9,
      snapshots: [],
    }]]);
    history.storeListings("k", next);
    assert.deepEqual(history.readListings("k"), next);
    const { DatabaseSync } = await import("node:sqlite");
    const db = new DatabaseSync(path);
    db.exec("UPDATE remembered SET snapshots = 'nonsense'");
    db.close();
    assert.deepEqual(history.readListings("k"), new Map());
    history.storeListings("k", new Map());
    assert.deepEqual(history.readListings("k"), new Map());
    const { origin, snapshots } = memory.get(parseGuid("7"))!;
    const week = 7 * 86_400_000;
    const old: ListingCache = new Map([[parseGuid("7"), {
      changedAt: 6,
      origin,
      listedAt: start - week - 1,
      snapshots,
    }]]);
    const young: ListingCache = new Map([[parseGuid("7"), {
      changedAt: 6,
      origin,
      listedAt: start - week,
      snapshots,
    }]]);
    history.storeListings("gone", old);
    history.storeListings("k", young);
    history.prune();
    assert.deepEqual([history.readListings("gone"), history.readListings("k")], [new Map(), young]);
  }));

Deno.test("what sources were seen to have comes back until it is replaced, and for as long as it is of use", async () => {
  let now = start;
  const guids = (...words: string[]) => words.map(parseGuid);
  await withFolder(async (folder) => {
    const path = `${folder}/seen.db`;
    using history = openHistory(path, { clock: () => now });
    const seen: KnownSnapshots = new Map([
      [parseGuid("18446744073709551615"), guids("1", "18446744073709551614")],
      [parseGuid("7"), guids("9")],
    ]);
    history.storeKnownSnapshots("k", seen);
    assert.deepEqual(history.knownSnapshots("k"), seen);
    assert.deepEqual(history.knownSnapshots("other"), new Map());
    const next: KnownSnapshots = new Map([[parseGuid("7"), guids("9", "10")]]);
    history.storeKnownSnapshots("k", next);
    assert.deepEqual(history.knownSnapshots("k"), next);
    // Noted again and again, it never gets old.
    for (let days = 0; days < 900; days += 300) {
      now = start + days * 86_400_000;
      history.storeKnownSnapshots("k", next);
      history.prune();
    }
    assert.deepEqual(history.knownSnapshots("k"), next);
    now += 401 * 86_400_000;
    history.prune();
    assert.deepEqual(history.knownSnapshots("k"), new Map());
    history.storeKnownSnapshots("k", next);
    const { DatabaseSync } = await import("node:sqlite");
    const db = new DatabaseSync(path);
    db.exec("UPDATE seen_snapshots SET guids = 'nonsense'");
    db.close();
    assert.deepEqual(history.knownSnapshots("k"), new Map());
    history.close();
    assert.equal(history.knownSnapshots("k"), undefined, "what cannot be read is not nothing");
  });
});

Deno.test("pool samples come back as they were, with what was not known missing", () =>
  withHistory((history) => {
    const full = {
      at: start,
      host: "alpha",
      pool: "tank",
      poolGuid: "18446744073709551615",
      state: "ONLINE",
      sizeBytes: 2n ** 61n,
      usedBytes: 0n,
      fragmentation: 12,
      readErrors: 0,
      scrubState: "finished",
      scrubAt: start - 1,
      detail: "{}",
    };
    const bare = { at: start + 1, host: "target", pool: "tank", state: "unreachable" };
    history.addPoolSample(bare);
    history.addPoolSample(full);
    assert.deepEqual(history.poolSamples(), [full, bare]);
    assert.deepEqual(history.poolSamples({ host: "alpha", pool: "tank", since: start }), [full]);
  }));

Deno.test("whatever text a run holds comes back", () =>
  withHistory((history) =>
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.string({ unit: "grapheme" }),
        fc.bigInt(0n, (1n << 63n) - 1n),
        (text, name, bytes) => {
          const run = sampleRun({ job: text, message: text, stderrTail: name, bytes, result: "failed" });
          const id = history.finishRun({ ...run, datasets: [sampleDataset({ dataset: name, message: text, bytes })] });
          const [read] = history.runs({ job: text, limit: 1, datasets: true });
          assert.deepEqual({ id: read?.id, message: read?.message, stderrTail: read?.stderrTail, bytes: read?.bytes }, {
            id,
            message: text,
            stderrTail: name,
            bytes,
          });
          assert.equal(read?.datasets[0]?.dataset, name);
        },
      ),
      { numRuns: 50 },
    )
  ));

Deno.test("no query is an injection", () =>
  withHistory((history) => {
    history.finishRun(sampleRun({ result: "ok", job: "'; DROP TABLE runs; --" }));
    assert.equal(history.runs({ job: "' OR 1=1 --" }).length, 0);
    assert.equal(history.runs({ job: "'; DROP TABLE runs; --" }).length, 1);
    assert.deepEqual(history.errors, []);
  }));
