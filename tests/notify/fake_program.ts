import { join } from "node:path";

/** A folder of its own with programs made of shell lines; goes away at the end. */
export async function withPrograms(action: (folder: ProgramFolder) => Promise<void>): Promise<void> {
  const path = Deno.makeTempDirSync({ prefix: "bzman-test-" });
  try {
    await action({
      path,
      make(name, script): string {
        const file = join(path, name);
        Deno.writeTextFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
        return file;
      },
      read: (name) => Deno.readTextFileSync(join(path, name)),
    });
  } finally {
    Deno.removeSync(path, { recursive: true });
  }
}

export interface ProgramFolder {
  readonly path: string;
  /** Makes a program; in its script `$0` names it, so that it can write beside itself. Returns its path. */
  make(name: string, script: string): string;
  /** What a program wrote beside itself. */
  read(name: string): string;
}
