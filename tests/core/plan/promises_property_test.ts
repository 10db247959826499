/**
 * The planner's promises, shown by playing its plans on a model of ZFS after random histories. `PROPERTY_RUNS` sets how
 * many histories there are (150 without it), `PROPERTY_SEED` which ones.
 *
 * @module
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { anyHistory, anySetting, World } from "../model/world.ts";

const runs = Number(Deno.env.get("PROPERTY_RUNS") ?? 150);
const chosen = Deno.env.get("PROPERTY_SEED") || "20261122";
const seed = chosen === "random" ? undefined : chosen;

Deno.test("whatever happened on both sides, a plan loses nothing, touches no conflict, and all the rest arrives", () => {
  const counts = new Map<string, number>();
  const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  fc.assert(
    fc.property(anySetting, anyHistory, (setting, history) => new World(setting, count).live(history)),
    { numRuns: runs, ...(seed === undefined ? {} : { seed: Number(seed) }) },
  );
  const shown = [...counts].sort().map(([what, times]) => `${what} ${times}`).join(", ");
  console.log(`${runs} histories; plans and steps: ${shown}`);
  for (
    const kind of [
      "full",
      "incremental",
      "clone",
      "resume",
      "package",
      "set-aside",
      "rollback",
      "rename",
      "rename in a swap",
      "promote",
    ]
  ) {
    assert.ok(runs < 150 || (counts.get(kind) ?? 0) > 0, `no history led to a step ${kind}`);
  }
});
