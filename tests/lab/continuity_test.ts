// The chain is never cut: a copy goes on from a bookmark, a copy that others made is adopted, a token that leads nowhere is
// discarded.

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { replicateWell, resultsOf } from "./support/bzman.ts";
import { withAlias, withFake } from "./support/faults.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, assertNewestCopied, copyByHand, makePools } from "./support/trees.ts";

const lab = sharedLab();

/** The bookmarks of a dataset, without its name. */
async function bookmarks(dataset: string): Promise<string[]> {
  const { stdout } = await lab.source.sh(`zfs list -H -t bookmark -d 1 -o name ${dataset} 2>/dev/null | sed 's/.*#//'`);
  return stdout.split("\n").filter((name) => name !== "").sort();
}

Deno.test("every snapshot of the source is destroyed: the next run is incremental, from the bookmark", async () => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh(`zfs create tank/s && zfs create tank/s/child && zfs create -V 4M tank/s/volume
    dd if=/dev/urandom of=/tank/s/random bs=1M count=4 status=none; echo child >/tank/s/child/file
    zfs snapshot -r tank/s@first`);
  await replicateWell(source, "tank/s", "target");
  // What others keep there is theirs: another job's bookmark, a user's, a user's hold.
  await source.sh(`zfs bookmark tank/s@first 'tank/s#bzman-0123456789ab-1f' && zfs bookmark tank/s@first 'tank/s#mine'
    zfs snapshot tank/s@held && zfs hold mine tank/s@held && zfs hold bzman:0123456789ab tank/s@held`);
  const [own] = (await bookmarks("tank/s")).filter((name) => !/0123456789ab|mine/.test(name));
  const arrived = await target.guids("tank/s");

  await source.sh(`zfs list -H -r -t snapshot -o name tank/s | grep -v '@held$' | xargs -n 1 zfs destroy
    rm -rf /var/lib/bzman && echo more >/tank/s/more && echo more >/tank/s/child/more`);
  // The record is lost, and the host has another name: what is on the pool is enough.
  const { run } = await withAlias(source, () => replicateWell(source, "tank/s", "mirror"));
  deepStrictEqual(new Set(run.datasets.map(({ kind }) => kind)), new Set(["incremental"]));
  strictEqual(run.datasets[0]?.from, own);
  ok(run.bytes < 2 ** 20, `${run.bytes} bytes are no increment`);
  await assertNewestCopied({ host: source, top: "tank/s" }, { host: target, top: "tank/s" });
  const now = await target.guids("tank/s");
  for (const [name, guid] of arrived) strictEqual(now.get(name), guid, `${name} is gone from the target`);

  const left = await bookmarks("tank/s");
  deepStrictEqual(left.filter((name) => /0123456789ab|mine/.test(name)), ["bzman-0123456789ab-1f", "mine"]);
  strictEqual(left.length, 3, `one bookmark for this target: ${left}`);
  ok(!left.includes(own ?? ""), "the stale bookmark is gone");
  const { stdout: holds } = await source.sh("zfs holds -H tank/s@held | cut -f 1,2 | sort");
  strictEqual(holds, "tank/s@held\tbzman:0123456789ab\ntank/s@held\tmine\n");
});

Deno.test("a copy that syncoid made, and one made by hand, are adopted by GUID", async () => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh(`for t in a b; do zfs create tank/$t; zfs create tank/$t/child
      dd if=/dev/urandom of=/tank/$t/child/random bs=1M count=3 status=none; zfs snapshot -r tank/$t@one
    done`);
  await copyByHand(lab, "tank/b@one", "tank/b");
  await source.sh("syncoid --no-privilege-elevation --recursive --quiet tank/a root@target:tank/a </dev/null", {
    timeoutMs: 300_000,
  });
  await source.sh("echo more >/tank/a/child/more; echo more >/tank/b/child/more");
  for (const top of ["tank/a", "tank/b"]) {
    const { run } = await replicateWell(source, top, "target");
    deepStrictEqual(run.datasets.map(({ from }) => from !== null), [true, true]);
    ok(run.bytes < 2 ** 20, `${run.bytes} bytes: sent anew`);
    await assertCopied({ host: source, top }, { host: target, top });
  }
});

Deno.test("resume tokens: one is used; those that are corrupt, outdated or of another raw mode are discarded", async () => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh(`zfs create tank/t && zfs snapshot tank/t@zero
    echo 12345678 | zfs create -o encryption=on -o keyformat=passphrase tank/t/raw
    for d in corrupt gone good; do zfs create tank/t/$d; done
    for d in corrupt gone good raw; do
      dd if=/dev/urandom of=/tank/t/$d/random bs=1M count=4 status=none; zfs snapshot tank/t/$d@one
    done
    zfs send tank/t@zero | ssh target zfs receive -u tank/t
    for d in corrupt gone good raw; do
      zfs send -L -c tank/t/$d@one | head -c 2500000 | ssh target zfs receive -s -u tank/t/$d 2>/dev/null
    done
    zfs snapshot tank/t/gone@two && zfs destroy tank/t/gone@one`);
  const tokens = (await target.sh("zfs get -H -r -o value receive_resume_token tank/t")).stdout.trim().split("\n");
  strictEqual(tokens.filter((token) => /^1-/.test(token)).length, 4, tokens.join("\n"));

  const corrupts = `case " $* " in *receive_resume_token*) ;; *) exec $real "$@" ;; esac
    $real "$@" | sed '/corrupt/s/\\(1-[0-9a-f]*-[0-9a-f]*-7\\)8/\\19/'`;
  const done = await withFake(target, "zfs", corrupts, () => replicateWell(source, "tank/t", "target"));
  console.log(done.stderr);
  deepStrictEqual(new Set(Object.values(resultsOf(done.run))), new Set(["ok"]));
  const saved = Object.fromEntries(done.run.datasets.map(({ dataset, savedBytes }) => [dataset, savedBytes > 0]));
  deepStrictEqual(saved, {
    "tank/t": false,
    "tank/t/corrupt": false,
    "tank/t/gone": false,
    "tank/t/good": true,
    "tank/t/raw": false,
  });
  match(done.stderr, /discard .*tank\/t\/gone/);
  const top = "tank/t";
  await target.sh("echo 12345678 | zfs load-key tank/t/raw");
  await assertCopied({ host: source, top }, { host: target, top });
});
