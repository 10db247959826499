// What preflight warns of before anything is touched, each with the command that fixes it; and that this command does fix it.

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { LabHost, ShOptions } from "../../lab/lab.ts";
import { bzman } from "./support/bzman.ts";
import { withFake } from "./support/faults.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, assertUntouched, makePools } from "./support/trees.ts";

const lab = sharedLab();

interface Finding {
  readonly check: string;
  readonly verdict: string;
  readonly text: string;
  readonly next: string | null;
}

/** Runs preflight, which touches nothing, and gives what was not well, by check. */
async function troubles(
  host: LabHost,
  args: readonly string[],
  options: ShOptions = {},
): Promise<Map<string, Finding>> {
  const { stdout } = await bzman(host, ["preflight", "--json", ...args], options);
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  return new Map(findings.filter(({ verdict }) => verdict !== "ok").map((finding) => [finding.check, finding]));
}

/** The command of an advice such as `as root on target: zfs allow …`. */
function commandOf(finding: Finding | undefined): string {
  return finding?.next?.replace(/^as root on \w+: /, "") ?? "exit 9";
}

Deno.test("a user who is not root: what he lacks is named, and with the very lines printed he replicates", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh("zfs create tank/data && zfs create tank/data/child && echo text >/tank/data/child/file");
  await Promise.all([source, target].map((host) =>
    host.sh(`id alice >/dev/null 2>&1 || useradd -m alice
      usermod -p '*' -s /bin/bash alice # sshd turns locked accounts away
      rm -rf /home/alice/.local && cp -r /root/.ssh /home/alice/ && chown -R alice: /home/alice/.ssh`)
  ));
  const alice = { user: "alice" };
  const pair = ["tank/data", "alice@target:tank/copy"];

  await t.step("nothing is allowed", async () => {
    const found = await assertUntouched(source, "tank", () => troubles(source, pair, alice));
    for (const [side, host] of [["source", source], ["target", target]] as const) {
      const finding = found.get(`${side}-permissions`);
      strictEqual(finding?.verdict, "critical", JSON.stringify([...found]));
      await host.sh(commandOf(finding));
    }
  });

  await t.step("one line is missing", async () => {
    await target.sh("zfs unallow -u alice receive tank");
    const finding = (await troubles(source, pair, alice)).get("target-permissions");
    strictEqual(finding?.text, "alice is not allowed on tank: receive");
    await target.sh(commandOf(finding));
  });

  await t.step("all of them: a first copy, and an increment", async () => {
    const found = await troubles(source, pair, alice);
    deepStrictEqual([...found.keys()].filter((check) => check.endsWith("-permissions")), []);
    for (const text of ["first", "second"]) {
      await source.sh(`echo ${text} >>/tank/data/child/file`);
      const { code, stderr } = await bzman(source, ["replicate", "--quiet", ...pair], alice);
      strictEqual(code, 0, stderr);
    }
    await assertCopied({ host: source, top: "tank/data" }, { host: target, top: "tank/copy" });
  });
});

Deno.test("what the pools and programs cannot do", async (t) => {
  const { source, target } = lab;
  await source.makePool("tank");
  await target.makePool("small", { disk: "file", sizeMiB: 256, properties: ["-d"] });
  const pair = ["tank/data", "target:small/copy"];

  await t.step("a feature that the target lacks; its command fixes it", async () => {
    await source.sh("zfs create -o recordsize=1M tank/data && dd if=/dev/urandom of=/tank/data/file bs=1M count=2");
    await source.sh("zpool sync");
    const finding = (await troubles(source, pair)).get("target-features");
    strictEqual(finding?.verdict, "critical");
    match(finding.text, /^pool small lacks features that tank uses: large_blocks\b/);
    await target.sh(commandOf(finding));
    strictEqual((await troubles(source, pair)).has("target-features"), false);
  });

  await t.step("a thick volume counts by its size when its reservation travels, else by what is in it", async () => {
    await source.sh("zfs create -V 1G tank/data/volume");
    strictEqual((await troubles(source, pair)).has("target-space"), false);
    const finding = (await troubles(source, ["--property", "refreservation", ...pair])).get("target-space");
    strictEqual(finding?.verdict, "critical");
    match(finding.text, /^about 1\.\d+ GiB to send, /);
    const { code } = await assertUntouched(
      target,
      "small",
      () => bzman(source, ["replicate", "--property", "refreservation", ...pair]),
    );
    strictEqual(code, 3);
  });

  await t.step("a name that would be too long", async () => {
    await source.sh(`zfs create tank/data/${"n".repeat(230)}`);
    const finding = (await troubles(source, pair)).get("name-length");
    strictEqual(finding?.verdict, "critical");
    match(finding.text, /ZFS allows 255$/);
    await source.sh(`zfs destroy tank/data/${"n".repeat(230)}`);
  });

  await t.step("a release that is known to lose data", async () => {
    // Such a release cannot be installed here: zfs tells of itself what it would tell.
    const old = '[ "$1" = version ] || exec $real "$@"; echo zfs-2.2.1-1; echo zfs-kmod-2.2.1-1';
    await withFake(target, "zfs", old, async () => {
      const finding = (await troubles(source, pair)).get("target-zfs");
      strictEqual(finding?.verdict, "warning");
      match(finding.text, /^OpenZFS 2\.2\.1-1 is known to lose data/);
      ok(finding.next?.includes("zfs_bclone_enabled=0"));
    });
  });

  await t.step("no way out for mail", async () => {
    await source.sh(
      "mv /usr/sbin/sendmail /usr/sbin/sendmail.away; nft add table inet lab; " +
        "nft 'add chain inet lab in { type filter hook input priority 0; }'; nft add rule inet lab in tcp dport 25 reject",
    );
    try {
      const finding = (await troubles(source, pair)).get("mail");
      strictEqual(finding?.verdict, "warning");
      match(finding.text, /^no mail transport/);
    } finally {
      await source.sh("mv /usr/sbin/sendmail.away /usr/sbin/sendmail; nft delete table inet lab");
    }
  });
});
