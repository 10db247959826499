// Datasets that come and go while a run goes on, and clones whose names stand in the reverse order of their making.

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { replicate, replicateWell } from "./support/bzman.ts";
import { awaitProcess } from "./support/faults.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, assertNewestCopied, makePools } from "./support/trees.ts";

const lab = sharedLab();

Deno.test("datasets and snapshots come and go during runs: what stays is copied, and a quiet run makes all equal", async () => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh(`zfs create tank/g; for i in 1 2 3 4; do zfs create tank/g/stays$i
      dd if=/dev/urandom of=/tank/g/stays$i/random bs=1M count=1 status=none; done`);
  const bustle = source.sh(
    `n=0; while [ ! -e /run/quiet ]; do n=$((n + 1))
      zfs create tank/g/brief$n && echo $n >/tank/g/brief$n/file && zfs snapshot -r tank/g@tick$n
      zfs clone tank/g/stays1@tick$n tank/g/clone$n; zfs rename tank/g/clone$n tank/g/moved$n
      sleep 0.3
      zfs destroy -r tank/g/brief$n; zfs destroy tank/g/moved$n; [ $((n % 2)) = 0 ] || zfs destroy -r tank/g@tick$n
    done 2>/dev/null; rm /run/quiet; echo $n`,
    { timeoutMs: 600_000, check: false },
  );
  try {
    for (let i = 0; i < 4; i++) {
      const { code, run } = await replicate(source, "--bwlimit", "2M", "--retries", "1", "tank/g", "target");
      ok([0, 1].includes(code), `${code}: ${run.message}`);
      for (const name of ["stays1", "stays2", "stays3", "stays4"]) {
        const { result, message } = run.datasets.find(({ dataset }) => dataset === `tank/g/${name}`)!;
        strictEqual(result, "ok", `${name}: ${message}`);
      }
    }
  } finally {
    await source.sh(": >/run/quiet");
  }
  ok(Number((await bustle).stdout) > 3, "nothing came or went");
  await replicateWell(source, "tank/g", "target");
  await assertNewestCopied({ host: source, top: "tank/g" }, { host: target, top: "tank/g" });
});

Deno.test("a chain of clones in reverse order arrives as a chain, also when it was cut", async () => {
  const { source, target } = lab;
  await makePools(lab);
  // The origin is called z; each clone of the last one stands before it in every listing.
  await source.sh(`zfs create tank/k && zfs create tank/k/z
    dd if=/dev/urandom of=/tank/k/z/random bs=1M count=3 status=none; last=z
    for name in y m c a; do
      zfs snapshot tank/k/$last@for-$name && zfs clone tank/k/$last@for-$name tank/k/$name
      dd if=/dev/urandom of=/tank/k/$name/$name bs=1M count=1 status=none; last=$name
    done`);
  const [from, to] = [{ host: source, top: "tank/k" }, { host: target, top: "tank/k" }] as const;
  const running = source.sh("bzman replicate --quiet --bwlimit 1M --retries 0 tank/k target; true", {
    timeoutMs: 300_000,
  });
  await awaitProcess(source, "^([^ ]*/)?mbuffer ", { passedBytes: 4 * 2 ** 20 });
  await source.sh("pkill -9 -o -f '^[^ ]*zfs send '; true");
  await running;
  await replicateWell(source, "tank/k", "target");
  await assertCopied(from, to);
  const origins = async (host: typeof source) =>
    (await host.sh("zfs list -H -r -o name,origin tank/k")).stdout.trimEnd().split("\n");
  deepStrictEqual(await origins(target), await origins(source));
  const { run } = await replicateWell(source, "tank/k", "target");
  ok(run.bytes < 2 ** 20, `${run.bytes} bytes: a clone was sent whole`);
});
