// A cycle of many filesystems with many snapshots: within the budget, memory bounded. With BZMAN_LAB_LARGE=yes make test LAB=large_tree
// there are 200 × 50, which takes more than two hours on emulated hosts; else a tenth of them, and time is not judged.

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { LabHost } from "../../lab/lab.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { relativeGuids } from "./support/trees.ts";

const isWhole = Deno.env.get("BZMAN_LAB_LARGE") !== undefined;
const [filesystems, snapshots] = isWhole ? [200, 50] : [20, 10];
const lab = sharedLab();

const patiently = { timeoutMs: 3_600_000 };

Deno.test(`a cycle of ${filesystems} filesystems with ${snapshots} snapshots each`, async () => {
  const { source, target } = lab;
  await source.makePool("tank", { disk: "file", sizeMiB: 1024 });
  await source.sh(
    `zfs create -u tank/tree && for i in $(seq -w 1 ${filesystems}); do zfs create -u tank/tree/fs$i || exit; done
    for s in $(seq 1 ${snapshots}); do zfs snapshot -r tank/tree@s$s || exit; done`,
    patiently,
  );
  // Ten thousand snapshots take hours to be received one by one on an emulated host. A copy of the disk has the same GUIDs.
  await source.sh(
    `zpool export tank && tar -C /pools -cSf - tank | ssh -c aes128-gcm@openssh.com target 'tar -C /pools -xSf -' &&
      zpool import -N -d /pools tank`,
    patiently,
  );
  await target.sh("zpool import -N -d /pools tank && zpool reguid tank && zfs set readonly=on tank", patiently);

  // The source of a user is mounted. The first run adopts the copy and learns what it has.
  await source.sh("zfs mount -a");
  const learn = await timed(source, "bzman replicate --quiet --no-snapshot tank/tree target");

  // Two cycles of the same tree, by the pipe and by bzman, which goes on from what the pipe brought.
  const ssh = "ssh -c aes128-gcm@openssh.com target zfs receive -s -u tank/tree";
  const raw = await timed(
    source,
    `zfs snapshot -r tank/tree@c && zfs send -R -L -c -I @s${snapshots} tank/tree@c | ${ssh}`,
  );
  const own = await timed(
    source,
    `bzman replicate --quiet tank/tree target & pid=$!
    while kill -0 $pid 2>/dev/null; do grep VmHWM /proc/$pid/status >/run/peak.new && mv /run/peak.new /run/peak
      sleep 0.5; done; wait $pid`,
  );
  const peak = Number(/\d+/.exec((await source.sh("cat /run/peak")).stdout)?.[0]) / 1024;
  console.log(
    `first look ${learn.toFixed(1)} s, raw ${raw.toFixed(1)} s, bzman ${own.toFixed(1)} s, ${peak.toFixed(0)} MiB`,
  );
  ok(peak < 500, `${peak} MiB`);
  // Small trees are dominated by what a run costs anyway.
  ok(!isWhole || own <= 1.2 * raw, `a cycle took ${(own / raw).toFixed(2)} times as long as the raw pipe`);
  const copied = await relativeGuids(target, "tank/tree");
  strictEqual(copied.size, (filesystems + 1) * (snapshots + 2));
  deepStrictEqual(copied, await relativeGuids(source, "tank/tree"));
});

/** Seconds that a script takes, by the host's own clock. */
async function timed(host: LabHost, script: string): Promise<number> {
  const { stdout } = await host.sh(
    `begin=$(date +%s%N); { ${script}
    } >/tmp/large.log 2>&1 </dev/null || { cat /tmp/large.log >&2; exit 1; }
    echo $((($(date +%s%N) - begin) / 1000000))`,
    patiently,
  );
  return Number(stdout) / 1000;
}
