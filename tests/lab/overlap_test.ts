// Two runs whose trees overlap on the target do not meet, whoever runs them: the second ends with 4, the first ends well.

import { match, strictEqual } from "node:assert/strict";
import { replicate, replicateWell } from "./support/bzman.ts";
import { awaitProcess } from "./support/faults.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, makePools } from "./support/trees.ts";

const lab = sharedLab();

Deno.test("tank runs to the target: tank/home, by the same user and by another, ends with 4", async () => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh(`zfs create tank/home && zfs create tank/other
    dd if=/dev/urandom of=/tank/home/random bs=1M count=16 status=none
    zfs snapshot -r tank@one
    id alice 2>/dev/null || useradd -m alice
    zfs allow -u alice send,hold,release,snapshot,bookmark,destroy,mount tank
    install -d -m 700 -o alice -g alice /home/alice/.ssh
    cp -r /root/.ssh/. /home/alice/.ssh/ && chown -R alice: /home/alice/.ssh`);
  await source.sh("zfs snapshot -r tank@zero");
  const first = replicate(source, "--no-snapshot", "--bwlimit", "200k", "--mbuffer", "1M", "tank", "target");
  await awaitProcess(target, "^zfs receive");
  await target.sh("sleep 2");

  const same = await replicate(source, "--no-snapshot", "tank/home", "target:tank/home");
  strictEqual(`${same.code} ${same.run.result}`, "4 locked");
  match(same.run.message ?? "", /tank\/home, or to a dataset above or below it/);

  const command = "bzman replicate --no-snapshot --json tank/home root@target:tank/home";
  const other = await source.sh(`runuser -u alice -- ${command}; echo "status $?"`);
  match(other.stdout, /status 4\n$/);

  const { code, run } = await first;
  strictEqual(`${code} ${run.result}`, "0 ok");
  strictEqual(run.datasets.some(({ result }) => result === "failed"), false);
  await assertCopied({ host: source, top: "tank/home" }, { host: target, top: "tank/home" });
  // Once it has ended, the part goes by itself.
  await replicateWell(source, "--no-snapshot", "tank/home", "target:tank/home");
});
