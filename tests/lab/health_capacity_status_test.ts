// Am I protected? Health, capacity, status, metrics and the log, of real pools in real trouble, with real mail.

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { LabHost } from "../../lab/lab.ts";
import { bzman, replicate, replicateWell } from "./support/bzman.ts";
import { makeSuspended } from "./support/faults.ts";
import { awaitMail, plainText, subjects } from "./support/mailbox.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { makePools } from "./support/trees.ts";

const lab = sharedLab();

/** Makes a mirror of two files. */
async function makeMirror(host: LabHost, pool: string): Promise<void> {
  await host.sh(`cd /pools && rm -f ${pool}.1 ${pool}.2 && truncate -s 200M ${pool}.1 ${pool}.2
    zpool create -f ${pool} mirror /pools/${pool}.1 /pools/${pool}.2`);
}

const firstLine = (text: string): string => text.split("\n")[0] ?? "";

Deno.test("health: an alert's whole life, from pools that fail", async (t) => {
  const { source } = lab;
  await makeMirror(source, "tank");

  await t.step("a pool that is well", async () => {
    const { code, stdout, stderr } = await bzman(source, ["health"]);
    strictEqual(`${code} ${firstLine(stdout)} ${stderr}`, "0 OK: tank is healthy ");
    match(stdout, /^tank +OK +ONLINE +none +never$/m);
  });

  await t.step("a scrub that never was counts from the pool's creation", async () => {
    const { code, stdout } = await bzman(source, ["health", "tank", "--scrub-age", "1s"]);
    strictEqual(code, 1);
    match(firstLine(stdout), /^WARNING: tank: no scrub is known, and it is .* old$/);
    match(stdout, /^ +fix: zpool scrub tank$/m);
    deepStrictEqual(subjects(await awaitMail(source, 1)).map((line) => line.slice(0, 45)), [
      "[WARNING] source: tank: no scrub is known, an",
    ]);
  });

  await t.step("the same again is no news; its end is", async () => {
    strictEqual((await bzman(source, ["health", "--scrub-age", "1s", "--quiet"])).code, 1);
    await source.sh("zpool scrub -w tank");
    const { code, stdout } = await bzman(source, ["health"]);
    strictEqual(code, 0);
    match(stdout, /^tank +OK +ONLINE +none +.* ago$/m);
    strictEqual(subjects(await awaitMail(source, 2))[1], "[OK] source: tank: health is OK again");
  });

  await t.step("a degraded pool names its disk, and is mailed once", async () => {
    await source.sh("zpool offline -f tank /pools/tank.2");
    for (let n = 0; n < 2; n += 1) {
      const { code, stdout } = await bzman(source, ["health", "--json"]);
      strictEqual(code, 1);
      const report = JSON.parse(stdout);
      strictEqual(report.verdict, "warning");
      strictEqual(report.pools[0].state, "DEGRADED");
      match(report.findings[0].text, /^it is DEGRADED: \/pools\/tank\.2 is FAULTED/);
    }
    const mails = await awaitMail(source, 3);
    strictEqual(mails.length, 3);
    match(plainText(mails[2] ?? ""), /fix: zpool status -x tank/);
  });

  await t.step("errors of a disk are counted, and damage is critical", async () => {
    await source.makePool("single", { disk: "file" });
    await source.sh(`dd if=/dev/urandom of=/single/data bs=1M count=60 status=none; zpool sync single
      dd if=/dev/urandom of=/pools/single bs=1M seek=10 count=300 conv=notrunc status=none; zpool scrub -w single`);
    const { code, stdout } = await bzman(source, ["health", "single"]);
    strictEqual(code, 2);
    match(
      firstLine(stdout),
      /^CRITICAL: single: \d+ files? or blocks? (?:is|are) permanently damaged \(and \d more\)$/,
    );
    match(stdout, /^WARNING +single: \/pools\/single had \d+ .*checksum errors$/m);
  });
});

Deno.test("health: suspended I/O is told in bounded time, and beside it the others; a host that is away is unknown", async (t) => {
  const { source, target } = lab;
  await makeSuspended(source, "hung");
  await makeMirror(source, "tank");
  await source.sh("bzman health tank >/dev/null");

  await t.step("suspended", async () => {
    const { code, stdout } = await bzman(source, ["health"], { timeoutMs: 180_000 });
    strictEqual(code, 2);
    match(firstLine(stdout), /^CRITICAL: hung: its I\/O is suspended/);
    match(stdout, /^tank +OK +ONLINE/m);
    match(subjects(await awaitMail(source, 1))[0] ?? "", /^\[CRITICAL\] source: hung: its I\/O is suspended/);
  });

  await t.step("-m and -c together end with the worst, and nothing hangs", async () => {
    const { code, stdout } = await bzman(source, ["-m", "-c"], { timeoutMs: 240_000 });
    strictEqual(code, 3);
    match(stdout, /^UNKNOWN: hung: its I\/O is suspended/m);
    match(stdout, /^CRITICAL: hung: its I\/O is suspended/m);
    deepStrictEqual(subjects(await source.mailbox()).filter((line) => line.includes("tank")), []);
  });

  await t.step("a pool that is not there, a host that does not answer", async () => {
    const gone = await bzman(source, ["health", "target:tank", "--quiet"]);
    strictEqual(`${gone.code}${gone.stdout}`, "2");
    await target.freeze();
    try {
      const { code, stdout } = await bzman(source, ["health", "tank", "target:tank"], { timeoutMs: 180_000 });
      strictEqual(code, 3);
      match(firstLine(stdout), /^UNKNOWN: target:tank: /);
      match(stdout, /^tank +OK/m);
    } finally {
      await target.thaw();
    }
  });
});

Deno.test("capacity: free space, quotas, and a target's pool", async () => {
  const { source, target } = lab;
  await Promise.all([makeMirror(source, "tank"), target.makePool("tank", { disk: "file" })]);
  strictEqual((await bzman(source, ["capacity", "--quiet"])).code, 0);
  const both = await bzman(source, ["capacity", "tank", "target:tank"]);
  strictEqual(both.code, 0);
  match(both.stdout, /^OK: tank has .* free, (?:9\d|100)\.\d %; target:tank has .* free, (?:9\d|100)\.\d %$/m);
  await source.sh(`zfs create -o quota=10M tank/small; dd if=/dev/urandom of=/tank/small/f bs=1M count=20 status=none
    dd if=/dev/urandom of=/tank/data bs=1M count=120 status=none; zpool sync tank; true`);
  const { code, stdout } = await bzman(source, ["capacity", "--json"]);
  const report = JSON.parse(stdout);
  const checks = report.findings.map(({ check, verdict }: Record<string, string>) => `${check} ${verdict}`);
  ok(checks.includes("quota-nearly-full warning"), stdout);
  ok(checks.some((check: string) => check.startsWith("space-low")), stdout);
  strictEqual(code, { warning: 1, critical: 2 }[report.verdict as "warning" | "critical"]);
  match(subjects(await awaitMail(source, 1))[0] ?? "", /^\[(?:WARNING|CRITICAL)\] source: tank: .* free, \d/);
});

Deno.test("status: from the record alone; metrics and the log of the same", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh("zfs create tank/home && zfs create tank/scratch && echo one >/tank/home/file");

  await t.step("without a record nothing can be told", async () => {
    const { code, stdout } = await bzman(source, ["status"]);
    strictEqual(code, 3);
    match(firstLine(stdout), /^UNKNOWN: .*nothing is recorded there yet/);
  });

  await t.step("protected", async () => {
    await replicateWell(source, "tank", "target", "--exclude", "scratch");
    const { code, stdout } = await bzman(source, ["status", "--objective", "1h"]);
    strictEqual(code, 0);
    match(firstLine(stdout), /^OK: tank>target: 2 datasets, at most .* behind; no job covers 1 more$/);
    match(stdout, /^tank\/home +tank\/home +OK /m);
    match(stdout, /^note +no job replicates tank\/scratch$/m);
  });

  await t.step("the target is down: a failed run is a warning, the lag is known all the same", async () => {
    await target.powerOff();
    try {
      strictEqual((await replicate(source, "tank", "target", "--retries", "0", "--exclude", "scratch")).code, 3);
      const late = await bzman(source, ["status", "--objective", "1h"]);
      strictEqual(late.code, 1);
      match(firstLine(late.stdout), /^WARNING: tank>target: its last run failed/);
      const { code, stdout } = await bzman(source, ["status", "--objective", "1s", "--json"]);
      strictEqual(code, 2);
      const report = JSON.parse(stdout);
      deepStrictEqual(report.findings.map(({ check }: { check: string }) => check === "lag").includes(true), true);
      strictEqual(report.jobs[0].failureStreak, 1);
      ok(report.jobs[0].datasets.every(({ lagMs }: { lagMs: number }) => lagMs > 0));
    } finally {
      await target.powerOn();
    }
  });

  await t.step("what only the target has is named", async () => {
    await source.sh("zfs destroy -r tank/home");
    await replicateWell(source, "tank", "target", "--exclude", "scratch");
    const { stdout } = await bzman(source, ["status", "tank>target", "--objective", "1h"]);
    match(stdout, /^note +tank>target: only the target has tank\/home$/m);
  });

  await t.step("metrics are written in one step", async () => {
    await source.sh("bzman metrics --output /root/bzman.prom");
    const { stdout } = await source.sh("cat /root/bzman.prom; ls /root/bzman.prom*");
    match(
      stdout,
      /^bzman_job_last_run_success\{bzman_job="tank>target",source="source:tank",target="target:tank"\} 1$/m,
    );
    match(stdout, /^bzman_pool_used_bytes\{host="target",pool="tank"\} \d+$/m);
    match(stdout, /^\/root\/bzman\.prom\n$/m);
  });

  await t.step("the log in each form", async () => {
    const table = await bzman(source, ["log"]);
    match(table.stdout, / incremental-\S+Z +\S+ \S+ +\S.* ok$/m);
    const csv = (await bzman(source, ["log", "--dataset", "--format", "csv"])).stdout.split("\r\n");
    match(csv[0] ?? "", /^run,started_at,dataset,target,/);
    ok(csv.some((line) => /,tank\/home,tank\/home,.*,ok,,$/.test(line)), csv.join("\n"));
    const failed = JSON.parse((await bzman(source, ["log", "--failed", "--since", "1h", "--format", "json"])).stdout);
    deepStrictEqual(failed.runs.map(({ result }: { result: string }) => result), ["refused"]);
  });

  await t.step("a dead-man's switch is called at the start and at the end, by the run that has the lock", async () => {
    // It answers when it was asked, and not before: a client would take that for a fault.
    const server = `#!/bin/sh
      read -r line; echo "$line" >>/root/.bzman-pings
      while read -r header && [ "$header" != "$(printf '\\r')" ]; do :; done
      printf 'HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n'`;
    await source.write("/root/.bzman-ping-server", server, 0o755);
    await source.sh(`: >/root/.bzman-pings
      socat TCP-LISTEN:8099,bind=127.0.0.1,reuseaddr,fork EXEC:/root/.bzman-ping-server >/dev/null 2>&1 </dev/null &
      echo $! >/run/ping-server.pid; sleep 1`);
    try {
      const args = ["--exclude", "scratch", "--ping", "http://127.0.0.1:8099/uuid"];
      await replicateWell(source, "tank", "target", ...args);
      const script = `flock "$(ls -t /var/lib/bzman/locks/*.lock | head -n 1)" bzman replicate tank target ${
        args.join(" ")
      }`;
      strictEqual((await source.sh(script, { check: false })).code, 4);
      await target.sh("zpool export tank");
      strictEqual((await replicate(source, "tank", "target", ...args)).code, 3);
    } finally {
      await source.sh("kill $(cat /run/ping-server.pid)");
    }
    const { stdout } = await source.sh("cut -d ' ' -f 1,2 /root/.bzman-pings");
    strictEqual(stdout, "GET /uuid/start\nGET /uuid\nGET /uuid/fail\n");
  });
});
