// What is left out by --exclude does not get in the way of what travels.

import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { replicateWell, resultsOf } from "./support/bzman.ts";
import { withFake } from "./support/faults.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { makePools } from "./support/trees.ts";

const lab = sharedLab();

Deno.test("beside an excluded dataset, which lacks the snapshot, all the rest travels in one stream, at every run", async () => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh(`zfs create tank/x; for d in a scratch scratch/below z; do
      zfs create tank/x/$d && echo $d >/tank/x/$d/file || exit; done`);
  const log = `case $1 in send) case " $* " in *' -n '*) ;; *) echo "$*" >>/run/sends ;; esac ;; esac; exec $real "$@"`;
  for (const cycle of ["first copy", "increment", "with a snapshot of its own", "nothing but a snapshot"]) {
    if (cycle === "increment") await source.sh("date >>/tank/x/a/file; date >>/tank/x/scratch/file");
    if (cycle === "with a snapshot of its own") await source.sh("zfs snapshot tank/x/scratch@own");
    await source.sh("rm -f /run/sends");
    const { run, stderr } = await withFake(
      source,
      "zfs",
      log,
      () => replicateWell(source, "--exclude", "scratch", "tank/x", "target"),
    );
    deepStrictEqual(resultsOf(run), { "tank/x": "ok", "tank/x/a": "ok", "tank/x/z": "ok" });
    strictEqual(/trying again|did not arrive/.test(stderr), false, stderr);
    strictEqual((await source.sh("grep -c . /run/sends")).stdout, "1\n", cycle);
  }
  strictEqual((await target.sh("zfs list -H -r -o name tank/x")).stdout, "tank/x\ntank/x/a\ntank/x/z\n");
});
