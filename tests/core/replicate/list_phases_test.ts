// Listings are booked to the side that is listed, also when a run looks again.

import assert from "node:assert/strict";
import { Phases } from "../../../src/core/run/phases.ts";
import { Machine } from "../model/machine.ts";
import { linkDown, type ModelRun, replicateOnModel } from "../model/replication.ts";

/** A run whose first stream fails, so that both sides are listed twice: the source takes 1 s each time, the target 100 s. */
async function listings(local: ModelRun["local"]): Promise<Record<string, number>> {
  const [source, target] = [new Machine(1, "tank"), new Machine(2, "back")];
  source.write("tank");
  const { phases } = await replicateOnModel({
    source,
    target,
    tops: ["tank", "back/t"],
    atMs: Date.UTC(2026, 10, 22),
    ...(local ? { local } : {}),
    happenings: {
      fail: (stream) => stream === 0 ? linkDown : undefined,
      // Each listing begins with the datasets of the top.
      takes: (side, argv) =>
        argv.at(-1) === (side === "source" ? "tank" : "back/t") && argv.includes("filesystem,volume")
          ? side === "source" ? 1000 : 100_000
          : 0,
    },
  });
  const listed = phases.filter(({ phase }) => phase.startsWith("list "));
  return Object.fromEntries(listed.map(({ phase, elapsedMs }) => [phase, elapsedMs]));
}

Deno.test("what a retry lists is booked to the side it is: of a push, a pull, and a run on one machine", async () => {
  // At first both are listed at once, on the one clock of the model: the source's answer waits for the target's.
  assert.deepEqual(await listings(["source"]), { "list local": 102_000, "list remote": 200_000 });
  assert.deepEqual(await listings(["target"]), { "list local": 200_000, "list remote": 102_000 });
  assert.deepEqual(await listings(["source", "target"]), { "list local": 202_000 });
});

Deno.test("a phase in which two things run at once takes as long as both together, and is told once", async () => {
  let now = 0;
  const told: string[] = [];
  const phases = new Phases(() => now, (event) => told.push(event.kind));
  const [one, two] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const first = phases.measure("list local", () => one.promise);
  now = 10;
  const second = phases.measure("list local", () => two.promise);
  now = 30;
  one.resolve();
  await first;
  assert.deepEqual(told, ["phase-begin"]);
  now = 50;
  two.resolve();
  await second;
  assert.deepEqual(phases.times, [{ phase: "list local", elapsedMs: 50 }]);
  assert.deepEqual(told, ["phase-begin", "phase-end"]);
});
