// A cycle of 200 filesystems with 50 snapshots each stays within the budget, and memory is bounded.

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { LabHost } from "../../lab/lab.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { relativeGuids } from "./support/trees.ts";

const [filesystems, snapshots] = [200, 50];
/** A cycle of bzman's may take so many times as long as the raw pipe. */
const budget = 1.2;
/** Pairs of cycles that are measured at most: whatever else the machine does makes one of them slower, never faster. */
const mostPairs = 3;

const lab = sharedLab();

const patiently = { timeoutMs: 900_000 };

Deno.test(`a cycle of ${filesystems} filesystems with ${snapshots} snapshots each`, async () => {
  const { source, target } = lab;
  await source.makePool("tank", { disk: "file", sizeMiB: 1024 });
  await source.sh(
    `zfs create -u tank/tree && for i in $(seq -w 1 ${filesystems}); do zfs create -u tank/tree/fs$i || exit; done
    for s in $(seq 1 ${snapshots}); do zfs snapshot -r tank/tree@s$s || exit; done`,
    patiently,
  );
  // Ten thousand snapshots take minutes to be received one by one. A copy of the disk has the same GUIDs at once.
  await source.sh(
    `zpool export tank && tar -C /pools -cSf - tank | ssh -c aes128-gcm@openssh.com target 'tar -C /pools -xSf -' &&
      zpool import -N -d /pools tank`,
    patiently,
  );
  await target.sh("zpool import -N -d /pools tank && zpool reguid tank && zfs set readonly=on tank", patiently);

  // The source of a user is mounted. The first run adopts the copy and learns what it has.
  await source.sh("zfs mount -a");
  const learn = await timed(source, "bzman replicate --quiet --no-snapshot tank/tree target");
  console.log(`first look ${learn.toFixed(1)} s`);

  // Each pair is two cycles of the same tree, by the pipe and by bzman, which goes on from what the pipe brought.
  let base = `s${snapshots}`;
  let best = Infinity;
  let pairs = 0;
  while (best > budget && pairs < mostPairs) {
    const next = `by-hand-${++pairs}`;
    const pipe = `zfs send -R -L -c -I @${base} tank/tree@${next}`;
    const ssh = "ssh -c aes128-gcm@openssh.com target zfs receive -s -u tank/tree";
    const raw = await timed(source, `zfs snapshot -r tank/tree@${next} && ${pipe} | ${ssh}`);
    const own = await timed(
      source,
      `bzman replicate --quiet tank/tree target & pid=$!
      while kill -0 $pid 2>/dev/null; do grep VmHWM /proc/$pid/status >/run/peak.new && mv /run/peak.new /run/peak
        sleep 0.5; done; wait $pid`,
    );
    const peak = Number(/\d+/.exec((await source.sh("cat /run/peak")).stdout)?.[0]) / 1024;
    console.log(`raw ${raw.toFixed(1)} s, bzman ${own.toFixed(1)} s, ${peak.toFixed(0)} MiB`);
    ok(peak < 250, `${peak} MiB`);
    best = Math.min(best, own / raw);
    const { stdout } = await source.sh("zfs list -H -d 1 -t snapshot -s createtxg -o name tank/tree | tail -n 1");
    base = stdout.trim().split("@")[1] ?? "";
  }
  ok(best <= budget, `a cycle took ${best.toFixed(2)} times as long as the raw pipe, at best of ${pairs}`);
  const [sent, copied] = await Promise.all([source, target].map((host) => relativeGuids(host, "tank/tree")));
  strictEqual(copied!.size, (filesystems + 1) * (snapshots + 2 * pairs));
  deepStrictEqual(copied, sent);
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
