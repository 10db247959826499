// What steers the source machine (mountpoint=/, canmount=on, sharenfs=on, quotas) never takes hold on the target.

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { LabHost } from "../../lab/lab.ts";
import { replicateWell } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, makePools } from "./support/trees.ts";

const lab = sharedLab();

Deno.test("a source with mountpoint=/ and shares is harmless on the target", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  // -u keeps the source itself from being overmounted; its pool's root would be / too.
  await source.sh(`zfs create -u -o mountpoint=/ -o canmount=on -o sharenfs=on -o quota=100M -o reservation=5M \
      -o recordsize=16k -o compression=gzip -o org.example:note='kept, word for word' tank/system
    zfs create -u -o mountpoint=/etc -o sharenfs='rw=@10.0.0.0/8' tank/system/etc
    zfs create -u -o canmount=noauto tank/system/boot
    zfs set -u mountpoint=/usr tank`);
  const mounts = await machine(target);

  await t.step("not by a first copy of the whole pool, nor by an increment with a new child", async () => {
    await replicateWell(source, "tank", "target");
    await source.sh("zfs create -u -o mountpoint=/var tank/system/var");
    await replicateWell(source, "tank", "target");
    deepStrictEqual(await machine(target), mounts.filter((line) => line !== "zfs /tank"));
    deepStrictEqual(await target.guids("tank"), await source.guids("tank"));
  });

  await t.step("not by mounting and sharing everything", async () => {
    await target.sh("zfs mount -a; zfs share -a; true");
    deepStrictEqual(await machine(target), mounts);
  });

  await t.step("not by a boot", async () => {
    await target.powerOff();
    await target.powerOn();
    await target.sh("zfs mount -a; zfs share -a; true");
    deepStrictEqual(await machine(target), mounts);
  });

  await t.step("while the properties that describe data are kept", async () => {
    const { stdout } = await target.sh(
      "zfs get -H -o value recordsize,compression,org.example:note,quota,reservation,sharenfs,readonly tank/system",
    );
    deepStrictEqual(stdout.trimEnd().split("\n"), ["16K", "gzip", "kept, word for word", "none", "none", "off", "on"]);
    strictEqual((await target.sh("zfs get -H -o value mountpoint tank/system/etc")).stdout, "/tank/system/etc\n");
    await assertCopied({ host: source, top: "tank" }, { host: target, top: "tank" });
  });
});

/** What is mounted where on a host, by type and place, and what it shares. */
async function machine(host: LabHost): Promise<string[]> {
  const { stdout } = await host.sh(
    `awk '$3 !~ /^(devtmpfs|tmpfs|proc|sysfs|devpts|cgroup2?)$/ { print $3, $2 }' /proc/mounts
    cat /etc/exports /etc/exports.d/* 2>/dev/null; true`,
  );
  return stdout.trimEnd().split("\n").sort();
}
