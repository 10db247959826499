// The hour that comes twice, and snapshots from the future: what counts is the order of the pool, and UTC.

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { bzman, replicateWell } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, assertNewestCopied, makePools } from "./support/trees.ts";

const lab = sharedLab();

/** Sets the clocks of both hosts. */
const setClocks = (time: string) =>
  Promise.all([lab.source, lab.target].map((host) => host.sh(`date -s '${time}' >/dev/null`)));

// Whoever works on these hosts next lives in the present.
Deno.test.afterEach(async () => {
  await setClocks(`@${Math.floor(Date.now() / 1000)}`);
});

Deno.test("the hour that comes twice: each run has a name of its own, and ages are true", async () => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh("zfs create tank/h");
  const names: string[] = [];
  // In New York 01:30 is at 05:30 UTC, and an hour later once more.
  for (const hour of ["04:30", "05:30", "06:30", "07:30"]) {
    await setClocks(`2026-11-01 ${hour}:00Z`);
    await source.sh(`TZ=America/New_York; export TZ; date >>/tank/h/file
      bzman replicate --quiet --keep 150m tank/h target`);
    names.push((await source.sh("zfs list -H -t snapshot -S createtxg -o name tank/h | head -n 1")).stdout.trim());
  }
  deepStrictEqual(
    // To the minute: a busy machine takes seconds until the snapshot.
    names.map((name) => name.slice(-20, -4)),
    ["04:30", "05:30", "06:30", "07:30"].map((hour) => `2026-11-01T${hour}`),
  );
  // The oldest is three hours old by now, whatever the clock on the wall says.
  for (const host of [source, target]) deepStrictEqual([...(await host.guids("tank/h")).keys()].sort(), names.slice(1));
  const { stdout } = await bzman(source, ["status", "--json"], { env: { TZ: "America/New_York" } });
  ok(!/-\d+ ?(?:s|m|h)\b/.test(stdout), stdout);
  await assertCopied({ host: source, top: "tank/h" }, { host: target, top: "tank/h" });
});

Deno.test("snapshots from the future: used as what they are, kept, and no age is below zero", async () => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh("zfs create tank/f && echo one >/tank/f/file");
  await setClocks("2031-01-01 00:00:00Z");
  await replicateWell(source, "tank/f", "target");
  await source.sh("zfs snapshot tank/f@by-hand");
  await setClocks("2030-01-01 00:00:00Z");
  await source.sh("echo two >/tank/f/file");
  const { run } = await replicateWell(source, "--keep", "1h", "tank/f", "target");
  strictEqual(run.datasets[0]?.kind, "incremental");
  await source.sh("echo three >/tank/f/file; sleep 1");
  await replicateWell(source, "--keep", "none", "tank/f", "target");
  await assertNewestCopied({ host: source, top: "tank/f" }, { host: target, top: "tank/f" });
  ok([...(await target.guids("tank/f")).keys()].includes("tank/f@by-hand"));
  for (
    const args of [["status"], ["log"], ["verify", "tank/f", "target"], ["report", "--output", "/tmp/report.html"]]
  ) {
    const { code, stdout, stderr } = await bzman(source, args);
    ok(code <= 1, `${args}: ${code}\n${stdout}${stderr}`);
    ok(!/(?:^|\s)-\d+ ?(?:s|min|m|h|d)\b/m.test(stdout), `${args}: ${stdout}`);
  }
  match((await bzman(source, ["status"])).stdout, /tank\/f/);
});
