import { deepEqual, equal, match } from "node:assert/strict";
import { join } from "node:path";
import { run } from "../../src/cli/run.ts";
import { type FakeContext, fakeContext } from "../cli/fake_context.ts";
import { sampleDataset, sampleRun, start } from "../history/sample_run.ts";
import { withHistory } from "../history/with_history.ts";
import { withSmtpServer } from "../notify/smtp_server.ts";

/** Runs a command line five minutes after a run that went well. */
async function report(path: string, ...args: readonly string[]): Promise<{ code: number; context: FakeContext }> {
  const context: FakeContext = { ...fakeContext({ HOME: "/nonexistent" }), clock: () => start + 300_000 };
  return { code: await run([...args, `--db=${path}`], context), context };
}

/** Runs a test with a record of one run. */
function withRecord(action: (path: string, folder: string) => Promise<void>): Promise<void> {
  return withHistory(async (history, path) => {
    const done = { result: "ok", endedAt: start + 4_000, bytes: 4096n } as const;
    history.finishRun(sampleRun({ ...done, datasets: [sampleDataset({ toCreatedAt: start })] }));
    await action(path, join(path, ".."));
  });
}

Deno.test("report --output writes the page in one step, over an old one too", () =>
  withRecord(async (path, folder) => {
    const file = join(folder, "page.html");
    await Deno.writeTextFile(file, "old");
    await Deno.symlink(file, join(folder, "link.html"));
    const { code, context } = await report(path, "report", "--output", join(folder, "link.html"));
    deepEqual([code, context.stderr.text], [0, ""]);
    match(context.stdout.text, /written to .*link\.html\n$/);
    match(await Deno.readTextFile(file), /^<!DOCTYPE html>[\s\S]*The dataset is protected[\s\S]*<\/html>\n$/);
    const left = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name.includes("html"));
    deepEqual(left.sort(), ["link.html", "page.html"]);
  }));

Deno.test("report --json prints the report alone", () =>
  withRecord(async (path) => {
    const { code, context } = await report(path, "report", "--json");
    equal(code, 0);
    const document = JSON.parse(context.stdout.text);
    deepEqual([document.verdict, document.now, document.jobs[0].bytes, document.jobs[0].datasets[0].lagMs], [
      "ok",
      "2025-03-01T00:05:00.000Z",
      4096,
      300_000,
    ]);
  }));

Deno.test("report --output says what to do when the file cannot be written", () =>
  withRecord(async (path) => {
    const { code, context } = await report(path, "report", "--output", "/nonexistent/folder/page.html");
    equal(code, 1);
    match(context.stderr.text, /cannot write \/nonexistent\/folder\/page\.html.*No such file/);
  }));

Deno.test("report mails through the outbox; -r does the same", () =>
  withSmtpServer({}, (port, mails) =>
    withRecord(async (path) => {
      const smtp = `smtp://127.0.0.1:${port}`;
      const { code } = await report(
        path,
        "report",
        "--quiet",
        "--smtp",
        smtp,
        "--to",
        "ann@example.org",
        "--to",
        "bo@example.org",
      );
      equal(code, 0);
      deepEqual(mails[0]?.to, ["ann@example.org", "bo@example.org"]);
      match(mails[0]?.text ?? "", /^Subject: \[OK\] here: report: The dataset is protected\r$/m);
      match(mails[0]?.text ?? "", /multipart\/alternative/);
      const { code: again } = await report(path, "-r", "cy@example.org", "--smtp", smtp);
      equal(again, 0);
      deepEqual(mails[1]?.to, ["cy@example.org"]);
    })));

Deno.test("a report that cannot go out now fails, is printed, and is sent by the next", () =>
  withSmtpServer({}, (port, mails) =>
    withRecord(async (path) => {
      const { code, context } = await report(path, "report", "--quiet", "--smtp", "smtp://127.0.0.1:9");
      equal(code, 1);
      match(context.stderr.text, /cannot mail to root: .*it is kept, and a later run sends it/);
      match(context.stderr.text, /OK: The dataset is protected/);
      equal((await report(path, "report", "--quiet", "--smtp", `smtp://127.0.0.1:${port}`)).code, 0);
      equal(mails.length, 2);
    })));
