// Encrypted trees arrive raw and unreadable, their encryption roots as on the source; plain ones below an encrypted parent
// are encrypted there; and what ZFS cannot do is refused before anything is touched.

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { awaitDevice, type LabHost } from "../../lab/lab.ts";
import { replicate, replicateWell, resultsOf } from "./support/bzman.ts";
import { awaitProcess } from "./support/faults.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, assertUntouched, makePools, relativeGuids } from "./support/trees.ts";

const lab = sharedLab();

const keyFile = "/root/.bzman-test-key";
const encrypted = `-o encryption=on -o keyformat=passphrase -o pbkdf2iters=100000 -o keylocation=file://${keyFile}`;

Deno.test("an encrypted tree arrives raw, goes on after a cut, and keeps its encryption roots", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  await source.write(keyFile, "a long passphrase\n", 0o600);
  await source.sh(`zfs create ${encrypted} tank/vault && zfs create tank/vault/inner && zfs create tank/vault/zebra
    zfs create ${encrypted} tank/vault/own && zfs create tank/vault/own/child
    zfs create -V 4M tank/vault/volume
    echo secret >/tank/vault/zebra/file && echo secret >/tank/vault/own/child/file
    dd if=/dev/urandom of=/tank/vault/inner/random bs=1M count=6 status=none
    ${awaitDevice("tank/vault/volume")}
    dd if=/dev/urandom of=/dev/zvol/tank/vault/volume bs=1M count=1 status=none`);
  const args = ["tank/vault", "target:tank/in/vault"] as const;
  const [from, to] = [{ host: source, top: "tank/vault" }, { host: target, top: "tank/in/vault" }] as const;

  await t.step("cut in the middle", async () => {
    const running = source.sh(
      `bzman replicate --quiet --bwlimit 500k ${
        args.join(" ")
      } >/dev/null 2>&1 & echo $! >/run/cut-pid; wait $!; echo $?`,
      { timeoutMs: 300_000 },
    );
    // The first datasets are through, the large one is not; 2 MiB may be on their way inside ssh.
    await awaitProcess(source, "^([^ ]*/)?mbuffer ", { passedBytes: 5 * 2 ** 20 });
    await source.sh("kill -TERM $(cat /run/cut-pid)");
    strictEqual((await running).stdout, "143\n");
    const { stdout } = await target.sh("zfs list -H -r -o name,receive_resume_token tank/in/vault | grep -v -- '-$'");
    match(stdout, /^tank\/in\/vault\/inner\t/);
  });

  await t.step("resumed, and whole with all encryption roots", async () => {
    const { run } = await replicateWell(source, ...args);
    ok(run.savedBytes > 1_000_000, `only ${run.savedBytes} bytes were saved`);
    deepStrictEqual(await relativeGuids(target, to.top), await relativeGuids(source, from.top));
    deepStrictEqual(await roots(target, to.top), await roots(source, from.top));
  });

  await t.step("unreadable there without the key", async () => {
    for (const name of (await roots(target, to.top)).keys()) {
      const { stdout } = await target.sh(`zfs get -H -o value encryption,keystatus ${to.top}${name}`);
      strictEqual(stdout, "aes-256-gcm\nunavailable\n");
    }
    const mount = await target.sh(`zfs mount ${to.top}/zebra`, { check: false });
    match(mount.stderr, /encryption key not loaded/);
  });

  await t.step("an increment brings new children, below their own roots, in one stream", async () => {
    await source.sh(
      `zfs create tank/vault/later && zfs create tank/vault/own/later && echo more >/tank/vault/zebra/file`,
    );
    const { run } = await replicateWell(source, ...args);
    deepStrictEqual(await roots(target, to.top), await roots(source, from.top));
    deepStrictEqual(new Set(run.datasets.map(({ kind }) => kind)), new Set(["incremental", "full"]));
  });

  await t.step("equal and readable with the key, and reading it does not break the next increment", async () => {
    await target.write(keyFile, "a long passphrase\n", 0o600);
    await target.sh(`zfs load-key -r ${to.top} </dev/null`);
    await assertCopied(from, to);
    await target.sh(`zfs mount ${to.top} && zfs mount ${to.top}/zebra && cat /${to.top}/zebra/file`);
    await source.sh("echo again >/tank/vault/zebra/file");
    await replicateWell(source, ...args);
    deepStrictEqual(await relativeGuids(target, to.top), await relativeGuids(source, from.top));
  });

  await t.step("readable streams onto the raw copy are refused", async () => {
    await target.sh(`zfs unmount ${to.top}/zebra; zfs unmount ${to.top}; zfs unload-key -r ${to.top}`);
    const { code, run } = await assertUntouched(target, to.top, () => replicate(source, "--raw", "never", ...args));
    strictEqual(code, 3);
    match(run.message ?? "", /the key of tank\/in\/vault is not loaded on the target/);
  });
});

Deno.test("plain and encrypted trees below an encrypted parent, and encrypted ones onto plain", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  await Promise.all([source, target].map((host) => host.write(keyFile, "a long passphrase\n", 0o600)));
  await target.sh(`zfs create ${encrypted} tank/safe`);
  await source.sh(`zfs create tank/plain && zfs create tank/plain/a && zfs create -V 4M tank/plain/volume
    zfs create ${encrypted} tank/vault && zfs create tank/vault/inner
    echo open >/tank/plain/a/file && echo secret >/tank/vault/inner/file`);

  await t.step("a plain tree lands encrypted by its parent's key, also what is new later", async () => {
    await replicateWell(source, "tank/plain", "target:tank/safe/plain");
    await source.sh("zfs create tank/plain/b && echo more >/tank/plain/a/file");
    await replicateWell(source, "tank/plain", "target:tank/safe/plain");
    const { stdout } = await target.sh(
      "zfs get -H -r -t filesystem,volume -o value encryption,encryptionroot tank/safe",
    );
    strictEqual(stdout, "aes-256-gcm\ntank/safe\n".repeat(5));
    await assertCopied({ host: source, top: "tank/plain" }, { host: target, top: "tank/safe/plain" });
  });

  await t.step("an encrypted tree keeps its own root there", async () => {
    await replicateWell(source, "tank/vault", "target:tank/safe/vault");
    deepStrictEqual(await roots(target, "tank/safe/vault"), await roots(source, "tank/vault"));
  });

  await t.step("raw onto a readable copy is refused, untouched", async () => {
    await replicateWell(source, "--raw", "never", "tank/vault", "target:tank/open");
    strictEqual((await target.sh("zfs get -H -o value encryption tank/open/inner")).stdout, "off\n");
    const { code, run } = await assertUntouched(
      target,
      "tank/open",
      () => replicate(source, "tank/vault", "target:tank/open"),
    );
    strictEqual(code, 3);
    match(run.message ?? "", /tank\/vault is encrypted, but its copy tank\/open is not/);
    await replicateWell(source, "--raw", "never", "tank/vault", "target:tank/open");
    await assertCopied({ host: source, top: "tank/vault" }, { host: target, top: "tank/open" });
  });

  await t.step("with the parent's key unloaded a plain tree is refused, and told how to load it", async () => {
    await target.sh("zfs unmount -a; zfs unload-key tank/safe");
    const { code, run } = await replicate(source, "tank/plain", "target:tank/safe/plain");
    strictEqual(code, 3);
    match(run.message ?? "", /the key of tank\/safe is not loaded on the target/);
    match(run.advice ?? "", /^load the key: ssh target .*zfs load-key tank\/safe/);
  });
});

Deno.test("an encrypted pool is not replicated onto the root of another, but below it", async () => {
  const { source, target } = lab;
  await source.write(keyFile, "a long passphrase\n", 0o600);
  const properties = encrypted.split(" ").map((word) => word === "-o" ? "-O" : word);
  await Promise.all([source.makePool("tank", { properties }), target.makePool("tank")]);
  await source.sh("zfs create tank/home && echo secret >/tank/home/file");
  const { code, run } = await assertUntouched(target, "tank", () => replicate(source, "tank", "target"));
  strictEqual(code, 3);
  match(run.message ?? "", /cannot receive an encrypted dataset over the root of pool tank/);
  match(run.advice ?? "", /^copy to a dataset below it: bzman replicate tank target:tank\/\S/);
  strictEqual((await source.guids("tank")).size, 0);
  const { run: below } = await replicateWell(source, "tank", "target:tank/copy");
  deepStrictEqual(resultsOf(below), { "tank": "ok", "tank/home": "ok" });
  deepStrictEqual(await roots(target, "tank/copy"), await roots(source, "tank"));
});

/** The encryption root of each dataset of a tree, both named from its top. */
async function roots(host: LabHost, top: string): Promise<Map<string, string>> {
  const { stdout } = await host.sh(`zfs get -H -r -t filesystem,volume -o name,value encryptionroot ${top}`);
  return new Map(
    stdout.trimEnd().split("\n").map((line) => {
      const [name = "", root = ""] = line.split("\t");
      return [name.slice(top.length), root.slice(top.length)] as const;
    }),
  );
}
