// Names that are hard to quote, tops of different names, and the ways round: push, pull, and to another pool at home.

import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { quote } from "../../lab/lab.ts";
import { loggedRuns, replicate, replicateWell } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, assertUntouched } from "./support/trees.ts";

const lab = sharedLab();

const copy = "back:up/in/copy of x";
/** With the name of a snapshot of bzman's, the copy of this one has the 255 bytes that ZFS allows. */
const longest = "x".repeat(255 - "@incremental-2026-01-01T00:00:00Z".length - copy.length - 1);
const names = ["with spaces", " ", "co:lon", "d.o..t", "-dash", "-s", "a_b-c.d:e f", longest];

Deno.test("odd and long names travel by push, by pull and at home", async (t) => {
  const { source, target } = lab;
  await Promise.all([
    source.makePool("tank").then(() => source.makePool("home pool", { disk: "file" })),
    target.makePool("back:up"),
  ]);
  await source.sh(`zfs create 'tank/x 1'
    for name in ${names.map(quote).join(" ")}; do
      zfs create -o mountpoint=none "tank/x 1/$name" && zfs snapshot "tank/x 1/$name@-by hand:1.0"
    done
    echo text >'/tank/x 1/file'`);
  const [from, pushed] = [{ host: source, top: "tank/x 1" }, { host: target, top: copy }];

  await t.step("push, whole and then by increment, to a top of another name below a new parent", async () => {
    await replicateWell(source, from.top, `target:${copy}`);
    await source.sh("echo more >'/tank/x 1/file'");
    await replicateWell(source, from.top, `root@target:${copy}`);
    await assertCopied(from, pushed);
    const { stdout } = await target.sh("zfs get -H -o value canmount,readonly back:up/in");
    strictEqual(stdout, "off\non\n");
  });

  await t.step("push: a name that gets too long is refused before anything is snapshot", async () => {
    await source.sh(`zfs create -o mountpoint=none ${quote(`tank/x 1/${longest}x`)}`);
    const { code, run } = await assertUntouched(
      source,
      from.top,
      () => replicate(source, from.top, `target:${copy}`),
    );
    strictEqual(code, 3);
    match(run.message ?? "", /would have 256 bytes; ZFS allows 255/);
    await source.sh(`zfs destroy ${quote(`tank/x 1/${longest}x`)}`);
  });

  await t.step("pull: a replica is passed on as it is, or not at all", async () => {
    const refused = await assertUntouched(
      target,
      copy,
      () => replicate(source, `target:${copy}`, ":home pool/pulled"),
    );
    strictEqual(refused.code, 3);
    match(refused.run.message ?? "", /is itself a replica/);
    await replicateWell(source, "--no-snapshot", `target:${copy}`, ":home pool/pulled");
    await assertCopied(from, { host: source, top: "home pool/pulled" });
  });

  await t.step("at home", async () => {
    await replicateWell(source, from.top, ":home pool/local");
    await assertCopied(from, { host: source, top: "home pool/local" });
  });

  deepStrictEqual((await loggedRuns(source)).map((run) => `${run.source} > ${run.target} ${run.result}`), [
    `source:tank/x 1 > target:${copy} ok`,
    `source:tank/x 1 > root@target:${copy} ok`,
    `source:tank/x 1 > target:${copy} refused`,
    `target:${copy} > source:home pool/pulled refused`,
    `target:${copy} > source:home pool/pulled ok`,
    `source:tank/x 1 > source:home pool/local ok`,
  ]);
});
