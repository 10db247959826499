import assert from "node:assert/strict";
import { readCount } from "../../tools/test/count.ts";

Deno.test("count: the last summary counts, with or without colours, steps and ignored tests", () => {
  assert.deepEqual(readCount("ok | 5 passed | 0 failed (32ms)\n"), { passed: 5, failed: 0, skipped: 0 });
  assert.deepEqual(
    readCount(
      "ok | 1 passed | 0 failed (1ms)\nx\n\x1b[31mFAILED\x1b[0m | 7 passed (12 steps) | 1 failed (1 step) | 3 ignored (1m2s)\n",
    ),
    { passed: 7, failed: 1, skipped: 3 },
  );
});

Deno.test("count: a run that broke before its summary has none", () => {
  assert.equal(readCount("error: Module not found\nthis is ok | 5 passed | 0 failed\n"), undefined);
});
