// One pool by several names: the host's alias, its address, its own name; and a clone of a disk on another host.

import { match, strictEqual } from "node:assert/strict";
import { bzman, replicate, replicateWell } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertUntouched, fillTank, makePools } from "./support/trees.ts";

const lab = sharedLab();

Deno.test("a target that is its own source is refused, by whatever name", async (t) => {
  const { source } = lab;
  await makePools(lab);
  await fillTank(lab);
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
  await makePools(lab);
  const guid = (await source.sh("zpool get -H -o value guid tank")).stdout.trim();
  await target.sh(`zpool reguid -g ${guid} tank`, { check: false });
  const now = (await target.sh("zpool get -H -o value guid tank")).stdout.trim();
  // `zpool reguid -g` is there since OpenZFS 2.4 alone.
  if (now !== guid) return;
  const { code, run } = await replicate(source, "tank", "target");
  strictEqual(code, 3);
  match(run.message ?? "", /clone of the other's disks/);
  await target.sh("zpool reguid tank");
  await replicateWell(source, "tank", "target");
});
