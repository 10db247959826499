import assert from "node:assert/strict";
import type { Keep } from "../../../src/core/keep.ts";
import type { RunEvent } from "../../../src/core/run/events.ts";
import { Machine } from "../model/machine.ts";
import { replicateOnModel } from "../model/replication.ts";

const day = 86_400_000;
const begin = Date.UTC(2026, 10, 22);

/** A copy of three days, then a run ten years later; the clock of the target does not believe in them. */
async function tenYearsLater(keep: Keep): Promise<{ readonly left: readonly number[]; readonly warnings: string }> {
  const source = new Machine(1, "tank");
  const target = new Machine(2, "back");
  const pair = { source, target, tops: ["tank", "back/t"] } as const;
  for (let days = 0; days < 3; days += 1) {
    await replicateOnModel({ ...pair, atMs: begin + days * day, input: { keep: { kind: "count", count: 9 } } });
  }
  const events: RunEvent[] = [];
  await replicateOnModel({
    ...pair,
    atMs: begin + 3650 * day,
    input: { keep },
    ports: { listener: (event) => void events.push(event) },
    happenings: {
      answer: (side, [program]) =>
        side === "target" && program === "date" ? { stdout: `${begin / 1000 + 3 * 86_400}\n` } : undefined,
    },
  });
  return {
    left: [source.get("tank"), target.get("back/t")].map(({ snapshots }) => snapshots.length),
    warnings: events.flatMap((event) => event.kind === "note" && event.level === "warning" ? [event.text] : []).join(),
  };
}

Deno.test("a clock ten years ahead destroys nothing for its age, and is warned of", async () => {
  const { left, warnings } = await tenYearsLater({ kind: "age", ms: 7 * day });
  assert.deepEqual(left, [4, 4]);
  assert.match(warnings, /no snapshot was destroyed for its age.*chronyd/);
});

Deno.test("with such a clock retention by number goes on", async () => {
  assert.deepEqual(await tenYearsLater({ kind: "count", count: 2 }), { left: [2, 2], warnings: "" });
});
