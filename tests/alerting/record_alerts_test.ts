// Trouble with the record itself is mailed once, reminded of, and its end is told, also while no state can be kept in it.

import { deepEqual, equal, match } from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { run } from "../../src/cli/run.ts";
import { alertOnRecord } from "../../src/alerting/record_alerts.ts";
import type { CommonSettings } from "../../src/config/settings.ts";
import type { History } from "../../src/history/history.ts";
import { openHistory } from "../../src/history/open.ts";
import { startLogging, stopLogging } from "../../src/notify/log.ts";
import { fakeContext } from "../cli/fake_context.ts";
import { sampleRun, start } from "../history/sample_run.ts";
import { withFolder } from "../history/with_history.ts";
import { withSmtpServer } from "../notify/smtp_server.ts";

const minute = 60_000;

/** Runs of one machine that keep their record in a file of a folder. */
interface Machine {
  /** The record's file; it is not there yet. */
  readonly path: string;
  readonly spare: string;
  isRoot: boolean;
  mailServer: "up" | "down";
  /** From now on this is called while a mail goes out, before the server has taken it. */
  whileMailing(look: () => void): void;
  /** Records a run that ended well, as `--quiet` does; returns the subjects mailed and what was printed. */
  run(minutes: number, during?: (history: History) => void): Promise<{ mails: string[]; printed: string }>;
}

/** Runs a test with a machine of its own. */
function withMachine(action: (machine: Machine) => Promise<void>): Promise<void> {
  let onMail = () => {};
  return withFolder((folder) =>
    withSmtpServer({ onMail: () => onMail() }, async (port, taken) => {
      let seen = 0;
      const machine: Machine = {
        path: `${folder}/state/bzman.db`,
        spare: `${folder}/spare`,
        isRoot: true,
        mailServer: "up",
        whileMailing: (look) => onMail = look,
        async run(minutes, during) {
          const now = start + minutes * minute;
          const smtpUrl = `smtp://127.0.0.1:${machine.mailServer === "up" ? port : 1}`;
          const common: CommonSettings = {
            db: machine.path,
            mail: { to: ["root@example.org"], from: undefined, smtpUrl },
            json: false,
            quiet: true,
            debug: false,
          };
          let printed = "";
          const write = (text: string) => void (printed += text);
          const options = { json: false, quiet: true, debug: false, timestamps: false };
          await startLogging({ ...options, escape: (text) => text, writeOut: write, writeError: write });
          using history = openHistory(machine.path, { clock: () => now, busyMs: 100 });
          history.finishRun(sampleRun({ result: "ok", startedAt: now }));
          during?.(history);
          const { isRoot, spare } = machine;
          const session = {
            history,
            isRoot,
            lockFolders: { common: [], preferred: undefined, fallback: spare },
            program: () => undefined,
          };
          await alertOnRecord(common, session, { ...fakeContext(), clock: () => now });
          await stopLogging();
          const mails = taken.slice(seen).map(({ text }) => text.replaceAll(/\r\n[ \t]/g, " "));
          seen = taken.length;
          return { mails: mails.map((text) => /^Subject: (.*?)\r?$/m.exec(text)?.[1] ?? text), printed };
        },
      };
      await action(machine);
    })
  );
}

/** Another process, as far as SQLite can tell, that holds the record. */
function hold(path: string): { end(): void } {
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  return { end: () => other.close() };
}

const locked = /^\[WARNING\] here: \S+\/bzman\.db: problem with the record: database is locked$/;
const well = /^\[OK\] here: \S+\/bzman\.db: record is OK again$/;
const nothing = { mails: [], printed: "" };

Deno.test("a record that is well is no news, and leaves nothing elsewhere", () =>
  withMachine(async ({ run, spare }) => {
    deepEqual([await run(0), await run(10)], [nothing, nothing]);
    equal(await Deno.stat(spare).catch(() => "none"), "none");
  }));

Deno.test("a record that another process holds is mailed once, reminded of after six hours, and its end is told", () =>
  withMachine(async ({ run, path, spare }) => {
    await run(0);
    const holder = hold(path);
    const { mails, printed } = await run(10);
    equal(printed, "");
    equal(mails.length, 1);
    match(mails[0] ?? "", locked);
    deepEqual([await run(20), await run(30)], [nothing, nothing]);
    match((await run(380)).mails.join(), locked);
    deepEqual(await run(390), nothing);
    holder.end();
    match((await run(400)).mails.join(), well);
    deepEqual([...Deno.readDirSync(spare)], []);
    deepEqual(await run(410), nothing);
  }));

Deno.test("a record that was held for a moment is no news where nothing is lost", () =>
  withMachine(async ({ run, path }) => {
    await run(0);
    let holder = hold(path);
    // The end of the run was not taken at once, and is when all else is done.
    deepEqual((await run(10, () => holder.end())).mails, []);
    {
      using history = openHistory(path, { clock: () => start });
      equal(history.runs().length, 2);
    }
    const { mails } = await run(30, (history) => {
      holder = hold(path);
      equal(history.isFree(), false);
      holder.end();
    });
    deepEqual(mails, []);
  }));

Deno.test("a record with no place at all is mailed once; a mail that does not go out is printed until one does", () =>
  withMachine(async (machine) => {
    const { run, path } = machine;
    Deno.writeTextFileSync(path.replace(/\/state.*/, "/state"), "a file is in the way");
    machine.mailServer = "down";
    for (const minutes of [0, 10]) {
      const { mails, printed } = await run(minutes);
      deepEqual(mails, []);
      match(
        printed,
        /cannot mail to root@example\.org: .*\n.*\[WARNING\] here: .*a run of tank>target .*not recorded/s,
      );
    }
    machine.mailServer = "up";
    match((await run(20)).mails.join(), /^\[WARNING\] here: .*problem with the record: .*not a folder$/);
    deepEqual(await run(30), nothing);
    Deno.removeSync(path.replace(/\/state.*/, "/state"));
    match((await run(40)).mails.join(), well);
  }));

Deno.test("a run that is killed while its mail goes out has told nothing: the next one mails", () =>
  withMachine(async ({ run, path, spare, whileMailing }) => {
    await run(0);
    const holder = hold(path);
    let noted: string[] | undefined;
    whileMailing(() => noted = [...Deno.readDirSync(spare)].map(({ name }) => name));
    equal((await run(10)).mails.length, 1);
    deepEqual(noted, []);
    match([...Deno.readDirSync(spare)].map(({ name }) => name).join(), /^\w+\.alert$/);
    holder.end();
  }));

Deno.test("where nothing can be noted root mails each time, and others print", () =>
  withMachine(async (machine) => {
    const { run, path, spare } = machine;
    for (const file of [path.replace(/\/state.*/, "/state"), spare]) Deno.writeTextFileSync(file, "in the way");
    for (const minutes of [0, 10]) equal((await run(minutes)).mails.length, 1);
    machine.isRoot = false;
    const { mails, printed } = await run(20);
    deepEqual(mails, []);
    match(printed, /^error: no mail about \S+\/bzman\.db: .*\n {2}\[WARNING\] here: .*\n.*has a problem/);
  }));

Deno.test("a note that somebody else may have written silences nothing", () =>
  withMachine(async ({ run, path, spare }) => {
    await run(0);
    const holder = hold(path);
    equal((await run(10)).mails.length, 1);
    Deno.chmodSync(spare, 0o777);
    equal((await run(20)).mails.length, 1);
    holder.end();
  }));

Deno.test("a record that was set aside as damaged is told, and kept with the new one", () =>
  withMachine(async ({ run, path, spare }) => {
    await run(0);
    Deno.truncateSync(path, 5_000);
    // The words of a subject are encoded in parts.
    match((await run(10)).mails.join().replaceAll("?= =?UTF-8?Q?", ""), /it.is.damaged.*set.aside.as/);
    match((await run(20)).mails.join(), well);
    equal(await Deno.stat(spare).catch(() => "none"), "none");
  }));

Deno.test("a command that writes tells of the record when all else is done", () =>
  withFolder((folder) =>
    withSmtpServer({}, async (port, taken) => {
      const path = `${folder}/bzman.db`;
      openHistory(path, { clock: () => start }).close();
      Deno.truncateSync(path, 5_000);
      const context = { ...fakeContext({ HOME: "/nonexistent" }), clock: () => start };
      const argv = ["report", "--to=root@example.org", `--db=${path}`, `--smtp=smtp://127.0.0.1:${port}`, "--quiet"];
      deepEqual([await run(argv, context), context.stderr.text], [0, ""]);
      equal(taken.length, 2);
      match(taken[1]?.text ?? "", /: record has a problem/);
    })
  ));
