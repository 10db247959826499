// A pull of more datasets than one remote command can name, with one of them left out.

import { strictEqual } from "node:assert/strict";
import { replicateWell } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";

const lab = sharedLab();

/** So many names of 210 bytes are longer together than a word of a command may be. */
const count = 460;

Deno.test("a pull of many datasets without one of them has one snapshot of one moment", async () => {
  const { source, target } = lab;
  await Promise.all([source.makePool("home"), target.makePool("tank")]);
  await target.sh(
    `p=tank/${"x".repeat(202)}
    zfs create -o mountpoint=none tank/out
    i=0; while [ $i -lt ${count} ]; do zfs create -o mountpoint=none $p$i; i=$((i + 1)); done`,
    { timeoutMs: 600_000 },
  );
  await replicateWell(source, "--exclude=out", "target:tank", ":home/t");
  const { stdout } = await target.sh("zfs list -H -p -r -t snapshot -o name,createtxg,bzman:prefix tank");
  const rows = stdout.trim().split("\n").map((line) => line.split("\t"));
  strictEqual(rows.length, count + 1);
  strictEqual(new Set(rows.map(([, txg]) => txg)).size, 1);
  strictEqual(new Set(rows.map(([name = ""]) => name.split("@")[1])).size, 1);
  strictEqual(rows.every(([name = "", , prefix]) => prefix === "incremental" && !name.startsWith("tank/out")), true);
  const copies = await source.sh("zfs list -H -r -t snapshot -o name home/t | wc -l");
  strictEqual(copies.stdout.trim(), String(count + 1));
});
