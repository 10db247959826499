// Who may read what bzman writes: a report holds what programs said, metrics are for another user.

import { equal } from "node:assert/strict";
import { replaceFile } from "../../src/hosts/replace_file.ts";
import { withFolder } from "../history/with_history.ts";

const modeOf = (path: string): string => ((Deno.statSync(path).mode ?? 0) & 0o777).toString(8);

/** Runs a test under another umask. */
async function underUmask(umask: number, action: () => Promise<void>): Promise<void> {
  const before = Deno.umask(umask);
  try {
    await action();
  } finally {
    Deno.umask(before);
  }
}

Deno.test("a new file gets the mode of the umask, and keeps the one that somebody gave it", () =>
  withFolder(async (folder) => {
    for (const [umask, mode] of [[0o022, "644"], [0o077, "600"], [0o027, "640"]] as const) {
      await underUmask(umask, async () => {
        const path = `${folder}/${mode}.html`;
        await replaceFile(path, "one");
        equal(modeOf(path), mode);
        Deno.chmodSync(path, 0o640);
        await replaceFile(path, "two");
        equal(modeOf(path), "640");
        equal(Deno.readTextFileSync(path), "two");
      });
    }
  }));

Deno.test(
  "a file keeps its owner where root replaces it",
  { ignore: Deno.uid() !== 0 },
  () =>
    withFolder(async (folder) => {
      const path = `${folder}/report.html`;
      Deno.writeTextFileSync(path, "one");
      Deno.chownSync(path, 65534, 65534);
      Deno.chmodSync(path, 0o600);
      await replaceFile(path, "two");
      const { uid, gid } = Deno.statSync(path);
      equal(`${uid} ${gid} ${modeOf(path)}`, "65534 65534 600");
    }),
);

Deno.test("metrics stay readable for whoever collects them, under any umask and whatever was there", () =>
  withFolder((folder) =>
    underUmask(0o077, async () => {
      const path = `${folder}/bzman.prom`;
      await replaceFile(path, "one", { mode: 0o644 });
      equal(modeOf(path), "644");
      Deno.chmodSync(path, 0o600);
      await replaceFile(path, "two", { mode: 0o644 });
      equal(modeOf(path), "644");
    })
  ));
