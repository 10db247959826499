// A dataset's name and a program's words may hold anything. Whatever shows them, they are text and nothing else.

import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { run } from "../../src/cli/run.ts";
import { type FakeContext, fakeContext } from "../cli/fake_context.ts";
import { sampleDataset, sampleRun, start } from "../history/sample_run.ts";
import { withHistory } from "../history/with_history.ts";
import { withSmtpServer } from "../notify/smtp_server.ts";
import { hostileStderr } from "../render/report/hostile.ts";
import { mimeParts, textOf } from "../support/mime_parts.ts";

/** Breaks out of a line, a cell, a label, a tag and an attribute; a spreadsheet would run it. */
const evil =
  `=cmd|'/c calc'!A1,"}\r\nBcc: evil@example.org\n# HELP evil\nevil 1\n\x1b]0;owned\x07\u202e<script>alert(1)</script>" onload=x`;

/** What a terminal obeys, save for the ends of lines. */
// deno-lint-ignore no-control-regex
const obeyed = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** Runs a command line over a record in which a run of a hostile job failed. */
async function tell(
  argv: readonly string[],
  check: (context: FakeContext, mails: readonly { readonly text: string }[]) => void,
): Promise<void> {
  await withSmtpServer({}, (port, mails) =>
    withHistory(async (history, path) => {
      const failed = { result: "failed", errorClass: evil, message: evil } as const;
      history.finishRun(sampleRun({
        ...{ ...failed, job: evil, source: `alpha:${evil}`, target: `target:${evil}`, from: evil, to: evil },
        ...{ endedAt: start + 5_000, advice: evil, stderrTail: hostileStderr },
        datasets: [sampleDataset({ ...failed, dataset: evil, target: evil, from: evil, to: evil, toCreatedAt: start })],
      }));
      history.addPoolSample({ at: start, host: evil, pool: evil, state: evil, usedBytes: 1n, availableBytes: 1n });
      const context: FakeContext = { ...fakeContext({ HOME: "/nonexistent" }), clock: () => start + 7_200_000 };
      const writes = /^(?:status|report)$/.test(argv[0] ?? "") ? [`--smtp=smtp://127.0.0.1:${port}`] : [];
      await run([...argv, `--db=${path}`, ...writes], context);
      check(context, mails);
    }));
}

for (const argv of [["status"], ["log"], ["log", "--dataset"], ["log", "--failed"]]) {
  Deno.test(`${argv.join(" ")}: nothing that a terminal obeys`, () =>
    tell(argv, ({ stdout, stderr }) => {
      match(stdout.text, /=cmd/);
      doesNotMatch(stdout.text, obeyed);
      doesNotMatch(stdout.text, /^(?:Bcc|evil)/m);
      doesNotMatch(stderr.text, obeyed);
    }));
}

for (const argv of [["log", "--format", "csv"], ["log", "--dataset", "--format", "csv"]]) {
  Deno.test(`${argv.join(" ")}: no formula, no row and no field more`, () =>
    tell(argv, ({ stdout }) => {
      const rows = stdout.text.trimEnd().split("\r\n").map(readCsvRow);
      equal(rows.length, 2);
      equal(rows[1]?.length, rows[0]?.length);
      deepEqual(rows[1]?.filter((field) => /^[=+\-@\t\r]/.test(field)), []);
      ok(rows[1]?.some((field) => field.startsWith("'=cmd")));
      doesNotMatch(stdout.text, /[^\r]\n/);
    }));
}

/** The fields of a row as a spreadsheet reads them. */
function readCsvRow(row: string): string[] {
  return [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) =>
    quoted?.replaceAll('""', '"') ?? bare ?? ""
  );
}

Deno.test("metrics: every line is a comment or a sample of bzman's", () =>
  tell(["metrics"], ({ stdout }) => {
    const sample = /^bzman_[a-z_]+(?:\{(?:[a-z_]+="(?:[^"\\\n]|\\["\\n])*",?)*\})? [-+\d.eInf]+$/;
    const lines = stdout.text.trimEnd().split("\n");
    deepEqual(lines.filter((line) => !/^# (?:HELP|TYPE) bzman_/.test(line) && !sample.test(line)), []);
    ok(lines.some((line) => line.includes('<script>alert(1)</script>\\" onload=x"')), "it is there, whole");
  }));

for (const argv of [["log", "--json"], ["status", "--json"], ["report", "--json"]]) {
  Deno.test(`${argv.join(" ")}: one document`, () =>
    tell(argv, ({ stdout }) => {
      ok(JSON.stringify(JSON.parse(stdout.text)).includes("=cmd"));
      doesNotMatch(stdout.text.trimEnd(), obeyed);
    }));
}

for (const argv of [["status"], ["report", "--to", "root@example.org"]]) {
  Deno.test(`the mail of ${argv.join(" ")}: no header and no part more`, () =>
    tell(argv, (_, mails) => {
      equal(mails.length, 1);
      const source = mails[0]?.text ?? "";
      const head = source.slice(0, source.search(/\r?\n\r?\n/));
      deepEqual(head.match(/^(?:Bcc|evil|# HELP)/gim), null);
      doesNotMatch(head.replaceAll(/\r?\n/g, " "), obeyed);
      const parts = mimeParts(source);
      deepEqual(
        parts.map(({ type }) => type).filter((type) => type !== "image/png"),
        argv[0] === "status" ? ["text/plain"] : ["text/plain", "text/html"],
      );
      doesNotMatch(textOf(parts[0]!), obeyed);
      const html = parts[1] ? textOf(parts[1]) : "";
      doesNotMatch(html, /<script|<[^>"]*(?:"[^"]*"[^>"]*)*\sonload=/i);
    }));
}
