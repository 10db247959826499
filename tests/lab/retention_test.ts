// Retention that is told to keep nothing keeps what the chain needs, and what is not bzman's.

import { deepStrictEqual, match, ok } from "node:assert/strict";
import { awaitDevice } from "../../lab/lab.ts";
import { bzman, replicateWell } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertNewestCopied, makePools } from "./support/trees.ts";

const lab = sharedLab();

Deno.test("--keep none: the last common snapshot of every job stays, and held, cloned and foreign ones too", async () => {
  const { source, target } = lab;
  await makePools(lab);
  await source.makePool("other", { disk: "file" });
  await source.sh("zfs create tank/s && zfs create tank/s/child && zfs create -V 4M tank/s/volume");
  await source.sh(awaitDevice("tank/s/volume"));
  /** Takes a snapshot by a run, and says its name. */
  const run = async (...args: string[]) => {
    await source.sh(
      "date >>/tank/s/file; date >>/tank/s/child/file; dd if=/dev/urandom of=/dev/zvol/tank/s/volume" +
        " bs=64k count=1 conv=fsync status=none",
    );
    const { run } = await replicateWell(source, ...args);
    const name = run.datasets[0]?.to ?? "";
    match(name, /^incremental-/);
    return name;
  };
  const held = await run("tank/s", "target");
  // Named as bzman's, but not made by it.
  await source.sh(`zfs snapshot -r tank/s@mine && zfs snapshot tank/s@incremental-before-upgrade
    zfs snapshot tank/s@incremental-2020-01-01T00:00:00Z`);
  const cloned = await run("tank/s", "target");
  const elsewhere = await run("tank/s", ":other/s");
  const spent = await run("tank/s", "target");
  await Promise.all([
    source.sh(`zfs hold -r mine tank/s@${held}; zfs clone tank/s/child@${cloned} tank/clone`),
    target.sh(`zfs hold -r mine tank/s@${held}; zfs clone tank/s/child@${cloned} tank/clone`),
  ]);

  const last = await run("--keep", "none", "tank/s", "target");
  const foreign = ["mine", "incremental-before-upgrade", "incremental-2020-01-01T00:00:00Z"];
  const left = async (host: typeof source, dataset: string) =>
    [...(await host.guids(dataset)).keys()].filter((name) => name.startsWith(`${dataset}@`))
      .map((name) => name.split("@")[1] ?? "").sort();
  deepStrictEqual(await left(source, "tank/s"), [held, ...foreign, elsewhere, last].sort());
  deepStrictEqual(await left(target, "tank/s"), [held, ...foreign, last].sort());
  deepStrictEqual(await left(source, "tank/s/child"), [held, "mine", cloned, elsewhere, last].sort());
  deepStrictEqual(await left(target, "tank/s/child"), [held, "mine", cloned, last].sort());
  deepStrictEqual(await left(source, "tank/s/volume"), [held, "mine", elsewhere, last].sort());
  deepStrictEqual(await left(target, "tank/s/volume"), [held, "mine", last].sort());
  ok(![held, cloned, elsewhere, last].includes(spent));

  // Neither chain was cut.
  for (const [to, host, top] of [["target", target, "tank/s"], [":other/s", source, "other/s"]] as const) {
    const { run } = await replicateWell(source, "--keep", "none", "tank/s", to);
    deepStrictEqual(new Set(run.datasets.map(({ from }) => from !== null)), new Set([true]));
    ok(run.bytes < 2 ** 20, `${run.bytes} bytes are no increment`);
    await assertNewestCopied({ host: source, top: "tank/s" }, { host, top });
  }

  // What others made stays on the target when the source lets go of it, is counted, and follows the source on request alone.
  await target.sh("zfs hold mine tank/s@incremental-before-upgrade");
  await source.sh("zfs destroy tank/s@mine; zfs destroy tank/s@incremental-before-upgrade");
  const kept = await replicateWell(source, "--no-snapshot", "tank/s", "target");
  deepStrictEqual(kept.run.foreignSnapshots, 2);
  ok((await left(target, "tank/s")).includes("mine"));
  match(
    (await bzman(source, ["status", "tank/s>target"])).stdout,
    /keeps 2 foreign snapshots that the source has deleted\n +destroy them: (bzman .* --foreign-snapshots follow-source)\n/,
  );
  const followed = await replicateWell(
    source,
    "--foreign-snapshots",
    "follow-source",
    "--no-snapshot",
    "tank/s",
    "target",
  );
  deepStrictEqual(followed.run.foreignSnapshots, 1);
  const names = await left(target, "tank/s");
  deepStrictEqual(["mine", "incremental-before-upgrade"].map((name) => names.includes(name)), [false, true]);
  ok((await left(target, "tank/s/child")).includes("mine"));
});
