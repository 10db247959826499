// A copy that somebody used: mounted, read, written, snapshotted, or given another key.

import { match, ok, strictEqual } from "node:assert/strict";
import { replicate, replicateWell } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, assertNewestCopied, assertUntouched, makePools } from "./support/trees.ts";

const lab = sharedLab();

Deno.test("a plain copy that was mounted and read goes on; one that was written to is refused", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh("zfs create tank/c && zfs create tank/c/child && echo text | tee /tank/c/file >/tank/c/child/file");
  const [from, to] = [{ host: source, top: "tank/c" }, { host: target, top: "tank/c" }] as const;
  await replicateWell(source, "tank/c", "target");

  await t.step("read, as bzman left it", async () => {
    await target.sh(`for d in tank/c tank/c/child; do zfs mount $d && cat /$d/file || exit; done
      zfs unmount tank/c/child; zfs unmount tank/c`);
    await source.sh("echo more >>/tank/c/child/file");
    await replicateWell(source, "tank/c", "target");
    await assertCopied(from, to);
  });

  await t.step("read while it stays mounted, and while a shell stands in it", async () => {
    await target.sh(
      `zfs set mountpoint=/mnt/c tank/c; zfs mount tank/c; zfs mount tank/c/child; cat /mnt/c/file /mnt/c/child/file
      cd /mnt/c/child && setsid sleep 300 >/dev/null 2>&1 </dev/null &`,
    );
    await source.sh("echo again >>/tank/c/child/file");
    await replicateWell(source, "tank/c", "target");
    strictEqual((await target.sh("tail -n 1 /mnt/c/child/file")).stdout, "again\n");
    await target.sh("pkill -x sleep; zfs unmount tank/c; zfs inherit mountpoint tank/c");
    await assertCopied(from, to);
  });

  await t.step("written to: refused, and not touched", async () => {
    await target.sh(`zfs set readonly=off tank/c/child && mount -t zfs -o zfsutil tank/c/child /mnt
      echo own >/mnt/own && umount /mnt && zfs inherit readonly tank/c/child && zpool sync`);
    await source.sh("echo last >>/tank/c/child/file");
    const { code, run } = await assertUntouched(target, "tank/c/child", () => replicate(source, "tank/c", "target"));
    strictEqual(code, 1);
    const child = run.datasets.find(({ dataset }) => dataset === "tank/c/child");
    strictEqual(child?.errorClass, "diverged", JSON.stringify(child));
  });
});

const keyFile = "/root/.bzman-test-key";
const encrypted = `-o encryption=on -o keyformat=passphrase -o pbkdf2iters=100000 -o keylocation=file://${keyFile}`;

Deno.test("a raw copy that was snapshotted there, and one whose key was changed there", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  await source.write(keyFile, "a long passphrase\n", 0o600);
  await source.sh(`for d in snapshotted rekeyed; do zfs create ${encrypted} tank/$d && echo one >/tank/$d/file; done`);
  for (const top of ["tank/snapshotted", "tank/rekeyed"]) await replicateWell(source, top, "target");

  await t.step(
    "snapshotted: ZFS takes no raw increment over it, so it is refused with its name, or rolled back",
    async () => {
      const top = "tank/snapshotted";
      await target.sh(`zfs snapshot ${top}@own`);
      await source.sh("echo two >/tank/snapshotted/file");
      const { code, run } = await assertUntouched(target, top, () => replicate(source, top, "target"));
      strictEqual(`${code} ${run.result}`, "3 refused");
      match(run.message ?? "", /\btank\/snapshotted: the target .* 1 snapshot \(own\)/);
      await replicateWell(source, "--on-divergence", "rollback", top, "target");
      await target.sh(`echo 'a long passphrase' | zfs load-key -L prompt ${top}`);
      await assertNewestCopied({ host: source, top }, { host: target, top });
    },
  );

  await t.step("rekeyed: it goes on, and is readable by a key that somebody knows", async () => {
    const top = "tank/rekeyed";
    await target.sh(`echo 'a long passphrase' | zfs load-key -L prompt ${top}
      echo 'another passphrase' >/root/.other-key && zfs change-key -o keylocation=file:///root/.other-key ${top}
      zfs unload-key ${top}`);
    await source.sh("echo two >/tank/rekeyed/file");
    await replicateWell(source, top, "target");
    const keys = await target.sh(`echo 'another passphrase' | zfs load-key -L prompt ${top} ||
      echo 'a long passphrase' | zfs load-key -L prompt ${top}`);
    ok(keys.code === 0);
    await assertCopied({ host: source, top }, { host: target, top });
    await target.sh(`zfs unload-key ${top}; rm -f /root/.other-key`);
  });
});
