// Names over which other tools stumble: blanks at either end, what looks like an option or a number, and every byte ZFS allows.

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { quote } from "../../lab/lab.ts";
import { bzman, replicateWell } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, makePools } from "./support/trees.ts";

const lab = sharedLab();

const parts = [" ahead", "behind ", " ", "0", "-rf", "-F", "--", "-", "...", "a:b", "none"];
const datasets = parts.map((part) => `tank/n/${part}`);
const longest = `0@${"y".repeat(255 - "tank/n/0@".length)}`;

Deno.test("names like options, numbers and blanks: copied, listed, verified, pruned, each as what it is", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh(`zfs create -o mountpoint=none tank/n
    for name in ${datasets.map(quote).join(" ")}; do
      zfs create -o mountpoint=/mnt "$name" && echo "$name" >/mnt/file && zfs set mountpoint=none "$name" || exit
    done
    for mark in ${parts.map(quote).join(" ")}; do zfs snapshot -r "tank/n@$mark" || exit; done
    zfs snapshot ${quote(`tank/n/${longest}`)}`);
  const [from, to] = [{ host: source, top: "tank/n" }, { host: target, top: "tank/n" }] as const;

  await t.step("the whole tree, and an increment", async () => {
    await replicateWell(source, "tank/n", "target");
    await source.sh(
      "zfs set mountpoint=/mnt 'tank/n/-rf'; echo more >>/mnt/file; zfs set mountpoint=none 'tank/n/-rf'",
    );
    await replicateWell(source, "tank/n", "target");
    await assertCopied(from, to);
    const verified = await bzman(source, ["verify", "tank/n", "target"]);
    strictEqual(verified.code, 0, verified.stdout);
  });

  await t.step("each as the top of a run, and on another name of that kind", async () => {
    for (const [name, other] of [["-rf", "behind "], [" ahead", "0"], ["--", "-F"]] as const) {
      const top = `tank/other/${other}`;
      await replicateWell(source, "--", `tank/n/${name}`, `target:${top}`);
      await assertCopied({ host: source, top: `tank/n/${name}` }, { host: target, top });
    }
  });

  await t.step("excluded by name: that one alone stays behind", async () => {
    // A pattern does not begin with a dash; a star may stand for it.
    await replicateWell(source, "--exclude", "*F", "--exclude", " ", "tank/n", "target:tank/m");
    const { stdout } = await target.sh("zfs list -H -d 1 -o name tank/m");
    deepStrictEqual(
      stdout.trimEnd().split("\n").slice(1).sort(),
      parts.filter((part) => part !== "-F" && part !== " ").map((part) => `tank/m/${part}`).sort(),
    );
  });

  await t.step("told in the log and in status, whole", async () => {
    for (const args of [["log", "--dataset"], ["status"]]) {
      const { stdout, stderr } = await bzman(source, args);
      match(stdout, /tank\/n\/?/, stderr);
    }
    const { stdout } = await bzman(source, ["log", "--json", "--limit", "1"]);
    ok(stdout.includes('"tank/n/behind "'), "the blank behind a name is kept");
  });

  await t.step("pruned: of all these only bzman's own go", async () => {
    const before = await target.guids("tank/n");
    await replicateWell(source, "--keep", "none", "tank/n", "target");
    const after = await target.guids("tank/n");
    const gone = [...before.keys()].filter((name) => !after.has(name));
    ok(gone.length > 0 && gone.every((name) => /@incremental-[0-9TZ:-]+$/.test(name)), gone.join("\n"));
    ok(after.has(`tank/n/${longest}`));
    await source.sh("zfs destroy 'tank/n/0@0'");
    await replicateWell(source, "--foreign-snapshots", "follow-source", "tank/n", "target");
    const followed = await target.guids("tank/n");
    deepStrictEqual([...after.keys()].filter((name) => !followed.has(name) && !name.includes("@incremental-")), [
      "tank/n/0@0",
    ]);
  });
});
