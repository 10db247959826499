// Neither the caller's PATH nor anything in the environment of either side chooses what runs.

import { deepEqual, doesNotMatch } from "node:assert/strict";
import { withPrograms } from "../notify/fake_program.ts";
import { formatRemoteScript, freshNonce } from "../../src/hosts/remote/remote_script.ts";

const local = new URL("../../src/hosts/local_host.ts", import.meta.url).href;

Deno.test("a program in the caller's PATH is not run, however many commands go in one call", () =>
  withPrograms(async (folder) => {
    for (const name of ["date", "id", "sh", "env", "printf"]) folder.make(name, "echo chosen by the PATH");
    const script = `
      import { LocalHost } from ${JSON.stringify(local)};
      const host = new LocalHost();
      for (const count of [1, 8, 9, 20]) {
        const outcomes = await host.runAll(Array.from({ length: count }, () => ["date", "+%s"]));
        for (const { stdout } of [...outcomes, await host.run(["sh", "-c", "date +%s"])]) {
          if (!/^\\d+\\n$/.test(stdout)) console.log(count, JSON.stringify(stdout));
        }
      }`;
    const child = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--no-lock", script],
      env: { PATH: `${folder.path}:${Deno.env.get("PATH")}` },
    }).output();
    deepEqual([child.code, new TextDecoder().decode(child.stdout)], [0, ""]);
  }));

for (const shell of ["/bin/sh", "/bin/bash"]) {
  Deno.test(`nor does the environment of the other side choose, with ${shell}`, () =>
    withPrograms(async (folder) => {
      for (const name of ["date", "id", "sh", "env"]) folder.make(name, "echo chosen by the PATH");
      const text = formatRemoteScript({
        kind: "batch",
        nonce: freshNonce(),
        commands: [["date", "+%s"], ["sh", "-c", "date"], ["id", "-u"]],
      });
      const { stdout, success } = await new Deno.Command(shell, {
        args: ["-c", text],
        clearEnv: true,
        env: {
          PATH: folder.path,
          ENV: `${folder.path}/date`,
          BASH_ENV: `${folder.path}/date`,
          "BASH_FUNC_date%%": "() { echo chosen by a function; }",
          "BASH_FUNC_printf%%": "() { echo chosen by a function; }",
        },
      }).output();
      deepEqual(success, true);
      // The login shell itself may say something before the script; the script's own words are those of the system.
      doesNotMatch(new TextDecoder().decode(stdout).replace(/^[^]*? begin\n/, ""), /chosen/);
    }));
}
