// What cron, a supervisor or a tired administrator may start bzman with: nothing around it, closed or full outputs, few files.

import { match, ok, strictEqual } from "node:assert/strict";
import { quote } from "../../lab/lab.ts";
import { loggedRuns } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, makePools } from "./support/trees.ts";

const lab = sharedLab();

const run = "/usr/local/bin/bzman replicate tank/e target";

/** A way to start a run, its exit status, and what it may say on standard error. */
const ways: readonly (readonly [what: string, script: string, exits: readonly number[]])[] = [
  ["no environment at all", `env -i ${run}`, [0]],
  [
    "an environment that is wrong",
    `env -i HOME=relative PATH=: LC_ALL=xx_YY TZ=Nowhere TMPDIR=/nonexistent TERM= ${run}`,
    [0],
  ],
  ["no standard input", `${run} <&-`, [0]],
  ["no standard output", `${run} >&-`, [0]],
  ["no standard error", `${run} 2>&-`, [0]],
  ["none of the three", `${run} <&- >&- 2>&-`, [0]],
  ["a full disk under its output", `${run} >/dev/full`, [0, 1]],
  ["a full disk under its errors", `${run} 2>/dev/full`, [0]],
  ["a reader that goes away", `${run} | head -c 1 >/dev/null`, [0]],
  ["64 open files at most", `ulimit -n 64; ${run}`, [0]],
  ["a folder that is gone", `mkdir /run/gone && cd /run/gone && rmdir /run/gone && ${run}`, [0]],
  ["a umask of 777", `umask 777; ${run}`, [0]],
  ["ignored signals, as nohup sets them", `trap '' HUP PIPE; ${run}`, [0]],
  ["no session and no terminal", `setsid -w ${run} </dev/null`, [0]],
];

Deno.test("whatever it is started with, a run does its work", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh("zfs create tank/e && zfs create tank/e/child");
  for (const [what, script, exits] of ways) {
    await t.step(what, async () => {
      await source.sh("date +%N >>/tank/e/child/file");
      const { code, stderr } = await source.sh(`sh -c ${quote(script)}`, { check: false, timeoutMs: 300_000 });
      ok(exits.includes(code), `${code}\n${stderr}`);
      await assertCopied({ host: source, top: "tank/e" }, { host: target, top: "tank/e" });
      strictEqual((await loggedRuns(source, "--limit", "1")).at(-1)?.result, "ok");
    });
  }
  await t.step("too few open files: it fails in order, tells why, and the next run is whole", async () => {
    await source.sh("date +%N >>/tank/e/child/file");
    for (const files of [32, 24, 16, 12, 8]) {
      const { code, stderr } = await source.sh(`sh -c 'ulimit -n ${files}; exec ${run}'`, {
        check: false,
        timeoutMs: 300_000,
      });
      ok(code !== 0 ? stderr.trim() !== "" : true, `${files}: ${code} without a word`);
    }
    const { code, stderr } = await source.sh(run, { check: false });
    strictEqual(code, 0, stderr);
    await assertCopied({ host: source, top: "tank/e" }, { host: target, top: "tank/e" });
  });
});

Deno.test("a cache that may not run programs: another folder is used, or it is said which to set", async () => {
  const { source } = lab;
  const noexec = (folder: string) => `mkdir -p ${folder} && mount -t tmpfs -o noexec,mode=700 none ${folder}`;
  const version = "/usr/local/bin/bzman version";
  await source.sh(noexec("/var/cache/bzman"));
  try {
    match((await source.sh(version)).stdout, /^bzman \d/);
    await source.sh(`rm -rf /tmp/bzman-0 && ${noexec("/tmp/bzman-0")}`);
    const refused = await source.sh(version, { check: false });
    strictEqual(refused.code, 3);
    match(refused.stderr, /noexec.*\n(?:.*\n)*.*BZMAN_CACHE=\/FOLDER/);
    match((await source.sh(`BZMAN_CACHE=/var/cache/elsewhere ${version}`)).stdout, /^bzman \d/);
  } finally {
    await source.sh(
      "umount /tmp/bzman-0 2>/dev/null; umount /var/cache/bzman; rm -rf /tmp/bzman-0 /var/cache/elsewhere",
    );
  }
});

Deno.test("only the first start unpacks the file", async () => {
  const { source } = lab;
  const unpacked = "stat -c '%i %Y' /var/cache/bzman/*/bzman /var/cache/bzman/*/main.js";
  await source.sh("rm -rf /var/cache/bzman; bzman version");
  const { stdout: first } = await source.sh(unpacked);
  await source.sh("bzman version; bzman health --help");
  strictEqual((await source.sh(unpacked)).stdout, first);
});
