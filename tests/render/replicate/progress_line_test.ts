import assert from "node:assert/strict";
import { ProgressLine } from "../../../src/render/replicate/progress_line.ts";
import { textWidth } from "../../../src/render/text/text_width.ts";

function screen(columns = 80) {
  const written: string[] = [];
  let now = 0;
  const line = new ProgressLine({ write: (text) => written.push(text), columns: () => columns, clock: () => now });
  return { written, line, wait: (ms: number) => now += ms };
}

Deno.test("the live line shows name, bytes, rate and the time left, and erases itself", () => {
  const { written, line, wait } = screen();
  line.update({ name: "tank/home", doneBytes: 0n, totalBytes: 104_857_600n });
  wait(1_000);
  line.update({ name: "tank/home", doneBytes: 10_485_760n, totalBytes: 104_857_600n });
  wait(1_000);
  line.update({ name: "tank/home", doneBytes: 20_971_520n, totalBytes: 104_857_600n });
  line.clear();
  line.clear();
  assert.deepEqual(written.map((text) => text.replace("\r\x1b[K", "|")), [
    "|tank/home  0 B of 100 MiB (0 %)",
    "|tank/home  10.0 MiB of 100 MiB (10 %)  10.0 MiB/s  9.0 s left",
    "|tank/home  20.0 MiB of 100 MiB (20 %)  10.0 MiB/s  8.0 s left",
    "|",
  ]);
});

Deno.test("it draws a few times a second at most, and without a total as well", () => {
  const { written, line, wait } = screen();
  for (let step = 0; step < 100; step += 1) {
    line.update({ name: "a", doneBytes: BigInt(step) });
    wait(10);
  }
  assert.ok(written.length <= 8, String(written.length));
});

Deno.test("it never exceeds the terminal, whatever the name", () => {
  const { written, line } = screen(40);
  line.update({ name: `tank/${"x".repeat(200)}/\x1b[2J/end`, doneBytes: 5n, totalBytes: 10n });
  const shown = (written[0] ?? "").slice("\r\x1b[K".length);
  assert.ok(textWidth(shown) < 40, shown);
  assert.match(shown, /^…\S*end {2}5 B of 10 B \(50 %\)$/);
});

Deno.test("without a terminal nothing is written", () => {
  const line = new ProgressLine({ write: undefined, columns: () => 80, clock: () => 0 });
  line.update({ name: "a", doneBytes: 1n });
  line.clear();
});
