// A clone that is promoted on the source is promoted on the target before anything is sent: alone, in a chain, beside other
// clones, encrypted, and back again. Where that would touch what others put there it is not, and it is told what depends on what.

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { LabHost } from "../../lab/lab.ts";
import { bzman, replicate, replicateWell, resultsOf } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, makePools, relativeGuids } from "./support/trees.ts";

const lab = sharedLab();
const keyFile = "/root/.bzman-test-key";
const encrypted = `-o encryption=on -o keyformat=passphrase -o pbkdf2iters=100000 -o keylocation=file://${keyFile}`;

/** The origin of every dataset of a tree, and where it is encrypted. */
async function origins(host: LabHost, top: string): Promise<string> {
  return (await host.sh(`zfs list -H -r -o name,origin,encryptionroot ${top}`)).stdout;
}

/** Fails unless the next run sends little, and leaves both sides with the same snapshots and origins. */
async function assertFollowed(top: string, ...options: readonly string[]): Promise<void> {
  const { source, target } = lab;
  const { run } = await replicateWell(source, ...options, top, "target");
  ok(run.bytes < 2 ** 20, `${run.bytes} bytes: something was sent again`);
  strictEqual(await origins(target, top), await origins(source, top));
  deepStrictEqual(await relativeGuids(target, top), await relativeGuids(source, top));
}

Deno.test("promotions on the source are followed", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  await source.write(keyFile, "a long passphrase\n", 0o600);
  const top = "tank/t";
  const trees = [{ host: source, top }, { host: target, top }] as const;
  await source.sh(
    `zfs create tank/t && zfs create tank/t/o && dd if=/dev/urandom of=/tank/t/o/random bs=1M count=2 status=none
    zfs snapshot tank/t/o@early && echo more >/tank/t/o/more && zfs snapshot tank/t/o@o
    zfs clone tank/t/o@o tank/t/cl && echo clone >/tank/t/cl/file`,
  );
  await replicateWell(source, top, "target");

  await t.step("the dry run shows it, and makes none", async () => {
    await source.sh("zfs promote tank/t/cl && echo again >/tank/t/cl/again && echo again >/tank/t/o/again");
    const { stdout, code } = await bzman(source, ["replicate", "--dry-run", top, "target"]);
    strictEqual(code, 0);
    match(stdout, /^would promote tank\/t\/cl, so far a clone of tank\/t\/o@o: it gets that snapshot and 1 older$/m);
    match(await origins(target, top), /^tank\/t\/cl\ttank\/t\/o@o\t/m);
  });

  await t.step("verify warns of it, and names what fixes it", async () => {
    const { stdout, code } = await bzman(source, ["verify", top, "target"]);
    strictEqual(code, 1, stdout);
    match(stdout, /still a clone of tank\/t\/o@o/);
    match(stdout, /bzman replicate tank\/t target/);
    ok(!stdout.includes("cannot be sent any more"), stdout);
  });

  await t.step("it is made, and then all is one stream, and verify is content", async () => {
    await assertFollowed(top);
    await assertCopied(...trees);
    await source.sh("echo on >/tank/t/cl/on");
    await assertFollowed(top);
    strictEqual((await bzman(source, ["verify", top, "target"])).code, 0);
  });

  await t.step("the origin's dataset is destroyed on both sides, and the copy stays", async () => {
    await source.sh("zfs destroy -r tank/t/o");
    await replicateWell(source, top, "target");
    await target.sh("zfs destroy -r tank/t/o");
    await assertCopied(...trees);
  });

  await t.step("a chain, several clones of one origin, and back again", async () => {
    await source.sh(
      `zfs snapshot tank/t/cl@x && zfs clone tank/t/cl@x tank/t/two && zfs clone tank/t/cl@early tank/t/side
      echo two >/tank/t/two/file && zfs snapshot tank/t/two@y && zfs clone tank/t/two@y tank/t/three`,
    );
    await replicateWell(source, top, "target");
    await source.sh("zfs promote tank/t/three && zfs promote tank/t/three && echo on >/tank/t/three/on");
    await assertFollowed(top);
    await source.sh("zfs promote tank/t/side");
    await assertFollowed(top);
    await source.sh("zfs promote tank/t/cl");
    await assertFollowed(top);
    await assertCopied(...trees);
  });

  await t.step("the clone takes the name of what it was cloned from", async () => {
    await source.sh(`zfs create tank/t/data && echo data >/tank/t/data/file && zfs snapshot tank/t/data@good`);
    await source.sh(`zfs clone tank/t/data@good tank/t/data-new`);
    await replicateWell(source, top, "target");
    await source.sh(`zfs promote tank/t/data-new && zfs rename tank/t/data tank/t/data-old
      zfs rename tank/t/data-new tank/t/data && echo restored >/tank/t/data/restored`);
    await assertFollowed(top);
    await assertCopied(...trees);
  });

  await t.step("snapshots that the source does not have are not moved, and the orphan is named", async () => {
    await source.sh("zfs create tank/t/p && echo p >/tank/t/p/file && zfs snapshot tank/t/p@p1");
    await replicateWell(source, top, "target");
    // By hand, so that bzman has never seen that it was the source's.
    await source.sh(`last=$(zfs list -H -t snapshot -d 1 -o name -s createtxg tank/t/p | tail -n 1)
      zfs snapshot tank/t/p@mine && echo more >/tank/t/p/more && zfs snapshot tank/t/p@p2
      zfs send -I "$last" tank/t/p@p2 | ssh target zfs receive -u tank/t/p
      zfs destroy tank/t/p@mine && zfs clone tank/t/p@p2 tank/t/pc`);
    await replicateWell(source, top, "target");
    await source.sh("zfs promote tank/t/pc && echo on >/tank/t/pc/on && echo on >/tank/t/p/on");
    await replicateWell(source, top, "target");
    match(await origins(target, top), /^tank\/t\/pc\ttank\/t\/p@p2\t/m);
    await source.sh("zfs destroy -r tank/t/p");
    await replicateWell(source, top, "target");
    const verified = await bzman(source, ["verify", top, "target"]);
    strictEqual(verified.code, 1);
    match(verified.stdout, /keep it, the copy depends on it/);
    match(verified.stdout, /tank\/t\/p@mine would move along/);
    ok(!/destroy tank\/t\/p\b/.test(verified.stdout), verified.stdout);
    match((await bzman(source, ["status"])).stdout, /tank\/t\/p: keep it: tank\/t\/pc is a clone of it/);
    await target.sh("zfs promote tank/t/pc");
    strictEqual((await bzman(source, ["verify", top, "target"])).code, 0);
  });

  await t.step("encrypted: the clone takes over the encryption root", async () => {
    await source.sh(
      `zfs create ${encrypted} tank/t/vault && echo secret >/tank/t/vault/file && zfs create tank/t/vault/below
      zfs snapshot -r tank/t/vault@v && zfs clone tank/t/vault@v tank/t/vault-new && echo new >/tank/t/vault-new/file`,
    );
    await replicateWell(source, top, "target");
    await source.sh("zfs promote tank/t/vault-new && echo on >/tank/t/vault-new/on && echo on >/tank/t/vault/on");
    const { run } = await replicate(source, top, "target");
    deepStrictEqual(Object.values(resultsOf(run)).filter((result) => result.startsWith("failed")), []);
    const roots = (host: LabHost) => host.sh("zfs list -H -o name,origin,encryptionroot tank/t/vault tank/t/vault-new");
    strictEqual((await roots(target)).stdout, (await roots(source)).stdout);
    await target.write(keyFile, "a long passphrase\n", 0o600);
    await target.sh(`zfs load-key -L file://${keyFile} tank/t/vault-new && zfs mount -o ro tank/t/vault-new`);
    strictEqual((await target.sh("cat /tank/t/vault-new/on")).stdout, "on\n");
    await target.sh("zfs unmount tank/t/vault-new && zfs unload-key tank/t/vault-new");
  });
});
