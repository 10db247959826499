// A check that a signal stopped has seen nothing: it says so, and neither mails nor records trouble.

import { deepEqual, match } from "node:assert/strict";
import { run } from "../../src/cli/run.ts";
import { Interruption, interruptionExits, type InterruptionSignal } from "../../src/interruption.ts";
import { fakeContext } from "../cli/fake_context.ts";
import { start } from "../history/sample_run.ts";
import { withHistory } from "../history/with_history.ts";
import { withPrograms } from "../notify/fake_program.ts";
import { withSmtpServer } from "../notify/smtp_server.ts";

const hang = 'touch "$0.hangs"; exec sleep 20';
const status = String.raw`printf '  pool: tank\n state: ONLINE\nconfig:\n\n\tNAME  STATE  READ WRITE CKSUM\n'
printf '\ttank  ONLINE  0  0  0\n\t  sdb  ONLINE  0  0  0\n\nerrors: No known data errors\n'`;
const zpool = `case $1 in status) ${status};; *) printf 'tank\\t17\\t1000\\t250\\t750\\t3\\tONLINE\\toff\\n';; esac`;
const zfs = `case "$*" in *" -r "*) ${hang};; *) printf '240\\t700\\t1700000000\\n';; esac`;

const cases: readonly (readonly [
  what: string,
  command: string,
  signal: InterruptionSignal,
  programs: Readonly<Record<string, string>>,
])[] = [
  ["health, stopped while it looks at a pool", "health", "SIGTERM", { zpool: hang, zfs }],
  ["capacity, stopped while it looks at a pool", "capacity", "SIGINT", { zpool: hang, zfs }],
  ["capacity, stopped while it lists quotas", "capacity", "SIGHUP", { zpool, zfs }],
];

for (const [what, command, signal, programs] of cases) {
  Deno.test(`${what}: no mail, no alert, and the exit status of ${signal}`, () =>
    withPrograms((folder) =>
      withSmtpServer({}, (port, mails) =>
        withHistory(async (history, path) => {
          for (const [name, script] of Object.entries(programs)) folder.make(name, script);
          const controller = new AbortController();
          const context = {
            ...fakeContext({ HOME: "/nonexistent" }, controller.signal),
            clock: () => start,
            programPath: folder.path,
          };
          const ended = run([command, "tank", `--db=${path}`, `--smtp=smtp://127.0.0.1:${port}`], context);
          while (![...Deno.readDirSync(folder.path)].some(({ name }) => name.endsWith(".hangs"))) {
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
          controller.abort(new Interruption(signal));
          deepEqual([await ended, mails, history.openAlerts()], [interruptionExits[signal], [], []]);
          // What was seen before the signal is kept; what was not makes no sample.
          deepEqual(history.poolSamples().filter(({ state }) => state !== "ONLINE"), []);
          match(context.stdout.text, new RegExp(`^bzman: interrupted by ${signal}\n$`));
        }))
    ));
}
