import assert from "node:assert/strict";
import fc from "fast-check";
import { randomSample } from "../../../src/core/verify/random_sample.ts";

Deno.test("a sample is sorted, without repetition, within bounds, and as large as asked for", () => {
  fc.assert(
    fc.property(
      fc.nat(2000),
      fc.nat(2000),
      fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
      (total, count, stream) => {
        const found = randomSample(total, count, () => stream.next().value as number);
        assert.equal(found.length, Math.min(total, count));
        assert.ok(found.every((index, i) => index >= 0 && index < total && (i === 0 || index > found[i - 1]!)));
      },
    ),
  );
});

Deno.test("each of many is chosen about as often as any other", () => {
  // A linear congruential generator, so that the test is the same each time.
  let state = 42n;
  const random = () => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number(state >> 11n) / 2 ** 53;
  };
  const times = Array.from({ length: 50 }, () => 0);
  for (let i = 0; i < 10_000; i++) for (const index of randomSample(50, 5, random)) times[index]! += 1;
  assert.ok(times.every((count) => count > 850 && count < 1150), times.join(" "));
});
