import { join } from "node:path";
import type { History } from "../../src/history/history.ts";
import { openHistory } from "../../src/history/open.ts";
import { start } from "./sample_run.ts";

/** Runs a test with a folder of its own. */
export async function withFolder(action: (folder: string) => void | Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "bzman-test-" });
  try {
    await action(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Runs a test with an empty record whose clock stands still. */
export function withHistory(action: (history: History, path: string) => void | Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const path = join(folder, "state", "bzman.db");
    using history = openHistory(path, { clock: () => start });
    await action(history, path);
  });
}
