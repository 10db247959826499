import assert from "node:assert/strict";
import { isOn, missingFeatures, poolFeatures } from "../../../src/zfs/pools/features.ts";
import { isAtLeast, listPools, zfsVersion } from "../../../src/zfs/pools/pool.ts";
import { name } from "../sample.ts";

const pools = listPools();
const line = "tank\t18446744073709551615\t9007199254740993\t1024\t9007199254739969\t3\tONLINE\toff\n";

Deno.test("pools", () => {
  assert.deepEqual(pools.argv, [
    "zpool",
    "list",
    "-H",
    "-p",
    "-o",
    "name,guid,size,allocated,free,fragmentation,health,readonly",
  ]);
  assert.deepEqual(pools.parse(line), [{
    name: "tank",
    guid: "18446744073709551615",
    sizeBytes: 9007199254740993n,
    allocatedBytes: 1024n,
    freeBytes: 9007199254739969n,
    fragmentationPercent: 3,
    health: "ONLINE",
    readonly: false,
  }]);
  assert.deepEqual(pools.parse(""), []);
});

Deno.test("a pool that cannot tell everything", () => {
  const [pool] = pools.parse("logs\t7\t-\t-\t-\t-\tFAULTED\t-\n");
  assert.equal(pool?.sizeBytes, 0n);
  assert.equal(pool?.fragmentationPercent, undefined);
  assert.equal(pool?.health, "FAULTED");
  assert.equal(pools.parse(line.replace("\t3\t", "\t3%\t"))[0]?.fragmentationPercent, 3);
  assert.equal(pools.parse(line.replace("off", "on"))[0]?.readonly, true);
});

Deno.test("no pools: refused", () => {
  for (const text of ["no pools available\n", line.replace("1024", "1K"), line.replace("tank", "-f")]) {
    assert.throws(() => pools.parse(text), SyntaxError, text);
  }
});

Deno.test("the release, user side and kernel side", () => {
  assert.deepEqual(zfsVersion().parse("zfs-2.3.9-1\nzfs-kmod-2.3.9-1\n"), { userland: "2.3.9-1", kernel: "2.3.9-1" });
  assert.deepEqual(zfsVersion().parse("zfs-2.1.11-1+deb12u1\nzfs-kmod-2.1.11-1\n").userland, "2.1.11-1+deb12u1");
  assert.deepEqual(zfsVersion().parse("zfs-2.3.9-1\n"), { userland: "2.3.9-1", kernel: undefined });
  assert.throws(() => zfsVersion().parse("zfs-kmod-2.3.9-1\n"), SyntaxError);
  assert.throws(() => zfsVersion().parse(""), SyntaxError);
});

const releases: readonly (readonly [release: string, major: number, minor: number, is: boolean])[] = [
  ["2.2.0", 2, 2, true],
  ["2.10.0", 2, 2, true],
  ["3.0.0", 2, 2, true],
  ["2.1.11-1", 2, 2, false],
  ["1.9.9", 2, 0, false],
  ["2.2-rc1", 2, 2, true],
  ["", 2, 0, false],
  ["x.y", 2, 0, false],
];

Deno.test("releases compare by numbers", async (test) => {
  for (const [release, major, minor, is] of releases) {
    await test.step(`${release} and ${major}.${minor}`, () => assert.equal(isAtLeast(release, major, minor), is));
  }
});

Deno.test("features that stand in streams", () => {
  const read = (text: string) => poolFeatures(name("tank")).parse(text);
  const source = read(
    "size\t100\nfeature@large_blocks\tactive\nfeature@encryption\tactive\nfeature@zstd_compress\tenabled\n",
  );
  const target = read("feature@large_blocks\tenabled\nfeature@encryption\tdisabled\ncomment\t-\n");
  assert.deepEqual(poolFeatures(name("tank")).argv, [
    "zpool",
    "get",
    "-H",
    "-p",
    "-o",
    "property,value",
    "all",
    "tank",
  ]);
  assert.deepEqual([...source.keys()], ["large_blocks", "encryption", "zstd_compress"]);
  assert.deepEqual(
    missingFeatures(source, target),
    ["encryption"],
    "what is enabled, but in no block, is in no stream",
  );
  assert.deepEqual(missingFeatures(target, source), []);
  assert.deepEqual(["active", "enabled", "disabled", undefined].map(isOn), [true, true, false, false]);
});
