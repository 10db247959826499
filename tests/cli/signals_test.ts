import { equal } from "node:assert/strict";

/** What the child does: it listens, tells of the first signal, and of what it then knows when its input ends. */
const program = `
  import { listenToSignals } from ${JSON.stringify(new URL("../../src/cli/signals.ts", import.meta.url).href)};
  using signals = listenToSignals();
  const tell = () => console.log(signals.signal.reason.signal, signals.signal.reason.exit);
  signals.signal.addEventListener("abort", tell);
  console.log("ready");
  for await (const _ of Deno.stdin.readable);
  tell();
`;

// In a process of its own: a signal to this one would meet every test that runs beside this.
Deno.test("signals: the first one aborts with its name, a second one changes nothing", async () => {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, program);
    await using child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-config", "--no-lock", "--allow-run", "--allow-env", file],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const line = async () => (await lines.read()).value;
    equal(await line(), "ready\n");
    child.kill("SIGHUP");
    equal(await line(), "SIGHUP 129\n");
    child.kill("SIGTERM");
    await child.stdin.close();
    equal(await line(), "SIGHUP 129\n");
    equal(await line(), undefined);
    equal((await child.status).code, 0);
  } finally {
    await Deno.remove(file);
  }
});
