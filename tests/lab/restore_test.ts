// The runbook of docs/restore.md, carried out word for word.

import { ok, strictEqual } from "node:assert/strict";
import { replicateWell } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertNewestCopied, makePools } from "./support/trees.ts";

const lab = sharedLab();

/** The blocks of commands under each heading, and the host that each names. */
function blocksOf(page: string): Map<string, { host: "source" | "target"; script: string }[]> {
  return new Map(
    page.split(/^## /m).slice(1).map((section) => [
      section.slice(0, section.indexOf("\n")),
      [...section.matchAll(/^```sh (source|target)\n(.*?)^```$/gms)].map(([, host, script]) => ({
        host: host as "source" | "target",
        script: script ?? "",
      })),
    ]),
  );
}

Deno.test("docs/restore.md: into service, turned round, pulled back to a rebuilt source", async (t) => {
  const { source, target } = lab;
  const page = await Deno.readTextFile(new URL("../../docs/restore.md", import.meta.url));
  const blocks = blocksOf(page);
  strictEqual([...page.matchAll(/^```sh/gm)].length, [...blocks.values()].flat().length, "a block without a host");
  const type = async (heading: string, from?: number, to?: number) => {
    const section = blocks.get(heading);
    ok(section, `no heading ${heading}`);
    for (const { host, script } of section.slice(from, to)) {
      // In each line, every program that fails ends it.
      await lab[host].sh(`set -e\n${script}`, { timeoutMs: 600_000 });
    }
  };
  const trees = [{ host: source, top: "tank/data" }, { host: target, top: "tank/data" }] as const;
  const key = "a passphrase of some length\n";

  await makePools(lab);
  await Promise.all([source, target].map((host) => host.write("/root/secret.key", key, 0o600)));
  await source.sh(`zfs create -o recordsize=64k tank/data && zfs create tank/data/child
    zfs create -o encryption=on -o keyformat=passphrase -o keylocation=file:///root/secret.key tank/data/secret
    for d in data data/child data/secret; do echo one >/tank/$d/file; done`);
  await replicateWell(source, "tank/data", "target");

  await t.step("turned round", async () => {
    await source.sh("echo last >/tank/data/child/last");
    await type("Turn the direction round", 0, 1);
    await type("Bring the copy into service");
    const { stdout } = await target.sh(`cat /srv/data/child/last /srv/data/secret/file
      for d in . child secret; do echo served >/srv/data/$d/served; done`);
    strictEqual(stdout, "last\none\n");
    await type("Turn the direction round", 1);
    await assertNewestCopied(trees[1], trees[0]);
    strictEqual((await source.sh("grep tank/data /proc/mounts; true")).stdout, "");
  });

  await t.step("the source is lost, built anew, and filled from the target", async () => {
    await source.destroyPools();
    await source.makePool("tank");
    await type("Pull it back to a rebuilt source", 0, 1);
    await target.sh("echo meanwhile >/srv/data/child/meanwhile");
    await type("Pull it back to a rebuilt source", 1, 3);
    await assertNewestCopied(trees[1], trees[0]);
    const { stdout } = await source.sh("cat /tank/data/child/meanwhile /tank/data/secret/served");
    strictEqual(stdout, "meanwhile\nserved\n");
    await source.sh("echo back >/tank/data/secret/back");
    await type("Pull it back to a rebuilt source", 3);
    await assertNewestCopied(...trees);
    strictEqual((await target.sh("grep tank/data /proc/mounts; true")).stdout, "");
    const { run } = await replicateWell(source, "--no-snapshot", "tank/data", "target");
    strictEqual(run.bytes, 0);
  });
});
