// Whatever shell a login on the other host gets, and whatever that prints: nothing breaks, and nothing of it is parsed.

import { ok, strictEqual } from "node:assert/strict";
import { replicateWell } from "./support/bzman.ts";
import { leftovers } from "./support/faults.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, makePools } from "./support/trees.ts";

const lab = sharedLab();

/** A shell, and the file in which it greets. */
const shells = [
  ["/bin/tcsh", "/root/.cshrc", "echo 'tank\tfilesystem'"],
  ["/usr/bin/fish", "/root/.config/fish/config.fish", "echo 'tank\tfilesystem'; echo noise >&2"],
  ["/bin/bash", "/root/.bashrc", "echo 'tank\tfilesystem'; printf 'no newline'; echo noise >&2"],
] as const;

Deno.test("csh, fish, a banner, an echo in .bashrc: pushed and pulled all the same", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  // What is pushed is named as a shell would stumble over.
  await source.sh(`zfs create 'tank/a b' && zfs create 'tank/a b/child' && echo text >'/tank/a b/child/file'`);
  await target.sh(`zfs create tank/p && dd if=/dev/urandom of=/tank/p/random bs=1M count=2 status=none
    cp -p /etc/passwd /run/passwd; cp -p /root/.bashrc /run/bashrc; cp -p /etc/ssh/sshd_config /run/sshd_config
    printf 'Beware of the \\033[1mhost\\033[0m\\n' >/etc/ssh/banner
    { echo 'Banner /etc/ssh/banner'; cat /run/sshd_config; } >/etc/ssh/sshd_config && kill -HUP $(cat /run/sshd.pid)`);
  try {
    for (const [shell, file, noise] of shells) {
      await t.step(shell, async () => {
        await target.write(file, `${noise}\n`);
        await target.sh(`sed '/^root:/s|[^:]*$|${shell}|' /run/passwd >/etc/passwd; date >>/tank/p/log`);
        strictEqual((await target.sh("getent passwd root")).stdout.trim().split(":").at(-1), shell);
        await source.sh("date >>'/tank/a b/child/file'");
        await replicateWell(source, "tank/a b", "target");
        await assertCopied({ host: source, top: "tank/a b" }, { host: target, top: "tank/a b" });
        const { run } = await replicateWell(source, "--mbuffer", "8M", "--bwlimit", "20M", "target:tank/p", ":tank/p");
        ok(run.bytes > 0);
        await assertCopied({ host: target, top: "tank/p" }, { host: source, top: "tank/p" });
        await target.sh(`rm -f ${file}`);
      });
    }
    strictEqual((await leftovers(target)).length, 0);
  } finally {
    await target.sh(`cp -p /run/passwd /etc/passwd; cp -p /run/sshd_config /etc/ssh/sshd_config
      rm -f ${
      shells.map(([, file]) => file).join(" ")
    }; cp -p /run/bashrc /root/.bashrc; kill -HUP $(cat /run/sshd.pid)`);
  }
});
