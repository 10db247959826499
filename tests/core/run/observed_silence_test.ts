// How long a run waits for a silent stream, learned from what the target needed before.

import assert from "node:assert/strict";
import {
  type ObservedSilence,
  type StreamSilence,
  timeoutForSilence,
  updateSilence,
} from "../../../src/core/run/observed_silence.ts";
import { withHistory } from "../../history/with_history.ts";
import { Machine } from "../model/machine.ts";
import { replicateOnModel } from "../model/replication.ts";

const minute = 60_000;
const now = Date.UTC(2026, 10, 22);
const day = 86_400_000;

const silence = (minutes: number, proven: boolean, seenAt = now): ObservedSilence => ({
  silentMs: minutes * minute,
  proven,
  seenAt,
});
const heard = (wentOn: number, ended = 0): StreamSilence => ({ wentOnMs: wentOn * minute, endedMs: ended * minute });

Deno.test("what is learned of a target's silence", () => {
  const table: readonly [
    known: ObservedSilence | undefined,
    heard: StreamSilence,
    learned: ObservedSilence | undefined,
  ][] = [
    // Seconds are usual.
    [undefined, heard(0.1), undefined],
    [undefined, heard(4), silence(4, true)],
    [undefined, heard(0, 5), silence(5, false)],
    [undefined, heard(6, 5), silence(6, true)],
    // The longest counts.
    [silence(4, true, now - day), heard(7), silence(7, true)],
    [silence(4, true, now - day), heard(3), silence(4, true, now - day)],
    [silence(4, true, now - day), heard(0, 8), silence(8, false)],
    // What was ended once, and went well in less since, had hung.
    [silence(5, false, now - day), heard(0.1), undefined],
    [silence(5, false, now - day), heard(3), silence(3, true)],
    [silence(5, false, now - day), heard(7), silence(7, true)],
    [silence(10, false, now - day), heard(0, 3), silence(10, false, now - day)],
    // Old ones count no more.
    [silence(40, true, now - 91 * day), heard(3), silence(3, true)],
    [silence(40, true, now - 91 * day), heard(0.1), undefined],
    // A clock that was ahead.
    [silence(40, true, now + day), heard(0.1), silence(40, true, now + day)],
  ];
  for (const [known, one, learned] of table) {
    assert.deepEqual(updateSilence(known, one, now), learned, JSON.stringify([known, one]));
  }
});

Deno.test("the limit is twice what was needed; what proved nothing brings about an hour at most", () => {
  assert.equal(timeoutForSilence(undefined), 0);
  assert.equal(timeoutForSilence(silence(7, true)), 14 * minute);
  assert.equal(timeoutForSilence(silence(7, false)), 14 * minute);
  assert.equal(timeoutForSilence(silence(60, false)), 60 * minute);
  assert.equal(timeoutForSilence(silence(90, true)), 180 * minute);
  assert.equal(timeoutForSilence(silence(1000, true)), 24 * 60 * minute);
});

/** One run whose stream is silent for so long; whether it ended well. */
async function runs(silentMinutes: number, given: number | undefined, kept: { at?: ObservedSilence | undefined }) {
  const [source, target] = [new Machine(1, "tank"), new Machine(2, "back")];
  source.write("tank");
  const { state } = await replicateOnModel({
    source,
    target,
    tops: ["tank", "back/t"],
    atMs: now,
    input: { retries: 0, stallMs: given },
    ports: { silences: { silence: () => kept.at, noteSilence: (_, at) => void (kept.at = at) } },
    happenings: { flows: () => ({ silentMs: silentMinutes * minute }) },
  });
  return state.datasets.map(({ fault }) => fault?.errorClass ?? "ok").join();
}

Deno.test("a target that is silent for twelve minutes is waited for by the third run, and from then on", async () => {
  const kept: { at?: ObservedSilence | undefined } = {};
  assert.equal(await runs(12, undefined, kept), "stalled");
  assert.equal(await runs(12, undefined, kept), "stalled");
  assert.equal(await runs(12, undefined, kept), "ok");
  assert.equal(await runs(20, undefined, kept), "ok");
  assert.equal(await runs(0, undefined, kept), "ok");
  assert.equal(await runs(20, undefined, kept), "ok");
});

Deno.test("--stall is the limit, whatever was learned; and what it let through is learned", async () => {
  const kept: { at?: ObservedSilence | undefined } = {};
  assert.equal(await runs(90, 120 * minute, kept), "ok");
  assert.equal(await runs(100, undefined, kept), "ok");
  assert.equal(await runs(2, minute, kept), "stalled");
});

Deno.test("the record keeps it, and forgets it", () =>
  withHistory((history) => {
    history.noteSilence("one", silence(7, true));
    history.noteSilence("two", silence(8, false));
    assert.deepEqual(history.silence("one"), silence(7, true));
    assert.deepEqual(history.silence("two"), silence(8, false));
    history.noteSilence("one", undefined);
    assert.equal(history.silence("one"), undefined);
  }));
