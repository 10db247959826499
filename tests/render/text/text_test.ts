import assert from "node:assert/strict";
import fc from "fast-check";
import { anyText } from "../any_text.ts";
import { bytesText, rateText } from "../../../src/render/text/bytes.ts";
import { durationText } from "../../../src/render/text/duration.ts";
import { mailSubject } from "../../../src/render/mail/mail_subject.ts";
import { terminalLines, terminalText } from "../../../src/render/text/terminal_text.ts";
import { fit, pad, textWidth } from "../../../src/render/text/text_width.ts";
import { timeText } from "../../../src/render/text/timestamp.ts";

Deno.test("bytes in three significant digits", () => {
  const table: [bigint | number, string][] = [
    [0n, "0 B"],
    [999n, "999 B"],
    [1000n, "0.98 KiB"],
    [1023n, "1.00 KiB"],
    [1024n, "1.00 KiB"],
    [10_240n, "10.0 KiB"],
    [1_047_552n, "1.00 MiB"],
    [1n << 30n, "1.00 GiB"],
    [(1n << 63n) - 1n, "8.00 EiB"],
    [1n << 70n, "1024 EiB"],
    [-2048, "-2.00 KiB"],
    [Number.NaN, "?"],
  ];
  for (const [count, text] of table) assert.equal(bytesText(count), text);
});

Deno.test("bytes below the largest unit take at most 8 cells", () =>
  fc.assert(
    fc.property(fc.bigInt(0n, 1n << 60n), (count) => assert.ok(bytesText(count).length <= 8, bytesText(count))),
  ));

Deno.test("rates", () => {
  assert.equal(rateText(1_048_576n, 500), "2.00 MiB/s");
  assert.equal(rateText(1n, 0), "-");
});

Deno.test("durations in their two largest units", () => {
  const table: [number, string][] = [
    [0, "0.0 s"],
    [432, "0.4 s"],
    [9_949, "9.9 s"],
    [9_950, "10 s"],
    [59_499, "59 s"],
    [59_500, "1 m 00 s"],
    [200_000, "3 m 20 s"],
    [3_599_499, "59 m 59 s"],
    [3_599_500, "1 h 00 m"],
    [7_500_000, "2 h 05 m"],
    [86_369_999, "23 h 59 m"],
    [86_370_000, "1 d 0 h"],
    [273_600_000, "3 d 4 h"],
    [-5_000, "-5.0 s"],
    [Number.POSITIVE_INFINITY, "?"],
  ];
  for (const [ms, text] of table) assert.equal(durationText(ms), text);
});

Deno.test("times are in UTC", () => {
  assert.equal(timeText(Date.UTC(2025, 2, 1, 12, 0, 5, 678)), "2025-03-01 12:00:05Z");
  assert.equal(timeText(Number.NaN), "?");
});

Deno.test("nothing that a terminal obeys comes through", () => {
  assert.equal(terminalText("a\x1b[31mb\r\nc\td\x9be\u202e"), "a\\x1b[31mb\\r\\nc\\td\\x9be\\u202e");
  assert.equal(terminalLines("a\r\nb\tc\rd\x07"), "a\nb\tc\\rd\\x07");
  fc.assert(fc.property(anyText, (text) => {
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(terminalText(text), /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
    assert.ok(terminalText(text).isWellFormed());
  }));
});

Deno.test("width, fitting and filling agree", () => {
  assert.equal(textWidth("tank/ä"), 6);
  assert.equal(textWidth("日本"), 4);
  assert.equal(textWidth("e\u0301"), 1);
  assert.equal(fit("incremental-2025", 8, "end"), "…al-2025");
  assert.equal(fit("incremental-2025", 8, "start"), "increme…");
  assert.equal(pad("日", 4, "right"), "  日");
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }),
      fc.nat(40),
      fc.constantFrom("start" as const, "end" as const),
      (text, width, keep) => assert.ok(textWidth(fit(terminalText(text), width, keep)) <= width),
    ),
  );
});

Deno.test("a subject is one line and not endless", () => {
  assert.equal(mailSubject("CRITICAL", "alpha", "a\r\nBcc: x\u2028y"), "[CRITICAL] alpha: a Bcc: x y");
  assert.equal([...mailSubject("OK", "alpha", "x".repeat(500))].length, 180);
});
