import assert from "node:assert/strict";
import { proveEmpty, syncPool } from "../../../src/zfs/parsers/emptiness.ts";
import { name } from "../sample.ts";

const proof = proveEmpty(name("backup"));

Deno.test("the proof asks for the objects of everybody, after a sync", () => {
  assert.deepEqual(syncPool(name("backup")), ["zpool", "sync", "backup"]);
  assert.deepEqual(proof.argv, ["zfs", "userspace", "-H", "-p", "-o", "type,name,used,objused", "backup"]);
});

const answers: Readonly<Record<string, readonly [stdout: string, empty: boolean]>> = {
  "a fresh filesystem": ["POSIX User\troot\t512\t1\n", true],
  "a fresh encrypted one": ["POSIX User\troot\t1536\t1\n", true],
  "one empty file": ["POSIX User\troot\t1024\t2\n", false],
  "eleven": ["POSIX User\troot\t1024\t11\n", false],
  "somebody else's file": ["POSIX User\troot\t512\t1\nPOSIX User\tann\t512\t1\n", false],
  "nothing said": ["", false],
  "a blank line": ["\n", false],
  "other columns": ["1\n", false],
  "words": ["POSIX User\troot\t512\tone\n", false],
  "no count": ["POSIX User\troot\t512\t-\n", false],
};

Deno.test("only exactly one object, the root directory, proves a filesystem empty", async (test) => {
  for (const [what, [stdout, empty]] of Object.entries(answers)) {
    await test.step(what, () => assert.equal(proof.parse(stdout), empty));
  }
});
