import assert from "node:assert/strict";
import { restates } from "../../tools/lint/restates.ts";

Deno.test("restates: what says no more than the name", () => {
  for (
    const [comment, name] of [
      ["/** Finds them. */", "findCircles"],
      ["/** Does it. */", "protectReceived"],
      ["/** The rule. */", "rule"],
      ["/** Lists the pools. */", "listPools"],
      ["/** Every command. */", "commands"],
    ] as const
  ) assert.equal(restates(comment, name), true, comment);
});

Deno.test("restates: a shape, a unit, an error or a source says more", () => {
  for (
    const [comment, name] of [
      ["/** Milliseconds since 1970. */", "startedAt"],
      ["/** By full name: `tank/a@b`. */", "names"],
      ["/**\n * Lists pools.\n *\n * @throws {Fault} When it fails.\n */", "listPools"],
      ["/** Oldest first. */", "snapshots"],
    ] as const
  ) assert.equal(restates(comment, name), false, comment);
});
