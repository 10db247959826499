import assert from "node:assert/strict";
import { decodeToken, parseToken, parseTokenText } from "../../../src/zfs/parsers/resume_token.ts";

const token = "1-10fb7c1c4c-e8-789c636064000310a500c4ec50360710e72765a52697303030419460caa7a515a796806439e0f26c48f2";

/** What `zfs send -nvP -t` prints for an increment. */
const increment = `resume token contents:
nvlist version: 0
\tfromguid = 0x9058efd6d8c65e99
\tobject = 0x80
\toffset = 0x0
\tbytes = 0x201a48
\ttoguid = 0xffffffffffffffff
\ttoname = tank/src/k 1@b
\tembedok = 1
\tcompressok = 1
\trawok = 1
incremental\ttank/src/k 1@a\ttank/src/k 1@b\t1056104
size\t1056104
`;

Deno.test("a token becomes an argument only in the form ZFS gives it", async (test) => {
  assert.equal(parseTokenText(token), token);
  assert.deepEqual(decodeToken(token).argv, ["zfs", "send", "-n", "-v", "-P", "-t", token]);
  const hostile = [
    "",
    "-",
    "1-ab-cd",
    "1-ab-cd-ef\n",
    `${token};id`,
    `-${token}`,
    "1-ab-cd-zz",
    "x-ab-cd-ef",
    ` ${token}`,
  ];
  for (const text of hostile) {
    await test.step(JSON.stringify(text), () => assert.throws(() => decodeToken(text), SyntaxError));
  }
});

Deno.test("an increment, raw, with GUIDs of 64 bits", () => {
  assert.deepEqual(parseToken(increment), {
    toGuid: "18446744073709551615",
    toName: "tank/src/k 1@b",
    fromGuid: "10401327045451079321",
    receivedBytes: 0x201a48n,
    raw: true,
    remainingBytes: 1056104n,
  });
});

Deno.test("a full stream has no base", () => {
  const full = increment.replace(/\tfromguid.*\n/, "").replace(/\trawok.*\n/, "");
  assert.equal(parseToken(full).fromGuid, undefined);
  assert.equal(parseToken(full).raw, false);
  assert.equal(parseToken(increment.replace("0x9058efd6d8c65e99", "0x0")).fromGuid, undefined);
});

Deno.test("what is missing", async (test) => {
  await test.step("an estimate", () =>
    assert.equal(parseToken(increment.replace(/^size.*$/m, "")).remainingBytes, undefined));
  await test.step("an estimate below what has arrived", () =>
    assert.equal(parseToken(increment.replace(/^size.*$/m, "size\t18446744073709451615")).remainingBytes, undefined));
  await test.step("the bytes", () => assert.equal(parseToken(increment.replace(/\tbytes.*\n/, "")).receivedBytes, 0n));
  for (const key of ["toguid", "toname"]) {
    const text = increment.replace(new RegExp(`\\t${key}.*\\n`), "");
    await test.step(key, () => assert.throws(() => parseToken(text), SyntaxError));
  }
});

Deno.test("what is no token's inside is refused with a SyntaxError, never with another", async (test) => {
  const texts = {
    "nothing": "",
    "words for a GUID": increment.replace("0xffffffffffffffff", "many"),
    "65 bits": increment.replace("0xffffffffffffffff", "0x1ffffffffffffffff"),
    "words for bytes": increment.replace("0x201a48", "lots"),
    "words for a base": increment.replace("0x9058efd6d8c65e99", "none"),
  };
  for (const [what, text] of Object.entries(texts)) {
    await test.step(what, () => assert.throws(() => parseToken(text), SyntaxError));
  }
});
