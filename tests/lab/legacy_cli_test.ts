// The original one-letter interface: an old crontab needs no edit.

import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { bzman } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, makePools } from "./support/trees.ts";

const lab = sharedLab();

Deno.test("-s, -d, -p, -b, --snapkeep and -h do what they always did", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh("zfs create tank/data && echo one >/tank/data/file");
  const trees = [{ host: source, top: "tank" }, { host: target, top: "tank" }] as const;

  await t.step("-s POOL HOST -b FOLDER --snapkeep=N", async () => {
    const { code, stdout, stderr } = await bzman(source, ["-s", "tank", "target", "-b", "/root", "--snapkeep=80"]);
    strictEqual(`${code} ${stderr}`, "0 ");
    match(stdout, /replicate source:tank → target:tank: ok, 2 of 2 datasets/);
    await assertCopied(...trees);
    strictEqual(
      (await source.sh("ls /root/bzman.db; ls /var/lib/bzman/bzman.db 2>&1; true")).stdout.split("\n")[0],
      "/root/bzman.db",
    );
  });

  await t.step("-d POOL/DATASET HOST, with the log of it", async () => {
    await source.sh("echo two >/tank/data/file");
    const { code, stdout } = await bzman(source, ["-d", "tank/data", "target", "-p", "--db=/root/bzman.db"]);
    strictEqual(code, 0);
    match(stdout, /replicate source:tank\/data → target:tank\/data: ok, 1 of 1 dataset, 1 snapshot,/);
    match(
      stdout,
      /^RUN .*\n +1 .* source:tank +target:tank .* ok\n +2 .* source:tank\/data +target:tank\/data .* ok$/m,
    );
    await assertCopied(...trees);
  });

  await t.step("--snapkeep=1 keeps one snapshot, on both sides", async () => {
    const { code } = await bzman(source, ["-b/root", "-stank", "target", "--snapkeep", "1"]);
    strictEqual(code, 0);
    const datasets = [...(await source.guids("tank")).keys()].map((name) => name.split("@")[0]);
    // That of the run with -d stays too: the next one goes on from it.
    deepStrictEqual(datasets, ["tank", "tank/data", "tank/data"]);
    const kept = [...(await target.guids("tank")).keys()].map((name) => name.split("@")[0]);
    deepStrictEqual(kept, ["tank", "tank/data"]);
  });

  await t.step("-h", async () => {
    const { code, stdout, stderr } = await bzman(source, ["-h"]);
    strictEqual(`${code} ${stderr}`, "0 ");
    match(stdout, /^Usage: bzman/m);
  });
});
