// However the owner of a lab ends, nothing of the lab stays: no process, no run folder, no memory file.

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { bootLab } from "../../lab/lab.ts";
import { labFolder } from "../../lab/machine/folder.ts";

/** Boots a lab in a process of its own. */
async function bootElsewhere(): Promise<{ owner: Deno.ChildProcess; name: string }> {
  const fixture = new URL("./fixtures/boot_and_wait.ts", import.meta.url).pathname;
  const owner = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", fixture],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const reader = owner.stdout.getReader();
  const { value } = await reader.read();
  await reader.cancel();
  return { owner, name: new TextDecoder().decode(value).trim() };
}

/** The processes whose command line names a lab's run folder. */
async function processesOf(folder: string): Promise<string[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-eo", "pid=,args="] }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line.includes(folder));
}

async function assertGone(name: string): Promise<void> {
  const folder = labFolder(name);
  const left = async () => [...await processesOf(folder), ...await exists(folder) ? [folder] : []];
  for (let n = 0; n < 50 && (await left()).length > 0; n++) await new Promise((resolve) => setTimeout(resolve, 200));
  deepStrictEqual(await left(), []);
}

function exists(path: string): Promise<boolean> {
  return Deno.lstat(path).then(() => true, () => false);
}

async function kill(pid: string): Promise<void> {
  await new Deno.Command("bash", { args: ["-c", `kill -KILL ${pid}`] }).output();
}

Deno.test("a lab goes with its owner, also one that is killed", async () => {
  const { owner, name } = await bootElsewhere();
  ok((await processesOf(labFolder(name))).length > 0);
  owner.kill("SIGKILL");
  await owner.status;
  await assertGone(name);
});

Deno.test("a lab goes with its keeper, also one that is killed", async () => {
  const { owner, name } = await bootElsewhere();
  await kill((await Deno.readTextFile(`${labFolder(name)}/ready`)).trim());
  await assertGone(name);
  owner.kill("SIGKILL");
  await owner.status;
});

Deno.test("two labs side by side do not meet", async () => {
  await using one = await bootLab();
  await using other = await bootLab();
  const bootId = "cat /proc/sys/kernel/random/boot_id";
  const seen = new Set<string>();
  for (const lab of [one, other]) {
    const own = (await lab.target.sh(bootId)).stdout;
    strictEqual((await lab.source.sh(`ssh target ${bootId}`)).stdout, own);
    seen.add(own);
  }
  strictEqual(seen.size, 2);
});
