// A pull of more datasets than one remote command can name, with one of them left out.

import { match, strictEqual } from "node:assert/strict";
import { replicate, replicateWell } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";

const lab = sharedLab();

/** Names of 190 bytes: so many that they are longer together than a word of a command may be. */
const count = 600;

Deno.test("they are snapshotted at one moment, or a user who is not root is refused", async (t) => {
  const { source, target } = lab;
  await Promise.all([source.makePool("home"), target.makePool("tank")]);
  await target.sh(
    `p=tank/${"x".repeat(180)}
    zfs create -o mountpoint=none tank/out
    i=0; while [ $i -lt ${count} ]; do zfs create -o mountpoint=none $p$i; i=$((i + 1)); done`,
    { timeoutMs: 600_000 },
  );

  await t.step("as root", async () => {
    const { run } = await replicateWell(source, "--exclude=tank/out", "target:tank", ":home/pulled");
    strictEqual(run.datasets.length, count + 1);
    const { stdout } = await target.sh("zfs list -H -p -r -t snapshot -o name,createtxg,bzman:prefix tank");
    const rows = stdout.trim().split("\n").map((line) => line.split("\t"));
    strictEqual(rows.length, count + 1);
    strictEqual(new Set(rows.map(([, txg]) => txg)).size, 1);
    strictEqual(new Set(rows.map(([name = ""]) => name.split("@")[1])).size, 1);
    strictEqual(rows.every(([name = "", , prefix]) => prefix === "incremental" && !name.startsWith("tank/out")), true);
  });

  await t.step("again, with an increment, where another job took the name of one of them", async () => {
    await replicateWell(source, "--exclude=tank/out", "target:tank", ":home/pulled");
  });

  await t.step("what one dataset refuses is made for none", async () => {
    await target.sh(`zfs set snapshot_limit=0 tank/${"x".repeat(180)}7`);
    const before = await target.sh("zfs list -H -t snapshot -o name -r tank | wc -l");
    const { code, run } = await replicate(source, "--exclude=tank/out", "target:tank", ":home/pulled");
    const after = await target.sh("zfs list -H -t snapshot -o name -r tank | wc -l");
    // Root is above the limit of snapshots, as of quotas of users (zfsprops(7)).
    if (code !== 0) {
      match(run.message ?? "", /quota exceeded/);
      strictEqual(after.stdout, before.stdout);
    }
  });
});
