// What commands leave behind that promise to touch nothing, and what every one says of a file that is not bzman's.

import { deepEqual, equal, match } from "node:assert/strict";
import { run } from "../../src/cli/run.ts";
import { openHistory } from "../../src/history/open.ts";
import { fakeContext } from "../cli/fake_context.ts";
import { start } from "../history/sample_run.ts";
import { withFolder } from "../history/with_history.ts";

const acting = [
  "replicate tank :copy",
  "replicate --dry-run tank :copy",
  "preflight tank :copy",
  "prune tank :copy",
  "prune --dry-run tank :copy",
  "log",
  "metrics",
  "report",
  "report --to=root@example.org",
];
const checking = ["status", "health", "capacity", "verify tank :copy"];

async function ask(line: string, ...more: readonly string[]) {
  const context = { ...fakeContext({ HOME: "/nonexistent" }), clock: () => start };
  const mails = !["log", "metrics"].includes(line.split(" ")[0] ?? "");
  const status = await run([...line.split(" "), ...(mails ? ["--smtp=smtp://127.0.0.1:1"] : []), ...more], context);
  return { status, printed: context.stdout.text + context.stderr.text };
}

const namesIn = (folder: string): string[] => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

for (const line of [...acting, ...checking]) {
  Deno.test(`bzman ${line} --db=fstab is a usage error, and the file stays`, () =>
    withFolder(async (folder) => {
      const path = `${folder}/fstab`;
      const text = "UUID=1 / ext4 defaults 0 1\n".repeat(500);
      Deno.writeTextFileSync(path, text);
      const { status, printed } = await ask(line, `--db=${path}`);
      equal(status, checking.includes(line) ? 3 : 2, printed);
      match(printed, /the record \S+\/fstab: it is not a record of bzman's; left untouched/);
      equal(Deno.readTextFileSync(path), text);
      deepEqual(namesIn(folder), ["fstab"]);
    }));
}

for (
  const line of [
    "preflight tank :copy",
    "replicate --dry-run tank :copy",
    "prune --dry-run tank :copy",
    "log",
    "metrics",
    "report --json",
    "status",
  ]
) {
  Deno.test(`bzman ${line} makes nothing where there is no record, and leaves an older one as it is`, () =>
    withFolder(async (folder) => {
      await ask(line, `--db=${folder}/state/deep/bzman.db`);
      deepEqual(namesIn(folder), []);
      const path = `${folder}/bzman.db`;
      openHistory(path, { clock: () => start }).close();
      Deno.truncateSync(path, 5_000);
      const { mtime, size } = Deno.statSync(path);
      await ask(line, `--db=${path}`);
      deepEqual([Deno.statSync(path).mtime, Deno.statSync(path).size], [mtime, size]);
      deepEqual(namesIn(folder), ["bzman.db"]);
    }));
}

Deno.test("preflight says what is wrong with the place of the record", () =>
  withFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/file`, "");
    const { printed } = await ask("preflight tank :copy", `--db=${folder}/file/bzman.db`);
    match(printed, /record[\s\S]*file/);
    deepEqual(namesIn(folder), ["file"]);
  }));
