import { equal, match, ok } from "node:assert/strict";
import { permissionFlags } from "../../tools/permissions.ts";

const main = new URL("../../src/main.ts", import.meta.url).pathname;
const command = ["run", "--quiet", "--no-check", ...permissionFlags(), main];

/** Runs bzman from the sources under a shell: `"$@"` is bzman. */
async function shell(script: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", script, "sh", Deno.execPath(), ...command, ...args],
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

Deno.test("process: a reader that goes away is no error", async () => {
  const { code, stdout, stderr } = await shell('{ "$@"; echo "status $?" >&2; } | head -n 1', "man");
  equal(code, 0);
  match(stdout, /^\.TH BZMAN 8/);
  equal(stderr, "status 0\n");
});

Deno.test("process: a full disk under standard output is told", async () => {
  const { code, stderr } = await shell('"$@" >/dev/full', "help");
  equal(code, 1);
  match(stderr, /^bzman: cannot write standard output: /);
});

Deno.test("process: a closed standard output or error stops nothing", async () => {
  equal((await shell('"$@" >&- 2>&-', "version")).code === 0, true);
});

Deno.test("process: exit statuses", async () => {
  equal((await shell('"$@"', "version")).code, 0);
  equal((await shell('"$@"', "--nonsense")).code, 2);
  equal((await shell('"$@"', "status", "--nonsense")).code, 3);
});

Deno.test("process: bytes that are no text are refused like any other word", async () => {
  const { code, stderr } = await shell('"$@" "$(printf "replicate\\377")"');
  equal(code, 2);
  ok(!stderr.includes("at "), stderr);
});
