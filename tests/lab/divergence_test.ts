// A target that has diverged: refused and left alone by default; what each policy does is what it says.

import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { bzman, replicate, replicateWell, resultsOf } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, assertUntouched, copyByHand, makePools, relativeGuids } from "./support/trees.ts";

const lab = sharedLab();

/** Writes a file into a filesystem of the target that is not mounted. */
const write = (dataset: string, text: string) =>
  `zfs mount ${dataset} && echo ${text} >/${dataset}/file && zfs unmount ${dataset} && zpool sync`;

Deno.test("a diverged target is refused, rolled back or set aside", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh(
    `zfs create -p tank/d && for c in back snapped well written written/below; do zfs create tank/d/$c; done
    for n in one two; do for f in /tank/d /tank/d/*; do echo $n >$f/$n; done; zfs snapshot -r tank/d@$n; done`,
  );
  await copyByHand(lab, "tank/d@two", "tank/d");
  const trees = [{ host: source, top: "tank/d" }, { host: target, top: "tank/d" }] as const;
  await Promise.all([
    source.sh("echo next >/tank/d/snapped/next && zfs snapshot tank/d/snapped@next"),
    target.sh(
      `zfs rollback -r tank/d/back@one && zfs snapshot tank/d/snapped@next && ${write("tank/d/written", "own")}`,
    ),
  ]);

  await t.step("in some datasets: those are left alone, the others proceed", async () => {
    const before = await source.guids("tank/d/snapped");
    const { code, run } = await assertUntouched(
      target,
      "tank/d/written",
      () => assertUntouched(target, "tank/d/snapped", () => replicate(source, "tank/d", "target")),
      // The dataset below it proceeds.
      0,
    );
    strictEqual(code, 1);
    strictEqual(run.result, "partial");
    deepStrictEqual(resultsOf(run), {
      "tank/d": "ok",
      "tank/d/back": "ok",
      "tank/d/snapped": "refused diverged",
      "tank/d/well": "ok",
      "tank/d/written": "refused diverged",
      "tank/d/written/below": "ok",
    });
    const messages = Object.fromEntries(run.datasets.map(({ dataset, message }) => [dataset, message ?? ""]));
    // Both sides are named: what they have in common, where each ends.
    match(
      messages["tank/d/snapped"] ?? "",
      /common snapshot two .* 1 snapshot \(next\) .* source ends at incremental-/,
    );
    match(messages["tank/d/written"] ?? "", /common snapshot two .* written .* source ends at incremental-/);
    match(
      run.advice ?? "",
      / aside and copy anew: bzman replicate .* --on-divergence keep-both\ndiscard that .*: bzman replicate .* --on-divergence rollback/,
    );
    for (const child of ["back", "well", "written/below"]) {
      deepStrictEqual(await relativeGuids(target, `tank/d/${child}`), await relativeGuids(source, `tank/d/${child}`));
    }
    strictEqual((await source.guids("tank/d/snapped")).get("tank/d/snapped@next"), before.get("tank/d/snapped@next"));
  });

  await t.step("at the top: nothing is touched on either side", async () => {
    await target.sh("zfs snapshot tank/d@mine");
    const { code, run, stderr } = await assertUntouched(
      source,
      "tank/d",
      () => assertUntouched(target, "tank/d", () => replicate(source, "tank/d", "target")),
    );
    strictEqual(code, 3);
    strictEqual(run.result, "refused");
    match(stderr, /refused, nothing was changed/);
    match(stderr, /mine/);
  });

  await t.step("rolled back: a dry run says what would go, a run lets it go", async () => {
    const policy = ["--on-divergence", "rollback", "tank/d", "target"];
    const dry = await assertUntouched(target, "tank/d", () => bzman(source, ["replicate", "--dry-run", ...policy]));
    strictEqual(dry.code, 0);
    match(dry.stdout, /^would roll tank\/d back to @incremental-\S+, discarding 1 snapshot/m);
    match(dry.stdout, /^would roll tank\/d\/written back to @two, discarding .* written$/m);
    const { stderr } = await replicateWell(source, ...policy);
    match(stderr, /roll tank\/d\/snapped back to @two, discarding 1 snapshot/);
    await assertCopied(...trees);
  });

  await t.step("set aside: the old dataset and what lies below stay whole, the new one is a copy", async () => {
    await target.sh(`zfs set readonly=off tank/d/written && ${write("tank/d/written", "again")}`);
    const old = await relativeGuids(target, "tank/d/written");
    const { stderr } = await replicateWell(source, "--on-divergence", "keep-both", "tank/d", "target");
    const aside = / set tank\/d\/written aside as (tank\/d\/written-\S+)$/m.exec(stderr)?.[1] ?? "";
    deepStrictEqual(await relativeGuids(target, aside), old);
    strictEqual((await target.sh(`zfs mount ${aside} && cat /${aside}/file`)).stdout, "again\n");
    for (const top of ["tank/d/written", "tank/d/well"]) {
      await assertCopied({ host: source, top }, { host: target, top });
    }
  });
});
