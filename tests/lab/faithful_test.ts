// Data arrives as it is stored, with the properties that describe it; and the work for a uniform tree does not grow with it.

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { awaitDevice, type LabHost, quote } from "../../lab/lab.ts";
import { replicateWell } from "./support/bzman.ts";
import { withFake } from "./support/faults.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, makePools } from "./support/trees.ts";

const lab = sharedLab();

Deno.test("blocks and properties arrive as they are, and what the target sets stays", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  const note = `it's "kept", 100% of \$HOME; \`x\` & <y>`;
  await source.sh(`zfs create -o recordsize=1M -o compression=zstd -o quota=1G -o atime=off \
      -o org.example:note=${quote(note)} tank/p
    zfs create -o recordsize=16k tank/p/small && zfs create -o org.example:empty= tank/p/plain
    zfs create -V 8M -o volblocksize=16k -o compression=gzip-2 tank/p/volume
    yes 'the same line again' | head -c 8000000 >/tank/p/large
    dd if=/dev/urandom of=/tank/p/small/random bs=1M count=1 status=none
    ${awaitDevice("tank/p/volume")}
    dd if=/dev/urandom of=/dev/zvol/tank/p/volume bs=1M count=1 status=none`);
  const trees = [{ host: source, top: "tank/p" }, { host: target, top: "tank/p" }] as const;

  await t.step("blocks stay large and compressed on the way and there", async () => {
    const { run } = await replicateWell(source, "tank/p", "target");
    ok(run.bytes < 4_000_000, `${run.bytes} bytes: compressed blocks were sent unpacked`);
    strictEqual((await target.sh("zpool get -H -o value feature@large_blocks tank")).stdout, "active\n");
    await assertCopied(...trees);
  });

  await t.step("properties that describe data are kept, word for word", async () => {
    const names = "recordsize,compression,atime,org.example:note,org.example:empty,volsize,volblocksize";
    const all = async (host: LabHost) =>
      (await host.sh(`zfs get -H -p -r -t filesystem,volume -o name,property,value ${names} tank/p`)).stdout;
    strictEqual(await all(target), await all(source));
    strictEqual((await target.sh("zfs get -H -o value,source quota tank/p")).stdout, "none\tdefault\n");
  });

  await t.step("what the target sets stays; quota is taken, and compression left, when asked for", async () => {
    await target.sh("zfs set recordsize=64k tank/p/small && zfs set org.example:here=ours tank/p");
    await source.sh(`zfs set recordsize=32k tank/p/small && zfs set compression=lz4 tank/p
      zfs set org.example:note=changed tank/p && echo more >/tank/p/file`);
    await replicateWell(source, "--property", "quota", "--no-property", "compression", "tank/p", "target");
    const { stdout } = await target.sh(`zfs get -H -p -o value recordsize tank/p/small
      zfs get -H -p -o value org.example:here,org.example:note,quota tank/p; zfs get -H -o source compression tank/p`);
    deepStrictEqual(stdout.trimEnd().split("\n"), ["65536", "ours", "changed", String(2 ** 30), "default"]);
    await assertCopied(...trees);
  });
});

Deno.test("a cycle of a uniform tree takes as many processes for twelve datasets as for three", async () => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh("zfs create tank/u; for i in 1 2; do zfs create tank/u/fs$i; done");
  await replicateWell(source, "tank/u", "target");
  const few = await callsOfCycle(source, target);
  await source.sh("for i in 3 4 5 6 7 8 9 10 11; do zfs create tank/u/fs$i; done");
  await replicateWell(source, "tank/u", "target");
  const many = await callsOfCycle(source, target);
  deepStrictEqual(many, few);
  ok(few.source.length <= 14 && few.target.length <= 10, `too many: ${JSON.stringify(few)}`);
});

/** What one cycle asks of `zfs` on each side, in order: the subcommands. */
async function callsOfCycle(source: LabHost, target: LabHost): Promise<{ source: string[]; target: string[] }> {
  const log = `echo "$1 $*" >>/run/zfs-calls; exec $real "$@"`;
  await Promise.all([source, target].map((host) => host.sh("rm -f /run/zfs-calls")));
  await withFake(
    source,
    "zfs",
    log,
    () => withFake(target, "zfs", log, () => replicateWell(source, "tank/u", "target")),
  );
  const calls = async (host: LabHost): Promise<string[]> => {
    const { stdout } = await host.sh("cat /run/zfs-calls");
    // ZFS destroys one bookmark a call, so there are as many as datasets: one small process each, in one shell.
    return stdout.trimEnd().split("\n").filter((line) => !/^destroy .*#bzman-/.test(line)).map((line) =>
      line.split(" ", 1)[0] ?? ""
    ).sort();
  };
  return { source: await calls(source), target: await calls(target) };
}
