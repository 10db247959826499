// What prune says where nothing can be pruned.

import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { run } from "../../src/cli/run.ts";
import { fakeContext } from "../cli/fake_context.ts";
import { sampleRun, start } from "../history/sample_run.ts";
import { withHistory } from "../history/with_history.ts";
import { withSmtpServer } from "../notify/smtp_server.ts";

const minute = 60_000;

Deno.test("prune --json prints one document, also when it fails before there is a verdict", () =>
  withSmtpServer({}, (port) =>
    withHistory(async (_history, path) => {
      const context = fakeContext({ HOME: "/nonexistent" });
      // There is no ZFS here.
      const argv = ["prune", "tank", ":copy", `--db=${path}`, `--smtp=smtp://127.0.0.1:${port}`, "--json"];
      equal(await run(argv, context), 3);
      deepEqual(JSON.parse(context.stdout.text), {
        error: {
          errorClass: "program-missing",
          message: `cannot run zfs on ${Deno.hostname()}: zfs: not found`,
          next: "install zfs there, in a folder of the system such as /usr/sbin",
          exitStatus: 3,
        },
      });
    })));

Deno.test("a prune that failed is a warning, and tells when pruning went well, not when copying did", () =>
  withSmtpServer({}, (port, mails) =>
    withHistory(async (history, path) => {
      const ok = { result: "ok", startedAt: start, endedAt: start + minute } as const;
      history.finishRun(sampleRun({ ...ok, job: "prune tank", command: "prune", target: "-" }));
      const context = { ...fakeContext({ HOME: "/nonexistent" }), clock: () => start + 86_400_000 };
      await run(["prune", "tank", `--db=${path}`, `--smtp=smtp://127.0.0.1:${port}`, "--quiet"], context);
      const text = mails[0]?.text ?? "";
      match(text, /^Subject: \[WARNING\] here: prune prune tank refused/m);
      match(text, /^last success: 2025-03-01 00:01/m);
      doesNotMatch(text, /never/);
    })));
