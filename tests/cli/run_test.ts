import { deepEqual, equal, match } from "node:assert/strict";
import { commands } from "../../src/cli/commands.ts";
import { exitConventionOf } from "../../src/cli/exit_convention.ts";
import { run } from "../../src/cli/run.ts";
import { Interruption } from "../../src/interruption.ts";
import { version } from "../../src/version.ts";
import { fakeContext } from "./fake_context.ts";

Deno.test("run: the version, quick and by the parser", async () => {
  for (const argv of [["version"], ["--version"], ["-V"], ["--debug", "version"]]) {
    const context = fakeContext();
    equal(await run(argv, context), 0);
    match(context.stdout.text, new RegExp(`^bzman ${version} \\(\\S+\\)\n$`));
    equal(context.stderr.text, "");
  }
  const context = fakeContext();
  await run(["version", "--json"], context);
  equal(JSON.parse(context.stdout.text).version, version);
});

Deno.test("run: help goes to standard output, status 0", async () => {
  for (const argv of [[], ["--help"], ["help", "log"], ["-h"]]) {
    const context = fakeContext();
    equal(await run(argv, context), 0);
    match(context.stdout.text, /^(?:bzman|Show)/);
    equal(context.stderr.text, "");
  }
});

Deno.test("run: a usage error is one line on standard error, status 2", async () => {
  const context = fakeContext();
  equal(await run(["log", "--limt", "3"], context), 2);
  equal(context.stdout.text, "");
  equal(context.stderr.text, 'bzman: log has no option "--limt"; did you mean --limit? See: bzman help log\n');
});

Deno.test("run: --debug shows where it came from", async () => {
  const context = fakeContext();
  equal(await run(["log", "--limt", "3", "--debug"], context), 2);
  match(context.stderr.text, /^bzman: log has no option .*\nUsageError: .*\n +at /);
});

Deno.test("run: --json gives a document also for a usage error", async () => {
  const context = fakeContext();
  equal(await run(["log", "--limit", "none", "--json"], context), 2);
  deepEqual(JSON.parse(context.stdout.text), {
    error: {
      errorClass: "usage",
      message: '--limit: "none" is not a whole number',
      next: "See: bzman help log",
      exitStatus: 2,
    },
  });
});

Deno.test("run: a usage error of a command that checks is UNKNOWN, on standard output", async () => {
  const context = fakeContext();
  equal(await run(["status", "--nonsense"], context), 3);
  match(context.stdout.text, /^UNKNOWN: .*See: bzman help/);
  equal(context.stderr.text, "");
});

Deno.test("run: options before the command do not change what kind of command it is", async () => {
  const lines = [
    "--debug status --bad",
    "--db /x health --bad",
    "--debug replicate status --bad",
    "--db /x prune verify -x",
  ];
  const status = (line: string) => run(line.split(" "), fakeContext());
  deepEqual(await Promise.all(lines.map(status)), [3, 3, 2, 2]);
  for (const { name, aliases } of commands) {
    const checks = /^(?:status|health|capacity|verify)$/.test(name) ? "checks" : "acts";
    for (const word of [name.split(" ")[0] ?? "", ...aliases]) {
      equal(exitConventionOf(["--debug", word, "status"]), checks, word);
    }
  }
});

Deno.test("run: a wrong variable is named", async () => {
  const context = fakeContext({ BZMAN_DB: "a\nb" });
  equal(await run(["log"], context), 2);
  match(context.stderr.text, /^bzman: environment variable BZMAN_DB: .* Correct it, or unset BZMAN_DB\n$/);
});

Deno.test("run: what a terminal would obey is shown, not obeyed", async () => {
  for (const word of ["\x1b[31mred", "a\rb", "\u009b31m", "\u202egnp"]) {
    for (const argv of [[word], ["replicate", word, "target"], ["replicate", "tank", "target", `--${word}`]]) {
      const context = fakeContext();
      equal(await run(argv, context), 2);
      // deno-lint-ignore no-control-regex
      equal(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/.test(context.stderr.text), false, context.stderr.text);
      equal(context.stderr.text.split("\n").length, 2);
    }
  }
});

Deno.test("run: a signal that came before anything began", async () => {
  const context = fakeContext({}, AbortSignal.abort(new Interruption("SIGTERM")));
  equal(await run(["log"], context), 143);
  equal(context.stderr.text, "bzman: interrupted by SIGTERM\n");
});
