import assert from "node:assert/strict";
import fc from "fast-check";
import { LineSplitter, Tail, tailLength } from "../../../src/hosts/process/lines.ts";

function split(chunks: readonly Uint8Array[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return lines;
}

Deno.test("lines are the same however the bytes are cut", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "é", "\u{1f600}", "\n", "\r", " ") });
  fc.assert(fc.property(text, fc.array(fc.nat(20), { maxLength: 10 }), (whole, cuts) => {
    const bytes = new TextEncoder().encode(whole);
    const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
    const chunks = places.slice(1).map((place, index) => bytes.slice(places[index], place));
    assert.deepEqual(split(chunks), whole.split(/[\r\n]+/).filter((line) => line !== ""));
  }));
});

Deno.test("a line that never ends, and too many lines, stay bounded", () => {
  const chunk = new TextEncoder().encode("x".repeat(60_000));
  assert.ok(split(Array.from({ length: 50 }, () => chunk)).join("").length <= tailLength);
  const tail = new Tail();
  for (let index = 0; index < 10_000; index++) tail.push(`line ${index}`);
  tail.push("y".repeat(100_000));
  tail.push("last");
  assert.ok(String(tail).length <= tailLength);
  assert.match(String(tail), /^line 0\nline 1\n[^]*\[bzman left out \d+ lines here\]\n[^]*last\n$/);
});
