// Whatever zpool status can say of a pool that works on, health tells with the right verdict; and what was destroyed on the
// target after it had arrived is told by verify, status and the report.

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { bzman, replicateWell } from "./support/bzman.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { makePools } from "./support/trees.ts";

const lab = sharedLab();

interface Told {
  readonly code: number;
  /** `verdict check`, sorted. */
  readonly findings: readonly string[];
  readonly texts: string;
  readonly state: string;
}

/** What health tells of the pool `t` of the source. */
async function told(): Promise<Told> {
  const { code, stdout, stderr } = await bzman(lab.source, ["health", "t", "--json"]);
  ok(stdout.startsWith("{"), stdout + stderr);
  const report = JSON.parse(stdout) as {
    findings: { verdict: string; check: string; text: string }[];
    pools: { state: string }[];
  };
  return {
    code,
    findings: report.findings.map(({ verdict, check }) => `${verdict} ${check}`).sort(),
    texts: report.findings.map(({ text }) => text).join("\n"),
    state: report.pools[0]?.state ?? "",
  };
}

/** Makes the pool `t` of files of 200 MB, whose words are those of `zpool create`; `/pools/N` for N from 1 to 6 are there. */
async function pool(layout: string): Promise<void> {
  await lab.source.destroyPools();
  await lab.source.sh(`cd /pools && for n in 1 2 3 4 5 6; do rm -f $n; truncate -s 200M $n; done
    zpool create -f t ${layout}`);
}

/** So much that cannot be compressed. */
const fill = (mib: number): string => `dd if=/dev/urandom of=/t/data bs=1M count=${mib} status=none && zpool sync t`;

/** Resilvers and scrubs crawl, so that they can be looked at. */
const slow = (isSlow: boolean): string =>
  `echo ${isSlow ? 1 : 0} >/sys/module/zfs/parameters/zfs_scan_suspend_progress`;

/** ZFS begins a moment after the command that asks for it. */
const resilverBegins =
  `for n in $(seq 100); do zpool status t | grep -q 'resilver in progress' && break; sleep 0.1; done`;

Deno.test("health: a spare in use is a warning until it is detached, pool ONLINE or not", async () => {
  const { source } = lab;
  await pool("mirror /pools/1 /pools/2 spare /pools/3");
  await source.sh(`${fill(20)} && zpool replace t /pools/2 /pools/3 && zpool wait -t resilver,replace t`);
  const online = await told();
  deepStrictEqual([online.code, online.state, online.findings], [1, "ONLINE", ["warning spare-in-use"]], online.texts);
  match(online.texts, /the spare \/pools\/3 stands in for \/pools\/2, which is ONLINE again/);
  await source.sh("zpool offline -f t /pools/2");
  const degraded = await told();
  deepStrictEqual(degraded.findings, ["warning pool-degraded", "warning spare-in-use"], degraded.texts);
  // ZFS may have detached it by itself.
  await source.sh(`zpool clear t /pools/2 && zpool wait -t resilver t
    zpool detach t /pools/3 || zpool status t | grep -q '/pools/3 *AVAIL'`);
  const well = await told();
  deepStrictEqual([well.code, well.findings], [0, []], well.texts);
});

Deno.test("health: a resilver, a replacement and a paused scrub are told with their progress", async (t) => {
  const { source } = lab;
  await pool("mirror /pools/1 /pools/2");
  await source.sh(fill(60));
  await t.step("a replacement while the old disk is whole", async () => {
    await source.sh(slow(true));
    try {
      await source.sh(`zpool replace t /pools/2 /pools/3; ${resilverBegins}`);
      const whole = await told();
      deepStrictEqual([whole.code, whole.findings], [0, ["ok resilver"]], whole.texts);
      const text = (await bzman(source, ["health", "t"])).stdout;
      match(text, /^OK: t is well\n/);
      match(text, /^note +t: a resilver is under way/m);
    } finally {
      await source.sh(slow(false));
    }
    await source.sh("zpool wait -t resilver,replace t");
  });
  await t.step("a disk that comes back holds no whole copy", async () => {
    await source.sh(`zpool offline t /pools/3 && ${fill(60)}; ${slow(true)}; zpool online t /pools/3
      ${resilverBegins}`);
    try {
      const reduced = await told();
      deepStrictEqual([reduced.code, reduced.findings], [1, ["warning resilver"]], reduced.texts);
      match(reduced.texts, /until then redundancy is reduced: (?:\/pools\/3|ZFS does not tell yet)/);
    } finally {
      await source.sh(slow(false));
    }
    await source.sh("zpool wait -t resilver t");
  });
  await t.step("a paused scrub", async () => {
    await source.sh(`${slow(true)}; zpool scrub t && zpool scrub -p t; ${slow(false)}`);
    const paused = await told();
    deepStrictEqual([paused.code, paused.findings], [0, ["ok scrub-paused"]], paused.texts);
  });
});

Deno.test("health: a faulted device is told whatever group it stands in", async () => {
  const { source } = lab;
  for (const [role, spec] of [["log", "log"], ["special", "special mirror"], ["dedup", "dedup mirror"]] as const) {
    await pool(`mirror /pools/1 /pools/2 ${spec} /pools/3 ${spec.endsWith("mirror") ? "/pools/4" : ""}`);
    await source.sh("zpool offline -f t /pools/3");
    const { code, texts, findings } = await told();
    strictEqual(code, 1, role);
    match(texts, /\/pools\/3 is FAULTED/, `${role}: ${findings.join()}`);
  }
  // A cache and a spare need a device that goes away.
  await pool("mirror /pools/1 /pools/2 cache $(losetup -f --show /pools/4) spare /pools/5");
  await source.sh("zpool offline t $(losetup -n -O NAME -j /pools/4)");
  const cache = await told();
  deepStrictEqual([cache.code, cache.state, cache.findings], [1, "ONLINE", ["warning spare-or-cache"]], cache.texts);
  await source.sh("zpool destroy t; losetup -D");
});

Deno.test("health: a removal, an expansion and a checkpoint are told", async (t) => {
  const { source } = lab;
  const limit = "/sys/module/zfs/parameters";
  await t.step("a removal", async () => {
    await pool("/pools/1 /pools/2");
    await source.sh(`${fill(40)}; echo 1 >${limit}/zfs_removal_suspend_progress; zpool remove t /pools/2`);
    try {
      const { code, findings, texts } = await told();
      deepStrictEqual([code, findings], [0, ["ok removal"]], texts);
      match(texts, /the removal of \/pools\/2 is under way/);
    } finally {
      await source.sh(`echo 0 >${limit}/zfs_removal_suspend_progress`);
    }
    await source.sh("zpool wait -t remove t");
    deepStrictEqual((await told()).findings, []);
  });
  await t.step("a checkpoint", async () => {
    await pool("/pools/1");
    await source.sh("zpool checkpoint t");
    const { code, findings, texts } = await told();
    deepStrictEqual([code, findings], [0, ["ok checkpoint"]], texts);
  });
  await t.step("an expansion", async () => {
    await pool("raidz1 /pools/1 /pools/2 /pools/3");
    await source.sh(`${fill(100)}; echo 1 >${limit}/raidz_expand_max_reflow_bytes; zpool attach t raidz1-0 /pools/4`);
    try {
      const { code, findings, texts } = await told();
      deepStrictEqual([code, findings], [0, ["ok expansion"]], texts);
    } finally {
      await source.sh(`echo 0 >${limit}/raidz_expand_max_reflow_bytes`);
    }
    await source.sh("zpool wait -t raidz_expand t");
    deepStrictEqual((await told()).findings, []);
  });
});

Deno.test("what had been received and is gone is told by verify, status and the report, also without the record", async () => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh("zfs create tank/home && echo one >/tank/home/file");
  await replicateWell(source, "tank", "target");
  await source.sh("echo two >/tank/home/file");
  await replicateWell(source, "tank", "target");
  const newest = (await target.sh("zfs list -H -o name -t snapshot -S createtxg tank/home | head -n 1")).stdout.trim();
  await target.sh(`zfs destroy '${newest}'`);
  const gone = /one snapshot \(.*\) had been received and is gone from the copy/;

  const verify = await bzman(source, ["verify", "tank", "target"]);
  strictEqual(verify.code, 2, verify.stdout + verify.stderr);
  match(verify.stdout, gone);
  const status = await bzman(source, ["status"]);
  strictEqual(status.code, 2, status.stdout);
  match(status.stdout, gone);
  match(status.stdout, /tank\/home/);
  match((await source.sh("bzman report --json")).stdout, gone);
  const without = await bzman(source, ["verify", "tank", "target", "--db", "/root/other.db"]);
  match(without.stdout, gone);

  // What the destroyed snapshot held counts as written to the copy.
  await replicateWell(source, "tank", "target", "--on-divergence", "rollback");
  strictEqual((await bzman(source, ["verify", "tank", "target"])).code, 0);
  strictEqual((await bzman(source, ["status"])).code, 0);
});
