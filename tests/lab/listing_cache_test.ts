// The target's snapshots are listed once and then remembered; whatever others do to them is noticed all the same.

import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { replicate, replicateWell } from "./support/bzman.ts";
import { withFake } from "./support/faults.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertUntouched, makePools, relativeGuids } from "./support/trees.ts";

const lab = sharedLab();

const job = ["--debug", "tank/s", "target:tank/copy"];

/** How the target's snapshots were listed in a run: all of them, those of how many datasets, or none. */
function listed(stderr: string): "all" | number {
  if (/zfs list .*snapshot,bookmark\S* -r .*tank\/copy$/m.test(stderr)) return "all";
  const named = /zfs list .*-t snapshot -d 1 -o \S+ (.*)$/m.exec(stderr)?.[1];
  return named === undefined ? 0 : named.split(" ").length;
}

/** Replicates well, and checks that the copy has what the source has. */
async function cycle(): Promise<"all" | number> {
  const { stderr } = await replicateWell(lab.source, ...job);
  deepStrictEqual(await relativeGuids(lab.target, "tank/copy"), await relativeGuids(lab.source, "tank/s"));
  return listed(stderr);
}

Deno.test("what the target has is remembered, and asked again where it changed", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh("zfs create -p tank/s/a && zfs create tank/s/b && zfs snapshot -r tank/s@old");

  await t.step("it is listed until a run has seen how every snapshot came", async () => {
    await cycle();
    strictEqual(await cycle(), "all", "a first copy of two snapshots");
    strictEqual(await cycle(), 0);
    strictEqual((await replicateWell(source, "--no-snapshot", ...job)).run.snapshots, 0);
    strictEqual(await cycle(), 0, "a run with nothing to send");
  });

  await t.step("a snapshot that somebody destroyed, and one that was renamed, are noticed", async () => {
    for (const [host, top] of [[source, "tank/s"], [target, "tank/copy"]] as const) {
      await host.sh(`zfs destroy ${top}/a@old && zfs rename ${top}/b@old @older`);
    }
    strictEqual(await cycle(), 2);
    strictEqual(await cycle(), 0);
  });

  await t.step("a snapshot of somebody's own is refused as ever, and listed anew", async () => {
    await target.sh("zfs snapshot tank/copy@mine");
    const { code, stderr } = await assertUntouched(target, "tank/copy", () => replicate(source, ...job));
    strictEqual(code, 3);
    match(stderr, /1 snapshot \(mine\)/);
    strictEqual(listed(stderr), "all", "nothing is refused from memory");
    await target.sh("zfs destroy tank/copy@mine");
    await cycle();
    strictEqual(await cycle(), 0);
  });

  await t.step("one that comes after the look at the target is found out, and the plan made anew", async () => {
    const alone = ["--debug", "tank/lone", "target:tank/single"];
    await source.sh("zfs create tank/lone");
    for (let n = 0; n < 2; n++) await replicateWell(source, ...alone);
    const script = `case " $* " in *" receive -s "*)
        $real list tank/single@own >/dev/null 2>&1 || {
          $real set readonly=off tank/single; $real mount tank/single; echo own >/tank/single/own
          $real unmount tank/single; $real snapshot tank/single@own; } ;;
      esac
      exec $real "$@"`;
    const { code, run, stderr } = await withFake(target, "zfs", script, () => replicate(source, ...alone));
    strictEqual(code, 1, stderr);
    strictEqual(run.errorClass, "diverged", stderr);
    match(stderr, /retrying in/);
    match(stderr, /1 snapshot \(own\)/);
    match((await target.sh("zfs list -H -o name -t snapshot -r tank/single")).stdout, /@own/);
  });
});
