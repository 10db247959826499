// Properties that imitate what zfs itself prints, and values at the end of what it can hold.

import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { type LabHost, quote } from "../../lab/lab.ts";
import { bzman, replicateWell } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, makePools } from "./support/trees.ts";

const lab = sharedLab();

/** A line as a listing of datasets, of snapshots, and of properties has it, each on a line of its own. */
const imitation = "x\ntank/v/ghost\tfilesystem\t12345\t67\t0\t0\t-\n" +
  "tank/v@ghost\t18446744073709551615\t99\t1700000000\t0\ntank/v\tbzman:prefix\tincremental\tlocal\n\t\n\r\x1b[2J";

const values: Readonly<Record<string, string>> = {
  "org.example:imitation": imitation,
  "org.example:long": `${"long and 'quoted' $HOME `x` ".repeat(400).slice(0, 8191)}`,
  "org.example:dash": "-",
  "org.example:none": "none",
  "org.example:zero": "0",
  "org.example:empty": "",
  "org.example:blank": " ",
};

/** Every value of a property, as its checksum, dataset by dataset. */
async function sums(host: LabHost, dataset: string): Promise<string[]> {
  const all: string[] = [];
  for (const name of Object.keys(values)) {
    all.push((await host.sh(`zfs get -H -o value ${name} ${quote(dataset)} | sha256sum`)).stdout);
  }
  return all;
}

Deno.test("properties that imitate a listing are values, and nothing else", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  const options = Object.entries(values).map(([name, value]) => quote(`${name}=${value}`)).join(" ");
  await source.sh(`zfs create tank/v && zfs create tank/v/child && echo text >/tank/v/child/file
    zfs set ${options} tank/v && zfs set ${options} tank/v/child
    zfs snapshot -r tank/v@by-hand && zfs set ${options} tank/v@by-hand tank/v/child@by-hand`);
  const [from, to] = [{ host: source, top: "tank/v" }, { host: target, top: "tank/v" }] as const;

  await t.step("copied byte for byte, and nothing is seen that is not there", async () => {
    const { run } = await replicateWell(source, "tank/v", "target");
    deepStrictEqual(run.datasets.map(({ dataset }) => dataset).sort(), ["tank/v", "tank/v/child"]);
    await assertCopied(from, to);
    for (const name of ["tank/v", "tank/v/child", "tank/v@by-hand", "tank/v/child@by-hand"]) {
      deepStrictEqual(await sums(target, name), await sums(source, name), name);
    }
  });

  await t.step("an increment, a verification, and retention that reads properties of snapshots", async () => {
    await source.sh("echo more >/tank/v/child/more");
    await replicateWell(source, "--keep", "none", "tank/v", "target");
    await assertCopied(from, to);
    strictEqual((await bzman(source, ["verify", "tank/v", "target"])).code, 0);
    const { stdout } = await target.sh("zfs list -H -r -t snapshot -o name tank/v | grep -c @by-hand");
    strictEqual(stdout, "2\n");
  });
});

Deno.test("sizes near 2^64, 0, none: nothing is misread, and what is asked for travels", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  const most = "17293822569102704640"; // 15 EiB: beyond what a signed number of 64 bits holds
  await source.sh(`zfs create -o quota=15E -o refquota=15E -o reservation=0 -o refreservation=none tank/z
    zfs create -s -V 7E tank/z/volume && zfs create -o recordsize=512 -o quota=none tank/z/small
    echo text >/tank/z/small/file && : >/tank/z/small/empty && truncate -s 8E /tank/z/small/hole || truncate -s 1P /tank/z/small/hole`);
  await t.step("copied, and verified", async () => {
    await replicateWell(source, "--property", "quota", "--property", "refquota", "tank/z", "target");
    const { stdout } = await target.sh(
      "zfs get -H -p -o value quota,refquota tank/z; zfs get -H -p -o value volsize tank/z/volume",
    );
    deepStrictEqual(stdout.trimEnd().split("\n"), [most, most, String(7n << 60n)]);
    const verified = await bzman(source, ["verify", "tank/z", "target"]);
    strictEqual(verified.code, 0, verified.stdout);
  });
  await t.step("capacity, preflight, status and metrics read them", async () => {
    for (const args of [["capacity"], ["preflight", "tank/z", "target"], ["status"], ["metrics"]]) {
      const { code, stdout, stderr } = await bzman(source, args);
      strictEqual(code <= 1, true, `${args}: ${code}\n${stdout}${stderr}`);
      strictEqual(/NaN|undefined|Infinity|e\+\d\d/.test(stdout), false, stdout);
    }
    const { stdout } = await bzman(source, ["capacity"]);
    match(stdout, /tank/);
  });
});
