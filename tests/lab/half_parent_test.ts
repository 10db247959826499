// New datasets below one another, and a target that is at its quota: what is left there is gone on with once there is room.

import { match, strictEqual } from "node:assert/strict";
import { replicate, replicateWell, resultsOf } from "./support/bzman.ts";
import { awaitProcess } from "./support/faults.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, makePools } from "./support/trees.ts";

const lab = sharedLab();

Deno.test("a new parent that is cut by a quota: its children wait for it, and all is whole when there is room", async () => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh("zfs create -p tank/t/k");
  await replicateWell(source, "tank/t", "target");
  await source.sh(`zfs create -p tank/t/k/new/child && echo text >/tank/t/k/new/file
    dd if=/dev/urandom of=/tank/t/k/random bs=1M count=2 status=none`);
  const running = replicate(source, "--retries", "1", "--bwlimit", "1M", "tank/t", "target");
  await awaitProcess(source, "^[^ ]*zfs send ");
  await target.sh("zfs set quota=$(zfs get -H -p -o value used tank) tank");
  const { code, run } = await running;
  strictEqual(code, 1);
  match(resultsOf(run)["tank/t/k/new/child"] ?? "", /parent-missing/);
  await target.sh("zfs set quota=none tank");
  await replicateWell(source, "tank/t", "target");
  await assertCopied({ host: source, top: "tank/t" }, { host: target, top: "tank/t" });
});
