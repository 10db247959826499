import assert from "node:assert/strict";
import fc from "fast-check";
import { splitFrames } from "../../../src/hosts/remote/frames.ts";
import {
  formatRemoteScript,
  freshNonce,
  parseRemoteScript,
  type RemoteScript,
} from "../../../src/hosts/remote/remote_script.ts";

const word = fc.string({ unit: "binary" }).filter((text) =>
  // deno-lint-ignore no-control-regex -- what may not be quoted
  !/[\u0000-\u001f\u007f]/.test(text) && text !== "env"
);
const argv = fc.array(word, { minLength: 1, maxLength: 5 });
const nonce = fc.constant(0).map(freshNonce);
const stage = fc.record({ argv, mark: word }, { requiredKeys: ["argv"], noNullPrototype: true });
const plain = { noNullPrototype: true };
const script: fc.Arbitrary<RemoteScript> = fc.oneof(
  fc.record(
    { kind: fc.constant("batch" as const), nonce, commands: fc.array(argv, { minLength: 1, maxLength: 4 }) },
    plain,
  ),
  fc.record(
    { kind: fc.constant("pipeline" as const), nonce, stages: fc.array(stage, { minLength: 1, maxLength: 3 }) },
    plain,
  ),
);

Deno.test("a script is read back as it was written", () => {
  fc.assert(fc.property(script, (value) => assert.deepEqual(parseRemoteScript(formatRemoteScript(value)), value)));
});

Deno.test("a script that was changed anywhere is refused, or is another script of the same grammar", () => {
  fc.assert(fc.property(script, fc.nat(), fc.constantFrom(..."';|&\"$`\\\n x0", ""), (value, at, character) => {
    const text = formatRemoteScript(value);
    const place = at % text.length;
    const changed = text.slice(0, place) + character + text.slice(place + 1);
    let read: RemoteScript;
    try {
      read = parseRemoteScript(changed);
    } catch (error) {
      return assert.ok(error instanceof SyntaxError, String(error));
    }
    assert.equal(formatRemoteScript(read), changed);
  }));
});

Deno.test("what is no script of ours is refused", () => {
  const good = formatRemoteScript({ kind: "batch", nonce: freshNonce(), commands: [["zfs", "list"]] });
  const texts = ["", "zfs list", "sh -c 'id'", `${good};id`, good.replace("r begin;", "r begin;id;"), `${good}\n`];
  for (const text of texts) assert.throws(() => parseRemoteScript(text), SyntaxError, text);
});

Deno.test("what cannot be said is refused", () => {
  const value = { kind: "batch", nonce: freshNonce(), commands: [["zfs"]] } as const;
  assert.throws(() => formatRemoteScript({ ...value, nonce: "1; id" }), RangeError);
  assert.throws(() => formatRemoteScript({ ...value, commands: [] }), RangeError);
  assert.throws(() => formatRemoteScript({ ...value, commands: [["a\0"]] }), RangeError);
  assert.throws(() => formatRemoteScript({ kind: "pipeline", nonce: value.nonce, stages: [] }), RangeError);
  assert.throws(
    () => formatRemoteScript({ kind: "pipeline", nonce: value.nonce, stages: [{ argv: ["env", "x"] }] }),
    RangeError,
  );
});

Deno.test("frames: whatever stands between them comes back, and a cut anywhere is noticed", () => {
  const parts = fc.array(fc.tuple(fc.string({ unit: "binary" }), fc.nat(255)), { minLength: 1, maxLength: 4 });
  fc.assert(fc.property(parts, fc.string(), fc.nat(), (outputs, noise, cut) => {
    const mark = freshNonce();
    const body = outputs.map(([text, status], index) => `${text}\n${mark} ${index} ${status}\n`).join("");
    const whole = `${noise}\n${mark} begin\n${body}`;
    const frames = splitFrames(`${whole}later`, mark, outputs.length);
    assert.deepEqual([frames.begun, frames.before, frames.after], [true, noise, "later"]);
    assert.deepEqual(frames.parts, outputs.map(([text, status]) => ({ text, status })));
    const short = splitFrames(whole.slice(0, cut % whole.length), mark, outputs.length);
    assert.ok(short.parts.length < outputs.length || short.parts.at(-1)?.status === undefined);
  }));
});

Deno.test("frames: a command whose words were not kept does not look as if it had said nothing", () => {
  const mark = freshNonce();
  const words = ["a".repeat(50), "b".repeat(50), "c".repeat(50), "d".repeat(50)];
  const whole = `\n${mark} begin\n${words.map((text, i) => `${text}\n${mark} ${i} 1\n`).join("")}`;
  const begin = mark.length + 8;
  for (let from = begin; from < whole.length; from++) {
    for (let to = from; to < whole.length; to += 7) {
      const gap = `\n[bzman left out ${to - from} bytes here]\n`;
      const { begun, parts } = splitFrames(`${whole.slice(0, from)}${gap}${whole.slice(to)}`, mark, 4);
      assert.ok(begun);
      for (const [i, word] of words.entries()) {
        const text = parts[i]?.text ?? "";
        // Nobody's words are taken for another's, and none are missing without a word.
        assert.ok(
          text === word || text.includes("bzman left out") || parts[i]?.status === undefined,
          `${i} ${from} ${to}`,
        );
        for (const other of words.filter((one) => one !== word)) assert.ok(!text.includes(other), `${i} ${from} ${to}`);
        assert.notEqual(text, "", `${i} ${from} ${to}`);
      }
    }
  }
});
