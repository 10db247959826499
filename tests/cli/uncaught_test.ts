// An error that nothing caught neither ends bzman on the spot nor passes for success.

import { deepEqual, equal, match } from "node:assert/strict";
import { run } from "../../src/cli/run.ts";
import { UncaughtError } from "../../src/uncaught_error.ts";
import { withHistory } from "../history/with_history.ts";
import { withPrograms } from "../notify/fake_program.ts";
import { withSmtpServer } from "../notify/smtp_server.ts";
import { fakeContext } from "./fake_context.ts";

const signals = new URL("../../src/cli/signals.ts", import.meta.url).href;

const ways = {
  "an error in a timer": `setTimeout(() => { throw new Error("no process to spare"); }, 10)`,
  "a promise that nobody waits for": `Promise.reject(new Error("no process to spare"))`,
  "an event that nobody listens to":
    `import("node:events").then(({ EventEmitter }) => setTimeout(() => new EventEmitter().emit("error", new Error("no process to spare"))))`,
  "something that is no error": `setTimeout(() => { throw "no process to spare"; }, 10)`,
};

for (const [what, fault] of Object.entries(ways)) {
  Deno.test(`${what} aborts the work, which can still end in good order`, async () => {
    const script = `
      import { listenToSignals } from ${JSON.stringify(signals)};
      const signals = listenToSignals();
      await new Promise((resolve) => {
        signals.signal.addEventListener("abort", resolve);
        ${fault};
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
      const { reason } = signals.signal;
      console.log(reason.name, reason.message, signals.uncaught === reason);
      signals[Symbol.dispose]();`;
    const child = await new Deno.Command(Deno.execPath(), { args: ["eval", "--no-lock", script] }).output();
    deepEqual([child.code, new TextDecoder().decode(child.stdout)], [
      0,
      "UncaughtError no process to spare true\n",
    ]);
  });
}

const hang = 'touch "$0.hangs"; exec sleep 20';

for (const command of ["replicate", "prune"]) {
  Deno.test(`${command}: such an error leaves a record, a mail and exit status 1`, () =>
    withPrograms((folder) =>
      withSmtpServer({}, (port, mails) =>
        withHistory(async (history, path) => {
          for (const name of ["zfs", "zpool"]) folder.make(name, hang);
          const controller = new AbortController();
          const context = {
            ...fakeContext({ HOME: "/nonexistent" }, controller.signal),
            clock: Date.now,
            programPath: folder.path,
          };
          const smtp = `--smtp=smtp://127.0.0.1:${port}`;
          const ended = run([command, "tank", ":copy/tank", `--db=${path}`, smtp, "--quiet"], context);
          while (![...Deno.readDirSync(folder.path)].some(({ name }) => name.endsWith(".hangs"))) {
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
          controller.abort(new UncaughtError(new Error("no process to spare")));
          equal(await ended, 1);
          const [made] = history.runs({ limit: 1 });
          deepEqual([made?.result, made?.errorClass, made?.exitStatus], ["failed", "defect", 1]);
          match(made?.message ?? "", /no process to spare/);
          equal(mails.length, 1);
          match(mails[0]?.text ?? "", /no process to spare/);
        }))
    ));
}

Deno.test("a check that such an error stopped is UNKNOWN, and says why", async () => {
  const context = fakeContext({ HOME: "/nonexistent" }, AbortSignal.abort(new UncaughtError(new Error("no memory"))));
  equal(await run(["health", "--db=/nonexistent/none.db"], context) >= 2, true);
  match(context.stdout.text, /^UNKNOWN: /);
});
