// Datasets that come, go and change their names between two runs.

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { replicate, replicateWell, resultsOf } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, assertNewestCopied, assertUntouched, makePools, relativeGuids } from "./support/trees.ts";

const lab = sharedLab();

Deno.test("children are created, destroyed, renamed, cloned and promoted between runs", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  const top = "tank/t";
  const trees = [{ host: source, top }, { host: target, top }] as const;
  await source.sh(`zfs create tank/t; for d in a b b/below gone re; do
      zfs create tank/t/$d && dd if=/dev/urandom of=/tank/t/$d/random bs=1M count=1 status=none
    done; zfs create -V 4M tank/t/volume; zfs snapshot -r tank/t@base`);
  await replicateWell(source, top, "target");

  await t.step("created, destroyed, renamed with what lies below, cloned", async () => {
    const old = await relativeGuids(target, "tank/t/gone");
    await source.sh(`zfs create tank/t/new && echo new >/tank/t/new/file
      zfs destroy -r tank/t/gone
      zfs rename tank/t/b tank/t/renamed && echo more >/tank/t/renamed/below/more
      zfs rename tank/t/volume tank/t/new/volume
      zfs snapshot tank/t/a@origin && zfs clone tank/t/a@origin tank/t/clone && echo clone >/tank/t/clone/file`);
    const { run } = await replicateWell(source, top, "target");
    ok(run.bytes < 2 ** 20, `${run.bytes} bytes: something was sent again`);
    deepStrictEqual(await relativeGuids(target, "tank/t/gone"), old, "what the source destroyed is kept");
    deepStrictEqual(run.datasets.filter(({ result }) => result === "vanished").map(({ dataset }) => dataset), [
      "tank/t/gone",
    ]);
    await target.sh("zfs rename tank/t/gone tank/gone");
    await assertCopied(...trees);
    strictEqual((await target.sh("zfs get -H -o value origin tank/t/clone")).stdout, "tank/t/a@origin\n");
  });

  await t.step("renamed, and its name taken again at once", async () => {
    const old = await relativeGuids(target, "tank/t/re");
    await source.sh("zfs rename tank/t/re tank/t/re-old && zfs create tank/t/re && echo another >/tank/t/re/file");
    const { run } = await replicateWell(source, top, "target");
    ok(run.bytes < 2 ** 20, `${run.bytes} bytes: something was sent again`);
    const moved = await relativeGuids(target, "tank/t/re-old");
    for (const [name, guid] of old) strictEqual(moved.get(name), guid, "the copy moved with the name");
    await assertCopied(...trees);
  });

  await t.step("two exchange their names, with what lies below; also when a run was killed half-way", async () => {
    const swap = `zfs rename tank/t/re-old tank/t/between && zfs rename tank/t/renamed tank/t/re-old
      zfs rename tank/t/between tank/t/renamed`;
    for (const killed of [false, true]) {
      await source.sh(swap);
      if (killed) await target.sh("zfs rename -u tank/t/renamed tank/t/renamed-moving-20261121T000000Z");
      const { run } = await replicateWell(source, top, "target");
      ok(run.bytes < 2 ** 20, `${run.bytes} bytes: something was sent again`);
      await assertCopied(...trees);
    }
    const { stdout } = await target.sh("zfs list -H -r -o name tank/t");
    ok(!stdout.includes("-moving-"), stdout);
  });

  await t.step("promoted; and one destroyed whose name then is another's", async () => {
    await source.sh(`zfs promote tank/t/clone && echo again >/tank/t/clone/again && echo again >/tank/t/a/again
      zfs destroy -r tank/t/re && zfs create tank/t/re && echo other >/tank/t/re/file`);
    const { code, run } = await assertUntouched(target, "tank/t/re", () => replicate(source, top, "target"));
    strictEqual(code, 1);
    deepStrictEqual(Object.entries(resultsOf(run)).filter(([, result]) => result !== "ok"), [
      ["tank/t/re", "refused foreign-data"],
    ]);
    match(run.advice ?? "", /--on-foreign keep-both/);
    for (const name of ["a", "clone", "renamed", "new"]) {
      await assertNewestCopied({ host: source, top: `${top}/${name}` }, { host: target, top: `${top}/${name}` });
    }
  });

  await t.step("both are kept when told to, and what was promoted outlives its origin", async () => {
    await source.sh("zfs destroy -r tank/t/a && echo last >/tank/t/clone/last");
    const { run } = await replicateWell(source, "--on-foreign", "keep-both", top, "target");
    ok(run.bytes < 2 ** 20);
    await assertNewestCopied(...trees);
    const { stdout } = await target.sh("zfs list -H -r -t filesystem -o name tank/t");
    match(stdout, /^tank\/t\/re-kept-\S+$/m);
    match(stdout, /^tank\/t\/a$/m);
  });
});
