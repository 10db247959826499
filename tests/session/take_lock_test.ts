// A run for which no lock can be had goes on, and says so whatever it was told to keep quiet about.

import { equal, match } from "node:assert/strict";
import { takeLock } from "../../src/session/replication_ports.ts";
import { startLogging, stopLogging } from "../../src/notify/log.ts";
import { fakeContext } from "../cli/fake_context.ts";
import { withFolder } from "../history/with_history.ts";

Deno.test("with no place for a lock a run goes on and says so, even with --quiet", () =>
  withFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/file`, "in the way");
    let printed = "";
    const write = (text: string) => void (printed += text);
    const options = { json: false, quiet: true, debug: false, timestamps: false };
    await startLogging({ ...options, escape: (text) => text, writeOut: write, writeError: write });
    const places = { common: [], preferred: `${folder}/file/locks`, fallback: `${folder}/file` };
    const lock = await takeLock("key", "tank>target", { lockFolders: places }, fakeContext());
    equal(lock.kind, "taken");
    if (lock.kind === "taken") await lock.release();
    await stopLogging();
    match(
      printed,
      /^warning: tank>target runs without a lock, .*Next: make \S+\/file\/locks writable for this user\n$/,
    );
  }));
