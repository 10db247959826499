// What other tools, and other days, left behind: tokens with other flags, half an increment, a bookmark in the wanted place.

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { bzman, replicateWell } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, assertNewestCopied, makePools } from "./support/trees.ts";

const lab = sharedLab();

/** A script that sends by hand and lets the stream break off half-way. */
const cutByHand = (flags: string, what: string, to: string): string =>
  `zfs send ${flags} ${what} | head -c 2500000 | ssh target zfs receive -s -u ${to} 2>/dev/null
    case $(ssh target zfs get -H -o value receive_resume_token ${to}) in 1-*) ;; *) exit 1 ;; esac`;

Deno.test("tokens that another tool made with other flags: gone on with, and equal in the end", async () => {
  const { source, target } = lab;
  await makePools(lab);
  const kinds = { plain: "", large: "-L", compressed: "-c", embedded: "-e", properties: "-p", all: "-L -c -e -p" };
  await source.sh(
    `zfs create tank/t && zfs snapshot tank/t@zero && zfs send tank/t@zero | ssh target zfs receive -u tank/t
    for d in ${Object.keys(kinds).join(" ")}; do
      zfs create -o recordsize=1M -o compression=zstd tank/t/$d
      dd if=/dev/urandom of=/tank/t/$d/random bs=1M count=4 status=none; yes text | head -c 1000000 >/tank/t/$d/text
      zfs snapshot tank/t/$d@one
    done`,
  );
  for (const [name, flags] of Object.entries(kinds)) {
    await source.sh(cutByHand(flags, `tank/t/${name}@one`, `tank/t/${name}`));
  }
  const { run } = await replicateWell(source, "tank/t", "target");
  const saved = run.datasets.filter(({ savedBytes }) => savedBytes > 0).map(({ dataset }) => dataset);
  deepStrictEqual(saved.sort(), Object.keys(kinds).map((name) => `tank/t/${name}`).sort());
  await source.sh(
    `for d in ${Object.keys(kinds).join(" ")}; do dd if=/dev/urandom of=/tank/t/$d/more bs=1M count=1; done`,
  );
  await replicateWell(source, "tank/t", "target");
  await assertCopied({ host: source, top: "tank/t" }, { host: target, top: "tank/t" });
});

Deno.test("half an increment pins its base on the target: pruning goes on without it, and the next run goes round it", async () => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh("zfs create tank/h && echo one >/tank/h/file");
  await replicateWell(source, "tank/h", "target");
  await source.sh(`zfs snapshot tank/h@theirs && dd if=/dev/urandom of=/tank/h/random bs=1M count=4 status=none
    zfs snapshot tank/h@half`);
  await replicateWell(source, "--no-snapshot", "tank/h", "target");
  await source.sh(`dd if=/dev/urandom of=/tank/h/random bs=1M count=4 status=none; zfs snapshot tank/h@lost
    ${cutByHand("-i @half", "tank/h@lost", "tank/h")}`);
  // What it is half of is gone; nobody will ever send the other half.
  await source.sh("zfs destroy tank/h@lost && echo two >/tank/h/file");
  const pruned = await bzman(source, ["prune", "--keep", "none", "tank/h", "target"]);
  ok(pruned.code <= 1, pruned.stderr);
  const { run, stderr } = await replicateWell(source, "--keep", "none", "tank/h", "target");
  strictEqual(run.datasets[0]?.kind, "incremental");
  match(stderr, /discard/);
  strictEqual((await target.sh("zfs get -H -o value receive_resume_token tank/h")).stdout, "-\n");
  await assertNewestCopied({ host: source, top: "tank/h" }, { host: target, top: "tank/h" });
});

Deno.test("a bookmark of the wanted name with another GUID: replaced or gone round, and the chain holds", async () => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh("zfs create tank/b && echo one >/tank/b/file && zfs snapshot tank/b@first");
  await replicateWell(source, "--no-snapshot", "tank/b", "target");
  const { stdout: own } = await source.sh("zfs list -H -t bookmark -d 1 -o name tank/b");
  const name = /^tank\/b#(bzman-[0-9a-f]+)-([0-9a-z]+)\n$/.exec(own);
  ok(name !== null, own);
  await source.sh("echo two >/tank/b/file && zfs snapshot tank/b@second");
  const { stdout: guid } = await source.sh("zfs get -H -p -o value guid tank/b@second");
  const wanted = `tank/b#${name[1]}-${BigInt(guid.trim()).toString(36)}`;
  await source.sh(`zfs bookmark tank/b@first '${wanted}'`);

  await replicateWell(source, "--no-snapshot", "tank/b", "target");
  await source.sh("zfs destroy tank/b@first && zfs destroy tank/b@second && echo three >/tank/b/file");
  const { run } = await replicateWell(source, "tank/b", "target");
  strictEqual(run.datasets[0]?.kind, "incremental");
  ok(run.bytes < 2 ** 20, `${run.bytes} bytes are no increment`);
  await assertNewestCopied({ host: source, top: "tank/b" }, { host: target, top: "tank/b" });
});
