/**
 * The engine with a memory does what it does without one, whatever happened on both sides between its runs. `PROPERTY_RUNS`
 * sets how many histories there are (100 without it), `PROPERTY_SEED` which ones.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { EngineWorld } from "../model/engine.ts";
import { anyHistory, anySetting } from "../model/world.ts";

const runs = Number(Deno.env.get("PROPERTY_RUNS") ?? 100);
const seed = Number(Deno.env.get("PROPERTY_SEED") || "20261123");

Deno.test("with a memory and without one, the same comes of the same history", async () => {
  let recalled = 0;
  await fc.assert(
    fc.asyncProperty(anySetting, anyHistory, async (setting, history) => {
      const [forgetful, mindful] = [new EngineWorld(setting, false), new EngineWorld(setting, true)];
      const end = { side: "replicate", cut: undefined } as const;
      for (const entry of [...history, end, end]) {
        assert.equal(await mindful.live(entry), await forgetful.live(entry), JSON.stringify(entry));
      }
      recalled += mindful.recalled;
    }),
    { numRuns: runs, ...(Number.isNaN(seed) ? {} : { seed }) },
  );
  console.log(`${runs} histories; the snapshots of ${recalled} datasets were remembered`);
  assert.ok(recalled > runs, "the memory was hardly used");
});
