// The lab itself: everything that the acceptance tests build on works here.

import { ok, rejects, strictEqual } from "node:assert/strict";
import { awaitDevice, bootLab, type Lab, quote } from "../../lab/lab.ts";

Deno.test("two real ZFS hosts", async (t) => {
  await using lab = await bootLab();
  const { source, target } = lab;

  await t.step("know who they are and what time it is", async () => {
    for (const host of [source, target]) {
      strictEqual((await host.sh("hostname")).stdout.trim(), host.name);
      const clock = Number((await host.sh("date -u +%s")).stdout) * 1000;
      ok(Math.abs(clock - Date.now()) < 5000, `${host.name} is off by ${clock - Date.now()} ms`);
    }
  });

  await t.step("run scripts, with input, as other users, and say what failed", async () => {
    strictEqual(
      (await source.sh('cat; echo "it\'s $X"', { stdin: "in ", env: { X: "a 'b'" } })).stdout,
      "in it's a 'b'\n",
    );
    await source.sh("id alice >/dev/null 2>&1 || useradd -m alice");
    strictEqual(
      (await source.sh("id -un; pwd; echo $HOME", { user: "alice" })).stdout,
      "alice\n/home/alice\n/home/alice\n",
    );
    strictEqual((await source.sh("exit 3", { check: false })).code, 3);
    await rejects(source.sh("echo no such luck >&2; exit 3"), /status 3.*\nno such luck/);
    await rejects(source.sh("sleep 60", { timeoutMs: 1000 }), /no end after 1000 ms/);
  });

  await t.step("take files and give them back", () => copies(lab));

  await t.step("send a filesystem and a volume from one to the other", async () => {
    await Promise.all([source.makePool("tank"), target.makePool("tank"), target.makePool("second", { disk: "file" })]);
    await source.sh(`zfs create tank/data && zfs create -V 16M tank/data/volume
      dd if=/dev/urandom of=/tank/data/random bs=1M count=50 status=none
      ${awaitDevice("tank/data/volume")}
      dd if=/dev/urandom of=/dev/zvol/tank/data/volume bs=1M count=4 status=none
      mkdir '/tank/data/a name' && ln -s nowhere '/tank/data/a name/link'
      zfs snapshot -r tank/data@one`);
    await source.sh("zfs send -R tank/data@one | ssh -c aes128-gcm@openssh.com target zfs receive -u tank/copy");
    const [sent, received] = [await source.guids("tank/data"), await target.guids("tank/copy")];
    strictEqual(sent.size, 2);
    for (const dataset of ["", "/volume"]) {
      strictEqual(sent.get(`tank/data${dataset}@one`), received.get(`tank/copy${dataset}@one`));
      strictEqual(
        await source.checksum(`tank/data${dataset}@one`),
        await target.checksum(`tank/copy${dataset}@one`),
      );
    }
    await source.sh("echo more >/tank/data/more && zfs snapshot tank/data@two");
    ok(await source.checksum("tank/data@one") !== await source.checksum("tank/data@two"));
  });

  await t.step("deliver mail and keep a syslog", async () => {
    await source.clearMailbox();
    await source.sh("printf 'Subject: first\\n\\nFrom here on\\n' | sendmail root");
    const warning = `a warning of ${Date.now()}`;
    await source.sh(`logger -t bzman -p user.warning ${quote(warning)}`);
    const words = [
      "HELO x",
      "MAIL FROM:<bzman@source>",
      "RCPT TO:<root@source>",
      "DATA",
      "Subject: second\\r\\n\\r\\n.",
      "QUIT",
    ];
    const dialogue = words.map((line) => `sleep 0.5; printf '${line}\\r\\n'`).join("; ");
    await source.sh(`{ ${dialogue}; sleep 1; } | nc localhost 25`);
    for (let n = 0; n < 50 && (await source.mailbox()).length < 2; n++) await new Promise((r) => setTimeout(r, 200));
    const messages = await source.mailbox();
    strictEqual(messages.length, 2);
    ok(messages.some((message) => message.includes("From here on")));
    strictEqual((await source.syslog("bzman")).filter((line) => line.endsWith(warning)).length, 1);
    ok((await source.syslog()).length > 1);
  });

  await t.step("lose each other when the link is cut, and find each other again", async () => {
    const reach = "ssh -o ConnectTimeout=3 -o ConnectionAttempts=1 target true";
    await lab.cutLink();
    ok((await source.sh(reach, { check: false })).code !== 0);
    await lab.healLink();
    await source.sh("ssh -o ConnectTimeout=30 target true");
    await target.freeze();
    ok((await source.sh(reach, { check: false })).code !== 0);
    await target.thaw();
    await source.sh("ssh -o ConnectTimeout=30 target true");
    await target.sh("ssh source true");
  });

  await t.step("survive a power cut with their pools", async () => {
    await target.powerOff();
    await rejects(target.sh("true"));
    await target.powerOn();
    strictEqual((await target.guids("tank/copy")).size, 2);
    strictEqual((await target.sh("zpool list -H -o name")).stdout, "second\ntank\n");
    await source.sh("ssh target true");
  });

  await t.step("are rid of pools, also of one whose disk has failed", async () => {
    await source.makePool("bad", { disk: "file", properties: ["-o", "failmode=wait"] });
    await source.sh(`zpool offline -f bad /pools/bad
      dd if=/dev/zero of=/pools/bad bs=1M count=512 conv=notrunc status=none
      zpool sync bad >/dev/null 2>&1 & sleep 10`);
    strictEqual((await source.sh("cat /proc/spl/kstat/zfs/bad/state")).stdout, "SUSPENDED\n");
    await source.destroyPools();
    strictEqual((await source.sh("zpool list -H")).stdout, "");
    await source.makePool("tank");
  });
});

async function copies({ source }: Lab): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    const bytes = new Uint8Array(5_000_001);
    for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
    await Deno.writeFile(`${folder}/in`, bytes);
    await source.put(`${folder}/in`, "/root/new folder/it's", 0o750);
    strictEqual((await source.sh("stat -c %a:%s /root/new*/*")).stdout, "750:5000001\n");
    await source.get("/root/new folder/it's", `${folder}/out`);
    const out = await Deno.readFile(`${folder}/out`);
    strictEqual(out.length, bytes.length);
    ok(bytes.every((byte, at) => byte === out[at]), "what came back differs");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
