import assert from "node:assert/strict";
import fc from "fast-check";
import { anyText } from "../render/any_text.ts";
import { Syslog } from "../../src/notify/syslog.ts";
import { lineBytes, syslogLine } from "../../src/notify/syslog_line.ts";
import { withPrograms } from "./fake_program.ts";

Deno.test("a line carries its priority in the facility daemon", () => {
  assert.equal(syslogLine("info", "tank: done"), "<30>tank: done\n");
  assert.equal(syslogLine("warning", "w"), "<28>w\n");
  assert.equal(syslogLine("error", "e"), "<27>e\n");
  assert.equal(syslogLine("critical", "c"), "<26>c\n");
});

Deno.test("a message is one harmless line of bounded length, whatever it holds", () => {
  assert.equal(syslogLine("info", "a\n<0>forged\r\n\x1b[2Jb\tc"), "<30>a; <0>forged; \\u001b[2Jb c\n");
  fc.assert(fc.property(anyText, (text) => {
    const line = syslogLine("info", text);
    // deno-lint-ignore no-control-regex
    assert.doesNotMatch(line.slice(0, -1), /[\u0000-\u001f\u007f-\u009f]/u);
    assert.ok(new TextEncoder().encode(line).length <= lineBytes + 10);
  }));
  const long = syslogLine("info", "ä".repeat(5_000));
  assert.match(long, /^<30>ä{3500}…\n$/u);
});

Deno.test("all lines reach logger, through one process, in order", () =>
  withPrograms(async (folder) => {
    const logger = folder.make("logger", 'echo "$@" >> "$0.args"; exec cat >> "$0.lines"');
    const syslog = new Syslog({ logger, pid: 77 });
    for (let line = 0; line < 2_000; line += 1) syslog.write("info", `line ${line}`);
    await syslog.close();
    assert.equal(syslog.lost, 0);
    assert.deepEqual(folder.read("logger.args"), "--prio-prefix -t bzman --id=77 --size 8192 --skip-empty\n");
    const lines = folder.read("logger.lines").trimEnd().split("\n");
    assert.deepEqual(lines, Array.from({ length: 2_000 }, (_, line) => `<30>line ${line}`));
  }));

Deno.test("a missing logger costs nothing", async () => {
  for (const logger of [undefined, "/nonexistent/logger"]) {
    const syslog = new Syslog({ logger, pid: 1 });
    syslog.write("info", "a");
    await syslog.close();
    assert.equal(syslog.lost, 1);
  }
});

Deno.test("a logger that dies is started again, a few times", () =>
  withPrograms(async (folder) => {
    const logger = folder.make("logger", 'echo start >> "$0.starts"; head -n 1 >> "$0.lines"');
    const syslog = new Syslog({ logger, pid: 1 });
    for (let line = 0; line < 6; line += 1) {
      syslog.write("info", `line ${line}`);
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    await syslog.close();
    assert.equal(folder.read("logger.starts"), "start\nstart\nstart\n");
  }));

Deno.test("a logger that reads nothing ends in bounded time", () =>
  withPrograms(async (folder) => {
    const logger = folder.make("logger", "trap '' TERM; exec sleep 60");
    const syslog = new Syslog({ logger, pid: 1 });
    for (let line = 0; line < 3_000; line += 1) syslog.write("info", "x".repeat(500));
    const started = performance.now();
    await syslog.close(300);
    assert.ok(performance.now() - started < 20_000);
    assert.ok(syslog.lost > 0);
  }));

Deno.test("lines beyond what can wait are dropped and counted, and later ones are refused", async () => {
  const syslog = new Syslog({ logger: "/nonexistent/logger", pid: 1 });
  for (let line = 0; line < 6_000; line += 1) syslog.write("info", "x");
  await syslog.close();
  syslog.write("info", "late");
  assert.equal(syslog.lost, 6_001);
});
