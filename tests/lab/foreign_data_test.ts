// A target with data that bzman did not put there, and snapshots that only share a name: never overwritten, never a base.

import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { replicate, replicateWell, resultsOf } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, assertUntouched, copyByHand, fingerprint, makePools } from "./support/trees.ts";

const lab = sharedLab();

Deno.test("foreign data below the top is refused and kept, empty datasets are filled", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh(`zfs create -p tank/f && zfs snapshot tank/f@base
    for c in blank children files snapshots namesakes taken mismatched; do
      zfs create tank/f/$c && echo $c >/tank/f/$c/file
    done
    zfs create -V 1M tank/f/volume
    zfs snapshot tank/f/namesakes@a && zfs snapshot tank/f/namesakes@b && zfs snapshot tank/f/taken@a`);
  await copyByHand(lab, "tank/f@base", "tank/f");
  await copyByHand(lab, "tank/f/taken@a", "tank/f/taken");
  // Between two versions of bzman's the target gets a snapshot whose name the source takes later.
  await source.sh("zfs snapshot tank/f/taken@b");
  await target.sh("zfs snapshot tank/f/taken@c");
  await source.sh(
    `zfs send -i @a tank/f/taken@b | ssh target zfs receive -u tank/f/taken && zfs snapshot tank/f/taken@c`,
  );
  await target.sh(
    `for c in blank children children/child files snapshots namesakes volume; do zfs create tank/f/$c; done
    zfs create -V 1M tank/f/mismatched
    : >/tank/f/files/empty-file
    echo own >/tank/f/children/child/file; echo own >/tank/f/snapshots/file; echo own >/tank/f/namesakes/file
    zfs snapshot tank/f/snapshots@own && zfs snapshot tank/f/namesakes@a && zfs snapshot tank/f/namesakes@b
    zpool sync`,
  );
  const foreign = ["children", "files", "mismatched", "namesakes", "snapshots", "taken", "volume"];
  const look = async () => {
    const looks: string[] = [];
    for (const name of foreign) looks.push(await fingerprint(target, `tank/f/${name}`));
    return looks;
  };
  const before = await look();

  await t.step("by default", async () => {
    const { code, run } = await replicate(source, "tank/f", "target");
    strictEqual(code, 1);
    deepStrictEqual(resultsOf(run), {
      "tank/f": "ok",
      "tank/f/blank": "ok",
      "tank/f/children": "refused foreign-data",
      "tank/f/files": "refused foreign-data",
      "tank/f/mismatched": "refused type-mismatch",
      "tank/f/namesakes": "refused foreign-data",
      "tank/f/snapshots": "refused foreign-data",
      "tank/f/taken": "refused name-taken",
      "tank/f/volume": "refused type-mismatch",
    });
    const messages = Object.fromEntries(run.datasets.map(({ dataset, message }) => [dataset, message ?? ""]));
    match(messages["tank/f/namesakes"] ?? "", /no version in common: source ends at incremental-.*target at b/);
    match(messages["tank/f/taken"] ?? "", /same name: c/);
    match(messages["tank/f/volume"] ?? "", /tank\/f\/volume is a volume, tank\/f\/volume a filesystem/);
    deepStrictEqual(await look(), before);
    await assertCopied({ host: source, top: "tank/f/blank" }, { host: target, top: "tank/f/blank" });
  });

  await t.step("kept aside when asked for", async () => {
    await target.sh("zfs rename tank/f/taken@c @c-other");
    const { stderr } = await replicateWell(source, "--on-foreign", "keep-both", "tank/f", "target");
    const aside = new Map(
      [...stderr.matchAll(/ set (\S+) aside as (\S+)$/gm)].map(([, from = "", to = ""]) => [from, to]),
    );
    deepStrictEqual(
      [...aside.keys()].sort(),
      foreign.filter((name) => name !== "taken").map((name) => `tank/f/${name}`),
    );
    // Each has a copy now, and its old self beside it.
    for (const name of aside.keys()) {
      await assertCopied({ host: source, top: name }, { host: target, top: name });
    }
    const child = aside.get("tank/f/children");
    // What was mounted stays mounted, where it was.
    const place = `awk '$1 == "${child}/child" { print $2 }' /proc/mounts`;
    strictEqual((await target.sh(`cat "$(${place})/file"`)).stdout, "own\n");
  });
});

Deno.test("a pool's root that holds anything is refused as it is", async () => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh("echo data >/tank/file");
  const refused = async (what: RegExp) => {
    const { code, run } = await assertUntouched(target, "tank", () => replicate(source, "tank", "target"));
    strictEqual(code, 3);
    strictEqual(run.result, "refused");
    match(run.message ?? "", what);
    match(run.advice ?? "", /^copy to another name: bzman replicate tank target:tank\/\S/m);
    strictEqual((await source.guids("tank")).size, 0);
  };
  // An empty file changes none of the numbers that `zfs list` shows.
  await target.sh(": >/tank/empty-file && zpool sync");
  await refused(/did not come from tank/);
  await target.sh("rm /tank/empty-file && zfs create tank/other && echo data >/tank/other/file");
  await refused(/did not come from tank/);
});
