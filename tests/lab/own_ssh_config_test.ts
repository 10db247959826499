// Whatever stands in ~/.ssh/config, and whatever the other side's sshd and login are like: pushed all the same, and nothing stays.

import { match, ok, strictEqual } from "node:assert/strict";
import { bzman, replicate, replicateWell } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, makePools } from "./support/trees.ts";

const lab = sharedLab();

const longAlias = `host-${"with-a-long-name-".repeat(12)}end`;

/** What a user may have in his configuration, and the name by which he then calls the target. */
const configs: readonly (readonly [what: string, config: string, target: string])[] = [
  [
    "a shared connection of his own",
    "Host *\n ControlMaster auto\n ControlPath ~/.ssh/own-%C\n ControlPersist 5m",
    "target",
  ],
  ["a command and a terminal for every login", "Host *\n RemoteCommand exec bash -l\n RequestTTY force", "target"],
  ["silence", "Host *\n LogLevel QUIET", "target"],
  ["talk", "Host *\n LogLevel DEBUG1\n VisualHostKey yes", "target"],
  [
    "forwardings",
    "Host *\n LocalForward 9999 localhost:22\n RemoteForward 9998 localhost:22\n ForwardAgent yes",
    "target",
  ],
  ["a local command", "Host *\n PermitLocalCommand yes\n LocalCommand echo tank; echo noise >&2", "target"],
  ["compression and a slow cipher", "Host *\n Compression yes\n Ciphers chacha20-poly1305@openssh.com", "target"],
  ["a long alias", `Host ${longAlias}\n HostName target\n HostKeyAlias target`, longAlias],
  [
    "an alias with another user in it",
    "Host vault\n HostName target\n HostKeyAlias target\n User root\n Port 22",
    "vault",
  ],
  ["a way through another program", "Host target\n ProxyCommand nc %h %p", "target"],
];

Deno.test("the user's own ssh configuration does not get between", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh("zfs create tank/s && zfs create tank/s/child");
  try {
    for (const [what, config, name] of configs) {
      await t.step(what, async () => {
        await source.write("/root/.ssh/config", `${config}\n`, 0o600);
        await source.sh("date +%N >>/tank/s/child/file");
        await replicateWell(source, "--mbuffer", "8M", "tank/s", `${name}:tank/s`);
        await assertCopied({ host: source, top: "tank/s" }, { host: target, top: "tank/s" });
        strictEqual((await source.sh("pgrep -a -x ssh; ls /root/.ssh/own-* 2>/dev/null; true")).stdout, "");
      });
    }
    await t.step("one with a mistake in it is refused, and the mistake shown", async () => {
      await source.write("/root/.ssh/config", "Host *\n Frobnicate yes\n", 0o600);
      const { code, run } = await replicate(source, "tank/s", "target");
      strictEqual(`${code} ${run.errorClass}`, "3 ssh-config");
      match(run.message ?? "", /frobnicate/i);
    });
  } finally {
    await source.sh("rm -f /root/.ssh/config");
  }
});

/** Settings of the target's sshd. */
const servers: readonly (readonly [what: string, config: string])[] = [
  ["one cipher alone", "Ciphers aes256-ctr"],
  ["one that is not among bzman's own", "Ciphers aes256-cbc"],
  ["one session a connection", "MaxSessions 1"],
  ["a PATH without sbin", "SetEnv PATH=/usr/bin:/bin"],
];

Deno.test("servers that are narrow: one cipher, one session, a PATH without sbin", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh("zfs create tank/s && zfs create tank/s/child");
  await target.sh("cp -p /etc/ssh/sshd_config /run/sshd_config");
  const restart = (lines: string) =>
    target.sh(
      `{ printf '%s\\n' "${lines}"; cat /run/sshd_config; } >/etc/ssh/sshd_config; kill -HUP $(cat /run/sshd.pid); sleep 0.5`,
    );
  try {
    for (const [what, config] of servers) {
      await t.step(what, async () => {
        await restart(config);
        // A cipher that is no longer on offer by default must be asked for by the user.
        await source.write("/root/.ssh/config", config.includes("cbc") ? "Host *\n Ciphers aes256-cbc\n" : "\n", 0o600);
        await source.sh("date +%N >>/tank/s/child/file");
        await replicateWell(source, "--mbuffer", "8M", "tank/s", "target");
        await assertCopied({ host: source, top: "tank/s" }, { host: target, top: "tank/s" });
      });
    }
    await t.step("at home a PATH without sbin", async () => {
      const { code, stderr } = await source.sh(
        "PATH=/usr/local/bin:/usr/bin:/bin bzman replicate --quiet tank/s target",
        {
          check: false,
        },
      );
      strictEqual(code, 0, stderr);
      ok((await bzman(source, ["health"], { env: { PATH: "/usr/local/bin:/usr/bin:/bin" } })).code <= 1);
    });
  } finally {
    await target.sh("cp -p /run/sshd_config /etc/ssh/sshd_config; kill -HUP $(cat /run/sshd.pid)");
    await source.sh("rm -f /root/.ssh/config");
  }
});
