// Runs that are stopped, killed or doubled: nothing goes on without bzman, the record tells, and the next run goes on.

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { bzman, loggedRuns, replicate, replicateWell } from "./support/bzman.ts";
import { assertAllEnded, awaitProcess, bzmanPid, withAlias, withFake } from "./support/faults.ts";
import { awaitMail } from "./support/mailbox.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, makePools } from "./support/trees.ts";

const lab = sharedLab();

const job = ["--no-snapshot", "tank/s", "target"];
/** So slow that it does not end before it is stopped. */
const slowly = ["--bwlimit", "20k", "--mbuffer", "1M", ...job];

async function makeSource(): Promise<void> {
  await makePools(lab);
  await lab.source.sh(`zfs create tank/s && dd if=/dev/urandom of=/tank/s/random bs=1M count=16 status=none
    zfs snapshot tank/s@one`);
}

/** Begins a run, and does `work` with it, given its process id, once its receiver has been at work for some seconds. */
async function during<T>(work: (pid: string) => Promise<T>) {
  const running = replicate(lab.source, ...slowly);
  await awaitProcess(lab.target, "^zfs receive");
  await lab.target.sh("sleep 3");
  const done = await work(await bzmanPid(lab.source));
  return { ...await running, done };
}

Deno.test("signals stop every stage on both hosts; a second run for the same target ends with 4", async (t) => {
  const { source, target } = lab;
  await makeSource();
  await source.makePool("other", { disk: "file" });

  await t.step(
    "INT, after others ran beside it: one for the same target, by another name, and one for another",
    async () => {
      const stopped = await during(async (pid) => {
        await withAlias(source, async () => {
          for (const name of ["target", "mirror"]) {
            const { code, run } = await replicate(source, "--no-snapshot", "tank/s", name);
            strictEqual(`${name} ${code} ${run.result} ${run.errorClass}`, `${name} 4 locked locked`);
            match(run.message ?? "", new RegExp(`process ${pid}`));
          }
        });
        strictEqual((await replicate(source, ...job)).code, 4);
        await replicateWell(source, "--no-snapshot", "tank/s", ":other/s");
        await source.sh(`kill -INT ${pid}`);
        await assertAllEnded(lab);
      });
      strictEqual(`${stopped.code} ${stopped.run.result} ${stopped.run.exitStatus}`, "130 interrupted 130");
      const runs = await loggedRuns(source);
      deepStrictEqual(runs.map(({ job, result, count }) => `${job} ${result} ${count}`).sort(), [
        "tank/s>:other/s ok 1",
        "tank/s>mirror locked 1",
        "tank/s>target interrupted 1",
        "tank/s>target locked 2",
      ]);
      const mails = (await awaitMail(source, 1)).map((mail) => /^Subject: (.*)$/m.exec(mail)?.[1]);
      strictEqual(mails.length, 1, `the runs beside it are not mailed: ${mails}`);
      match(mails[0] ?? "", /tank\/s>target/);
    },
  );

  for (const [signal, status] of [["TERM", 143], ["HUP", 129]] as const) {
    await t.step(signal, async () => {
      const stopped = await during(async (pid) => {
        await source.sh(`kill -${signal} ${pid}`);
        await assertAllEnded(lab);
      });
      strictEqual(`${stopped.code} ${stopped.run.result} ${stopped.run.exitStatus}`, `${status} interrupted ${status}`);
      deepStrictEqual((await loggedRuns(source)).at(-1), stopped.run);
      match((await source.sh("zfs holds -H tank/s@one")).stdout, /\tbzman:/);
    });
  }

  await t.step("the next run goes on where they stopped", async () => {
    const { run } = await replicateWell(source, ...job);
    ok(run.savedBytes > 0);
    await assertCopied({ host: source, top: "tank/s" }, { host: target, top: "tank/s" });
    strictEqual((await source.sh("zfs holds -H tank/s@one")).stdout, "");
    // One for each target.
    strictEqual((await source.sh("zfs list -H -t bookmark -d 1 -o name tank/s | wc -l")).stdout.trim(), "2");
  });
});

Deno.test("SIGKILL leaves no stage on either host; the next run fixes the record and sends nothing twice", async (t) => {
  const { source, target } = lab;
  await makeSource();
  const kill = (pid: string) => source.sh(`kill -9 ${pid}`);

  await t.step("in the middle of a stream", async () => {
    const running = bzman(source, ["replicate", ...slowly]);
    await awaitProcess(target, "^zfs receive");
    await target.sh("sleep 3");
    await kill(await bzmanPid(source));
    await assertAllEnded(lab);
    strictEqual((await running).code, 137);
  });

  await t.step("between the last byte and the record, in the run that went on", async () => {
    // What comes after the transfer takes its time.
    const lingers = `case " $* " in *" release "*|*" bookmark "*|*" program "*) : >/run/failed; sleep 600 ;; esac
      exec $real "$@"`;
    await withFake(source, "zfs", lingers, async () => {
      const running = bzman(source, ["replicate", ...job]);
      await source.sh("until [ -e /run/failed ]; do sleep 0.2; done", { timeoutMs: 300_000 });
      await kill(await bzmanPid(source));
      await assertAllEnded(lab, "sleep 600");
      strictEqual((await running).code, 137);
    });
    strictEqual((await target.guids("tank/s")).size, 1);
  });

  await t.step("the next run", async () => {
    const { run, stderr } = await replicateWell(source, ...job);
    deepStrictEqual([run.bytes, run.snapshots], [0, 0]);
    match(stderr, /was killed/);
    const runs = await loggedRuns(source);
    deepStrictEqual(runs.map(({ result, errorClass }) => `${result} ${errorClass}`), [
      "killed killed",
      "killed killed",
      "ok null",
    ]);
    ok(runs.every(({ endedAt }) => endedAt !== null));
    await assertCopied({ host: source, top: "tank/s" }, { host: target, top: "tank/s" });
    strictEqual((await source.sh("zfs holds -H tank/s@one")).stdout, "", "a stale hold is left");
    match((await source.sh("zfs list -H -t bookmark -d 1 -o name tank/s")).stdout, /^tank\/s#bzman-\S+\n$/);
  });
});
