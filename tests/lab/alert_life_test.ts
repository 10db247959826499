// An alert's whole life with a real mail server: told at once, folded, worse, reminded of, over. And a mail server that
// is down, silent and unwilling in turn: every mail comes in the end, and comes once.

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { quote } from "../../lab/lab.ts";
import { bzman } from "./support/bzman.ts";
import { withFake } from "./support/faults.ts";
import { awaitMail, plainText, subjects } from "./support/mailbox.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { makePools } from "./support/trees.ts";

const lab = sharedLab();

const onBoth = (script: string) => Promise.all([lab.source, lab.target].map((host) => host.sh(script)));

/** Lets time pass on both hosts, which would else notice that their clocks differ. */
async function pass(time: string): Promise<void> {
  await onBoth(`date -s '+${time}' >/dev/null`);
}

// Whoever works on these hosts next lives in the present.
Deno.test.afterEach(async () => {
  await onBoth(`date -s '@${Math.floor(Date.now() / 1000)}' >/dev/null`);
});

/** Replicates as cron does; the status must be as expected. */
async function replicate(expected: number, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await bzman(lab.source, ["replicate", "--quiet", ...args, "tank", "target"]);
  strictEqual(`${code}${stdout}`, `${expected}`, stderr);
  return stderr;
}

/** Waits for one more mail, and proves that no further one came. */
async function nextMail(count: number): Promise<string> {
  const mails = await awaitMail(lab.source, count);
  strictEqual(mails.length, count, subjects(mails).join("\n"));
  return plainText(mails[count - 1] ?? "");
}

Deno.test("an alert is told at once, folded, told again when worse and after six hours, and its end is told", async (t) => {
  const { target } = lab;
  await makePools(lab);
  await replicate(0);

  await t.step("a first failure is mailed at once, and is a warning while the copy is young", async () => {
    await target.sh("zpool export tank");
    strictEqual(await replicate(3), "");
    const mail = await nextMail(1);
    match(mail, /^Subject: \[WARNING\] source: replicate tank>target refused: target-pool$/m);
    match(mail, /^next: +zpool import tank/m);
  });

  await t.step("the same again is folded", async () => {
    await pass("10 minutes");
    await replicate(3);
  });

  await t.step("once the copy is older than six times the objective it is critical", async () => {
    await pass("60 minutes");
    await replicate(3);
    const mail = await nextMail(2);
    match(mail, /^Subject: \[CRITICAL\] source: replicate tank>target refused: target-pool$/m);
    match(mail, /and this is now critical\. Failing since .* \(3 runs\)\.$/m);
  });

  await t.step("after six hours one reminder comes", async () => {
    await pass("5 hours");
    await replicate(3);
    await pass("70 minutes");
    await replicate(3);
    match(await nextMail(3), /still failing, since .* \(5 runs\)\. This is a reminder\.$/m);
    await replicate(3);
  });

  await t.step("its end is mailed, once", async () => {
    await target.sh("zpool import -d /dev tank");
    await replicate(0);
    const mail = await nextMail(4);
    match(mail, /^Subject: \[OK\] source: replicate tank>target succeeds again$/m);
    match(mail, /^tank>target succeeds again, after 7 h \d\d m and 6 runs with failures \(target-pool\)\.$/m);
    await replicate(0);
    await lab.source.sh("sleep 3");
    await nextMail(4);
  });
});

Deno.test("a mail server is down, then silent, then unwilling: in the end every mail comes once", async (t) => {
  const { source } = lab;
  const smtp = "--smtp=smtp://127.0.0.1:25";
  await source.makePool("tank");
  await source.sh("pkill -x smtpd; n=0; while pgrep -x smtpd; do n=$((n + 1)); [ $n -lt 50 ]; sleep 0.1; done");
  /** What stands in for the mail server, for as long as `work` takes. */
  const instead = async (script: string, work: () => Promise<void>): Promise<void> => {
    await source.sh(`setsid sh -c ${quote(script)} >/dev/null 2>&1 </dev/null & echo $! >/run/instead.pid; sleep 1`);
    try {
      await work();
    } finally {
      await source.sh("kill -- -$(cat /run/instead.pid); rm /run/instead.pid");
    }
  };

  try {
    await t.step("down", async () => {
      match(await replicate(3, smtp), /cannot mail to root: .*; it is kept, and a later run sends it/);
    });
    await t.step("unresponsive", () =>
      instead("exec nc -l -k 127.0.0.1 25", async () => {
        const begun = performance.now();
        const broken = "echo 'ssh: connect to host target port 22: Connection timed out' >&2; exit 255";
        const words = await withFake(source, "ssh", broken, () => replicate(3, smtp, "--retries=0"));
        match(words, /it is kept/);
        ok(performance.now() - begun < 180_000, "a silent mail server holds nobody up for long");
      }));
    await t.step(
      "unwilling",
      () =>
        instead('while :; do printf "421 too busy\\r\\n" | nc -l -N 127.0.0.1 25; done', async () => {
          await lab.target.makePool("tank");
          match(await replicate(0, smtp), /421|too busy/);
        }),
    );
    deepStrictEqual(await source.mailbox(), []);
  } finally {
    await source.sh("smtpd >/dev/null 2>&1");
  }

  await t.step("back again", async () => {
    await pass("2 hours");
    strictEqual(await replicate(0, smtp), "");
    const mails = await awaitMail(source, 3);
    deepStrictEqual(subjects(mails).map((line) => line.replace(/.*tank>target /, "")).sort(), [
      "refused: ssh-timeout",
      "refused: target-pool",
      "succeeds again",
    ]);
    const ids = mails.map((mail) => /^Message-ID: (.*)$/im.exec(mail)?.[1]);
    strictEqual(new Set(ids).size, 3);
    await pass("2 hours");
    await replicate(0, smtp);
    await source.sh("sleep 3");
    strictEqual((await source.mailbox()).length, 3);
  });
});
