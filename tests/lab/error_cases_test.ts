// Whatever keeps a copy from arriving: the run ends in bounded time, tells what it was, and the next one recovers.

import { match, ok, strictEqual } from "node:assert/strict";
import { loggedRuns, replicate, replicateWell, type Replication } from "./support/bzman.ts";
import { assertAllEnded, makeSuspended } from "./support/faults.ts";
import { awaitMail } from "./support/mailbox.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertNewestCopied, assertUntouched, makePools } from "./support/trees.ts";

const lab = sharedLab();

/** Something in the way of a run, as scripts: on which host, how it comes, how it goes. */
interface Hindrance {
  readonly name: string;
  readonly host: "source" | "target";
  readonly begin: string;
  readonly end: string;
  readonly errorClass: RegExp;
  readonly advice: RegExp;
}

const hindrances: readonly Hindrance[] = [
  {
    name: "the target is down",
    host: "source",
    begin: "nft add table ip down && nft add chain ip down out '{ type filter hook output priority 0; }'" +
      " && nft add rule ip down out ip daddr 10.99.0.2 drop",
    end: "nft delete table ip down",
    errorClass: /^ssh-timeout$/,
    advice: /host is up/,
  },
  {
    name: "another host key",
    host: "target",
    begin: "cd /etc/ssh && mkdir /run/keys && mv ssh_host_*_key* /run/keys && ssh-keygen -q -t ed25519 -N '' -f" +
      " ssh_host_ed25519_key && kill -HUP $(cat /run/sshd.pid)",
    end: "cd /etc/ssh && mv /run/keys/* . && rmdir /run/keys && kill -HUP $(cat /run/sshd.pid)",
    errorClass: /^ssh-host-key$/,
    advice: /ssh-keygen -R target|by hand/,
  },
  {
    name: "the key is not accepted",
    host: "target",
    begin: "mv /root/.ssh/authorized_keys /root/.ssh/authorized_keys.away",
    end: "mv /root/.ssh/authorized_keys.away /root/.ssh/authorized_keys",
    errorClass: /^ssh-auth$/,
    advice: /ssh-copy-id target/,
  },
  {
    name: "no zfs there",
    host: "target",
    begin: "chmod a-x $(readlink -f $(command -v zfs)) $(readlink -f $(command -v zpool))",
    end: "chmod a+x /usr/sbin/zfs /usr/sbin/zpool",
    errorClass: /^program-missing$/,
    advice: /install zfs/,
  },
  {
    name: "the pool is not imported",
    host: "target",
    begin: "zpool export tank",
    end: "zpool import tank",
    errorClass: /pool/,
    advice: /zpool import/,
  },
];

Deno.test("what is in the way at the start: refused with 3, told by its class, mailed; and then all is well", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh("zfs create tank/s && echo one >/tank/s/file && zfs snapshot tank/s@one");
  await replicateWell(source, "--no-snapshot", "tank/s", "target");
  await source.sh("echo two >/tank/s/file && zfs snapshot tank/s@two");
  let mails = 0;
  for (const { name, host, begin, end, errorClass, advice } of hindrances) {
    await t.step(name, async () => {
      await lab[host].sh(begin);
      const began = performance.now();
      try {
        const { code, run } = await assertUntouched(source, "tank/s", () => replicate(source, "tank/s", "target"));
        strictEqual(`${code} ${run.result}`, "3 refused", `${run.message}`);
        match(run.errorClass ?? "", errorClass, run.message ?? "");
        match(run.advice ?? "", advice);
        ok(performance.now() - began < 150_000, "it took too long");
        strictEqual((await loggedRuns(source)).at(-1)?.uuid, run.uuid);
        const mail = (await awaitMail(source, ++mails)).at(-1) ?? "";
        ok(mail.includes(run.errorClass ?? "?") || /^Subject: .*tank\/s>target/m.test(mail), mail);
      } finally {
        await lab[host].sh(end);
      }
    });
  }
  await t.step("nothing any more", async () => {
    await replicateWell(source, "tank/s", "target");
    await assertNewestCopied({ host: source, top: "tank/s" }, { host: target, top: "tank/s" });
    match((await awaitMail(source, ++mails)).at(-1) ?? "", /^Subject: .*succeeds again/m);
  });
  await t.step("the target's pool is suspended", async () => {
    await makeSuspended(target, "sick");
    const began = performance.now();
    const { code, run } = await assertUntouched(source, "tank/s", () => replicate(source, "tank/s", "target:sick/s"));
    strictEqual(`${code} ${run.result}`, "3 refused", `${run.message}`);
    match(run.errorClass ?? "", /^(command-timeout|target-pool)$/, run.message ?? "");
    match(run.advice ?? "", /zpool (status|clear)/);
    ok(performance.now() - began < 150_000, "it took too long");
    ok((await awaitMail(source, ++mails)).at(-1)?.includes("tank/s>target:sick/s"));
  });
});

Deno.test("a quota, a full pool, a stalled receiver: each ends with 1, and the next run goes on", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  await target.makePool("small", { disk: "file", sizeMiB: 128 });
  await target.sh("zfs create -o mountpoint=none tank/quota");
  await source.sh(`zfs create tank/s && dd if=/dev/urandom of=/tank/s/random bs=1M count=40 status=none
    zfs snapshot tank/s@one`);
  const targets = ["target:tank/quota/s", "target:small/s", "target:tank/stall"];
  const args = ["--no-snapshot", "--retries", "0"];
  let cut: Replication[] = [];

  await t.step("all of them at once", async () => {
    const running = targets.map((name) =>
      replicate(source, ...args, "--bwlimit", "200k", "--stall", "30s", "tank/s", name)
    );
    // A receiver saves its place for each megabyte that it has written.
    await target.sh(
      `until [ $(pgrep -c -f '^[^ ]*zfs receive') = 3 ]; do sleep 0.2; done
      for pid in $(pgrep -f '^[^ ]*zfs receive'); do
        until { read -r _ got; } </proc/$pid/io && [ "$got" -gt 3000000 ]; do [ -e /proc/$pid ] || exit; sleep 0.2; done
      done; zpool sync`,
      { timeoutMs: 300_000 },
    );
    await target.sh(`pkill -STOP -f '^[^ ]*zfs receive.*tank/stall$'
      zfs set quota=$(($(zfs get -H -p -o value used tank/quota) + 1000000)) tank/quota
      zfs create small/fill && dd if=/dev/urandom of=/small/fill/file bs=1M count=200 2>/dev/null; zpool sync`);
    cut = await Promise.all(running);
    for (const [i, errorClass] of [/^quota-exceeded$/, /^out-of-space$/, /^stalled$/].entries()) {
      const { code, run } = cut[i]!;
      strictEqual(`${code} ${run.result}`, "1 failed");
      match(run.errorClass ?? "", errorClass, `${targets[i]}: ${run.message}`);
      ok(run.advice !== null);
    }
    const mails = await awaitMail(source, 3);
    for (const name of targets) ok(mails.some((mail) => mail.includes(`tank/s>${name}`)), `no mail of ${name}`);
    await assertAllEnded(lab);
  });

  await t.step("and then none", async () => {
    await target.sh("zfs set quota=none tank/quota && zfs destroy small/fill && zpool sync");
    for (const [i, name] of targets.entries()) {
      const { run } = await replicateWell(source, ...args, "tank/s", name);
      ok(run.savedBytes > 0, `${name}: nothing saved of ${cut[i]?.run.bytes} bytes`);
      await assertNewestCopied({ host: source, top: "tank/s" }, { host: target, top: name.slice(7) });
    }
  });
});
