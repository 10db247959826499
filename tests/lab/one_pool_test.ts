// One pool by several names: the host's alias, its address, its own name; and a clone of a disk on another host.

import { match, strictEqual } from "node:assert/strict";
import { bzman, replicate, replicateWell } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertUntouched } from "./support/trees.ts";

const lab = sharedLab();

Deno.test("a target that is its own source is refused, by whatever name", async (t) => {
  const { source } = lab;
  await source.makePool("tank");
  await source.sh("zfs create tank/data && echo text >/tank/data/file");
  // The source trusts itself, and knows itself by an alias.
  await source.sh(`mkdir -p /root/.ssh && chmod 700 /root/.ssh
    [ -f /root/.ssh/id_self ] || ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_self
    cat /root/.ssh/id_self.pub >>/root/.ssh/authorized_keys
    printf 'Host twin\\n HostName 127.0.0.1\\n IdentityFile /root/.ssh/id_self\\n StrictHostKeyChecking accept-new\\n' >>/root/.ssh/config`);

  for (const policy of ["refuse", "rollback", "keep-both"]) {
    await t.step(`with --on-divergence ${policy}`, async () => {
      for (const target of ["twin", "twin:tank/copy"]) {
        const { code, run } = await assertUntouched(
          source,
          "tank",
          () => replicate(source, "--on-divergence", policy, "tank", target),
        );
        strictEqual(code, 3);
        match(run.message ?? "", /lead to one machine .* and to one pool, tank/);
      }
    });
  }

  await t.step("preflight, verify and prune refuse alike", async () => {
    for (const args of [["preflight"], ["verify"], ["prune", "--keep", "1"], ["prune", "--dry-run"]]) {
      const { code, stdout, stderr } = await assertUntouched(
        source,
        "tank",
        () => bzman(source, [...args, "tank", "twin:tank"]),
      );
      strictEqual(code, 3, args.join(" "));
      match(stdout + stderr, /to one pool, tank/);
    }
  });

  await t.step("a dataset beside the source is a target like any other", async () => {
    await source.sh("zfs create tank/from && zfs create -o canmount=off -o readonly=on tank/copies");
    await replicateWell(source, "tank/from", "twin:tank/copies/from");
  });
});

Deno.test("a clone of a disk is told, and zpool reguid makes it a target", async () => {
  const { source, target } = lab;
  await source.sh(`truncate -s 128M /var/tmp/clone.img && zpool create -O mountpoint=none clone /var/tmp/clone.img
    zfs create clone/data && zpool export clone
    ssh target 'cat >/var/tmp/clone.img' </var/tmp/clone.img
    zpool import -d /var/tmp clone`);
  await target.sh("zpool import -d /var/tmp clone");
  const { code, run } = await assertUntouched(source, "clone", () => replicate(source, "clone/data", "target"));
  strictEqual(code, 3);
  match(run.message ?? "", /pool clone on source and pool clone on target have one GUID, \d+, .*one is a clone of/);
  await target.sh("zpool reguid clone");
  await target.sh("zfs destroy clone/data");
  await replicateWell(source, "clone/data", "target");
  await Promise.all([source, target].map((host) => host.sh("zpool destroy clone && rm /var/tmp/clone.img")));
});
