// A fresh target pool: the first full copy, then an increment, then nothing new; and all that is told about them.

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { bzman, loggedRuns, replicateWell, resultsOf } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, fillTank, makePools } from "./support/trees.ts";

const lab = sharedLab();

Deno.test("a first copy, an increment and nothing new are equal, timed and told", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  await fillTank(lab);
  const trees = [{ host: source, top: "tank" }, { host: target, top: "tank" }] as const;

  await t.step("the whole pool, into an empty one", async () => {
    const { code, stdout, stderr } = await bzman(source, ["replicate", "tank", "target"]);
    strictEqual(`${code} ${stderr}`, "0 ");
    match(stdout, /replicate source:tank → target:tank: ok, 4 of 4 datasets, 5 snapshots, \S+ MiB$/m);
    for (const phase of ["list local", "list remote", "plan", "snapshot", "send", "verify", "prune", "total"]) {
      match(stdout, new RegExp(`  ${phase} +(?:\\d+ m \\d\\d|[\\d.]+) s$`, "m"));
    }
    await assertCopied(...trees);
    strictEqual((await target.sh("grep zfs /proc/mounts; true")).stdout, "");
  });

  await t.step("what has changed, snapshots made by hand and new datasets included", async () => {
    await source.sh(`echo more >>/tank/data/child/file && rm /tank/file && zfs snapshot tank/data@by-hand
      echo x | dd of=/dev/zvol/tank/data/volume bs=4k seek=100 conv=fsync status=none
      zfs create tank/data/later && echo later >/tank/data/later/file`);
    const { run } = await replicateWell(source, "tank", "target");
    strictEqual(run.snapshots, 6);
    ok(run.bytes < 1_000_000, `${run.bytes} bytes are no increment`);
    await assertCopied(...trees);
    strictEqual((await target.sh("grep zfs /proc/mounts; true")).stdout, "");
  });

  await t.step("nothing, when nothing is new", async () => {
    const { run } = await replicateWell(source, "--no-snapshot", "tank", "target");
    deepStrictEqual(new Set(Object.values(resultsOf(run))), new Set(["up-to-date"]));
    deepStrictEqual([run.bytes, run.snapshots], [0, 0]);
  });

  await t.step("the record, the log and the syslog agree, and nobody is mailed", async () => {
    const runs = await loggedRuns(source);
    deepStrictEqual(runs.map(({ result, exitStatus, snapshots }) => [result, exitStatus, snapshots]), [
      // Four datasets, and the base by which an empty pool's root takes all below it in one stream.
      ["ok", 0, 5],
      ["ok", 0, 6],
      ["ok", 0, 0],
    ]);
    const phases = new Set(runs[0]?.phases.map(({ phase }) => phase));
    ok(new Set(["list local", "list remote", "plan", "snapshot", "send", "verify", "prune"]).isSubsetOf(phases));
    strictEqual(runs[1]?.datasets.find(({ dataset }) => dataset === "tank/data/later")?.kind, "full");
    const guids = await source.guids("tank");
    for (const { dataset, to, toGuid } of runs[1]?.datasets ?? []) strictEqual(toGuid, guids.get(`${dataset}@${to}`));

    const names = [...guids.keys()].filter((name) => name.startsWith("tank@")).map((name) => name.slice(5));
    const [head, first, second] = (await bzman(source, ["log"])).stdout.split("\n");
    match(head ?? "", /^RUN +STARTED +SOURCE +TARGET +FROM +TO +BYTES +TIME +RESULT$/);
    match(first ?? "", new RegExp(` source:tank +target:tank +- +${names[1]} +\\S+ MiB +.* s +ok$`));
    match(second ?? "", new RegExp(` source:tank +target:tank +${names[1]} +${names[2]} +\\S+ KiB +.* s +ok$`));

    const lines = await source.syslog("bzman");
    strictEqual(lines.filter((line) => line.includes("replicate source:tank → target:tank: ok")).length, 3);
    ok(lines.every((line) => !/ {2}|#012/.test(line.slice(40))), `not one tidy line each:\n${lines.join("\n")}`);
    deepStrictEqual(await source.mailbox(), []);
  });
});
