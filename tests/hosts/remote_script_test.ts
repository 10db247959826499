import assert from "node:assert/strict";
import fc from "fast-check";
import { splitFrames } from "../../src/hosts/frames.ts";
import { formatRemoteScript, freshNonce, parseRemoteScript, type RemoteScript } from "../../src/hosts/remote_script.ts";

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
