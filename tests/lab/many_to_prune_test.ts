// Five thousand snapshots with names of 120 characters go in one run, on both sides; one that is held and one with a clone stay.

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { loggedRuns, replicateWell } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied } from "./support/trees.ts";

const lab = sharedLab();

const datasets = 10;
const each = 500;
/** The longest that bzman takes. */
const prefix = "p".repeat(64);
/** A dataset whose snapshots have names of 120 characters. */
const below = (i: number | string): string => `tank/p/fs${i}${"x".repeat(120 - "tank/p/fs1".length - 1 - 64 - 21)}`;
const patiently = { timeoutMs: 900_000 };

Deno.test("5,000 snapshots with long names are pruned on both sides, all but a held and a cloned one", async () => {
  const { source, target } = lab;
  await source.makePool("tank", { disk: "file", sizeMiB: 1024 });
  // As bzman makes them: by name and by property. Of each minute one.
  await source.sh(
    `zfs create -u tank/p && for i in 1 2 3 4 5 6 7 8 9; do zfs create -u ${below("${i}")} || exit; done
    for n in $(seq 0 ${each - 1}); do
      name=$(date -u -d "2020-01-01 00:00:00Z +$n minutes" +${prefix}-%Y-%m-%dT%H:%M:%SZ)
      zfs snapshot -r -o bzman:prefix=${prefix} "tank/p@$name" || exit
    done`,
    patiently,
  );
  // A copy of the disk has the same GUIDs, at once.
  await source.sh(
    `zpool export tank && tar -C /pools -cSf - tank | ssh -c aes128-gcm@openssh.com target 'tar -C /pools -xSf -' &&
      zpool import -N -d /pools tank`,
    patiently,
  );
  await target.sh("zpool import -N -d /pools tank && zpool reguid tank && zfs set readonly=on tank", patiently);
  strictEqual((await source.guids("tank")).size, datasets * each);
  const [held, cloned] = [`${prefix}-2020-01-01T01:00:00Z`, `${prefix}-2020-01-01T02:00:00Z`];
  strictEqual(`${below(3)}@${held}`.length, 120);
  for (const host of [source, target]) {
    await host.sh(`zfs hold mine ${below(3)}@${held} && zfs clone -o mountpoint=none ${below(5)}@${cloned} tank/clone`);
  }

  const { run } = await replicateWell(source, "--prefix", prefix, "--keep", "none", "tank/p", "target");
  const prune = run.phases.find(({ phase }) => phase === "prune")?.elapsedMs ?? 0;
  const whole = run.phases.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0);
  console.log(`pruned in ${(prune / 1000).toFixed(1)} s of ${(whole / 1000).toFixed(1)} s`);
  const newest = run.datasets[0]?.to ?? "";
  for (const host of [source, target]) {
    const left = [...(await host.guids("tank/p")).keys()].filter((name) => !name.endsWith(`@${newest}`));
    deepStrictEqual(left.sort(), [`${below(3)}@${held}`, `${below(5)}@${cloned}`], host.name);
  }
  await assertCopied({ host: source, top: "tank/p" }, { host: target, top: "tank/p" });
  ok((await loggedRuns(source)).every(({ result }) => result === "ok"));
});
