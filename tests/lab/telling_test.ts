// Trouble is mailed at once, once, and when it is over; what cannot be mailed is printed and sent later.

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { bzman, loggedRuns } from "./support/bzman.ts";
import { withFake } from "./support/faults.ts";
import { awaitMail, plainText } from "./support/mailbox.ts";
import { sharedLab } from "./support/shared_lab.ts";

const lab = sharedLab();

Deno.test("trouble is recorded, logged and mailed, and its end too", async (t) => {
  const { source, target } = lab;
  await source.makePool("tank");
  const replicate = (...args: string[]) => bzman(source, ["replicate", "--quiet", ...args, "tank", "target"]);

  await t.step("a mail that cannot go out is printed, even with --quiet, and kept", async () => {
    const broken = "cat >/dev/null; echo 'sendmail: queue is full' >&2; exit 75";
    const { code, stdout, stderr } = await withFake(source, "sendmail", broken, () => replicate());
    strictEqual(code, 3);
    strictEqual(stdout, "");
    match(stderr, /cannot mail to root: .*queue is full.*; it is kept, and a later run sends it/);
    match(stderr, /pool tank is not imported there/);
    deepStrictEqual(await source.mailbox(), []);
  });

  await t.step("the next run sends it; the same trouble again is no news", async () => {
    const logged = 'echo start >>/root/.bzman-logger; tee -a /root/.bzman-logger | $real "$@"';
    // It is tried again after a minute.
    await source.sh('date -s "+90 seconds"');
    const { code, stdout, stderr } = await withFake(source, "logger", logged, () => replicate());
    await source.sh('date -s "-90 seconds"');
    deepStrictEqual([code, stdout, stderr], [3, "", ""]);
    const [mail = "", ...more] = (await awaitMail(source, 1)).map(plainText);
    deepStrictEqual(more, []);
    match(mail, /^Subject: \[\w+\] source: .*tank>target.*$/m);
    match(mail, /^From: .*bzman@source/m);
    match(mail, /^To: <?root/m);
    match(mail, /^Message-ID: <[0-9a-f-]{36}\..*@source>$/im);
    match(mail, /pool tank is not imported there \(imported: none\)/);
    match(mail, /^next: +zpool import tank/m);
    const lines = (await source.sh("cat /root/.bzman-logger")).stdout.trimEnd().split("\n");
    deepStrictEqual(lines.filter((line) => line === "start"), ["start"]);
    ok(lines.some((line) => /^<27>.*pool tank is not imported there/.test(line)), "an error has the priority of one");
    ok(lines.some((line) => /^<30>replicate source:tank → target:tank$/.test(line)));
  });

  await t.step("its end is mailed, by SMTP where that is asked for", async () => {
    await target.makePool("tank");
    const { code, stdout, stderr } = await replicate("--smtp", "smtp://localhost:25");
    deepStrictEqual([code, stdout, stderr], [0, "", ""]);
    const mail = plainText((await awaitMail(source, 2))[1] ?? "");
    match(mail, /^Subject: \[OK\] source: .*tank>target succeeds again$/m);
  });

  await t.step("and all of it is in the record", async () => {
    // The clock went back between them.
    const runs = [...await loggedRuns(source)].sort((a, b) => a.result < b.result ? 1 : -1);
    deepStrictEqual(runs.map(({ result, exitStatus }) => `${result} ${exitStatus}`), [
      "refused 3",
      "refused 3",
      "ok 0",
    ]);
    strictEqual(runs[0]?.errorClass, "target-pool");
    ok(runs.every(({ phases, endedAt }) => phases.length > 0 && endedAt !== null));
  });
});
