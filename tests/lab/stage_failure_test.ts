// Every stage of the pipeline fails in turn: never a success, and the guilty stage is named.

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { LabHost } from "../../lab/lab.ts";
import { replicate, replicateWell } from "./support/bzman.ts";
import { killDuring, leftovers, withFake } from "./support/faults.ts";
import { awaitMail, plainText } from "./support/mailbox.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, makePools } from "./support/trees.ts";

const lab = sharedLab();

/** Lets a fake `zfs` pass everything but a real send, of which estimates are none. */
const unlessSending = `case "$1 $2" in "send -n") exec $real "$@" ;; "send "*) ;; *) exec $real "$@" ;; esac`;

/** Both buffers, and 8 seconds in which to fail. */
const throttled = ["--no-snapshot", "--mbuffer", "16M", "--bwlimit", "2M"];

/** So slow that it does not end before it is killed. */
const slowly = ["--no-snapshot", "--mbuffer", "16M", "--bwlimit", "300k"];

Deno.test("whichever stage fails, the run fails, tells which, and leaves nothing running", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh(`zfs create tank/s && dd if=/dev/urandom of=/tank/s/random bs=1M count=16 status=none
    zfs snapshot tank/s@one`);
  const failOnce = (rate = throttled) => replicate(source, ...rate, "--retries", "0", "tank/s", "target");

  /** Checks a run that failed, and forgets what arrived of it. */
  const check = async (run: Awaited<ReturnType<typeof failOnce>>, stage: string, why: RegExp) => {
    strictEqual(run.code, 1);
    strictEqual(run.run.result, "failed");
    strictEqual(run.run.datasets[0]?.result, "failed");
    ok(run.run.message?.includes(`: ${stage}: `) ?? false, `${run.run.message} does not name ${stage}`);
    match(run.run.message ?? "", why);
    deepStrictEqual([await leftovers(source), await leftovers(target)], [[], []]);
    strictEqual((await target.guids("tank")).size, 0);
    await target.sh("zfs destroy -r tank/s 2>/dev/null; true");
  };

  await t.step("zfs send", async () => {
    const dies = `${unlessSending}
      $real "$@" | head -c 3000000
      echo "warning: cannot send 'tank/s@one': Input/output error" >&2
      exit 1`;
    const run = await withFake(source, "zfs", dies, () => failOnce());
    await check(run, "zfs send", /cannot send 'tank\/s@one': Input\/output error/);
    const [mail = ""] = (await awaitMail(source, 1)).map(plainText);
    match(mail, /^Subject: \[\w+\] source: .*tank\/s>target/m);
    match(mail, /where: +zfs send$/m);
    match(mail, /\| warning: cannot send 'tank\/s@one': Input\/output error/);
  });

  const killed: [string, LabHost, string][] = [
    ["mbuffer", source, "^/usr/bin/mbuffer"],
    ["ssh target", source, `^/usr/bin/ssh .*"zfs" "receive"`],
    ["mbuffer on target", target, "^mbuffer"],
  ];
  for (const [stage, host, pattern] of killed) {
    await t.step(
      stage,
      async () => await check(await killDuring(host, pattern, () => failOnce(slowly)), stage, /killed/i),
    );
  }

  await t.step("zfs receive on target", async () => {
    // A real one that is killed waits in the kernel for the rest of its stream, and may well have it all in the end.
    const dies = `case " $* " in *" receive -s "*) head -c 2000000 >/dev/null; kill -9 $$ ;; esac; exec $real "$@"`;
    await check(await withFake(target, "zfs", dies, () => failOnce()), "zfs receive on target", /killed/i);
  });

  await t.step("zfs receive that reads everything, keeps nothing and claims success", async () => {
    const lies = `case " $* " in *" receive -s "*) cat >/dev/null; exit 0 ;; esac; exec $real "$@"`;
    const { code, run } = await withFake(target, "zfs", lies, () => failOnce());
    strictEqual(code, 1);
    strictEqual(run.errorClass, "not-arrived");
    match(run.message ?? "", /tank\/s@one did not arrive/);
  });

  await t.step("zfs send that breaks off once: the same run resumes where it stopped", async () => {
    const once = `${unlessSending}
      [ -e /run/failed ] && exec $real "$@"
      : >/run/failed
      $real "$@" | head -c 8000000
      exit 1`;
    const done = await withFake(source, "zfs", once, () => replicateWell(source, "tank/s", "target"));
    match(done.stderr, /retrying in/);
    ok(done.run.savedBytes > 4_000_000, `only ${done.run.savedBytes} bytes saved`);
    await assertCopied({ host: source, top: "tank/s" }, { host: target, top: "tank/s" });
  });
});
