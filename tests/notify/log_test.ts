import assert from "node:assert/strict";
import { log, type LogOptions, startLogging, stopLogging, unmailedLog } from "../../src/notify/log.ts";
import { Syslog } from "../../src/notify/syslog.ts";
import { terminalText } from "../../src/render/text/terminal_text.ts";
import { withPrograms } from "./fake_program.ts";

async function record(options: Partial<LogOptions>): Promise<{ out: string; error: string }> {
  const seen = { out: "", error: "" };
  await startLogging({
    json: false,
    quiet: false,
    debug: false,
    timestamps: false,
    escape: terminalText,
    writeOut: (text) => seen.out += text,
    writeError: (text) => seen.error += text,
    ...options,
  });
  log.debug("listing {host}", { host: "alpha" });
  log.info("sent {bytes} bytes", { bytes: 2n ** 60n });
  log.info("hostile \x1b[2J name\nsecond line");
  log.warn("clocks differ");
  log.error("cannot receive");
  unmailedLog.error("the mail could not be sent");
  await stopLogging();
  return seen;
}

Deno.test("what is well goes to standard output, what is not to standard error", async () => {
  assert.deepEqual(await record({}), {
    out: "sent 1152921504606846976 bytes\nhostile \\x1b[2J name\n  second line\n",
    error: "warning: clocks differ\nerror: cannot receive\nerror: the mail could not be sent\n",
  });
});

Deno.test("with --json nothing goes to standard output", async () => {
  const seen = await record({ json: true });
  assert.equal(seen.out, "");
  assert.match(seen.error, /^sent 1152921504606846976 bytes\n/);
});

Deno.test("with --quiet only what could not be mailed is printed", async () => {
  assert.deepEqual(await record({ quiet: true }), { out: "", error: "error: the mail could not be sent\n" });
});

Deno.test("with --debug and timestamps", async () => {
  const { out, error } = await record({ debug: true, timestamps: true });
  assert.doesNotMatch(out, /debug/);
  assert.match(error, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ debug: listing alpha\n/);
});

Deno.test("syslog gets the same, one line each, with priorities, even with --quiet", () =>
  withPrograms(async (folder) => {
    const syslog = new Syslog({ logger: folder.make("logger", 'exec cat > "$0.lines"'), pid: 1 });
    await record({ quiet: true, debug: true, syslog });
    await syslog.close();
    assert.deepEqual(folder.read("logger.lines").split("\n"), [
      "<30>sent 1152921504606846976 bytes",
      "<30>hostile \\u001b[2J name; second line",
      "<28>clocks differ",
      "<27>cannot receive",
      "<27>the mail could not be sent",
      "",
    ]);
  }));
