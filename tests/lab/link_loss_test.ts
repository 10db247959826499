// The link dies in the middle of a stream: the run fails in bounded time and says so; the next one resumes where it stopped.

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { loggedRuns, replicate, replicateWell, type Replication } from "./support/bzman.ts";
import { awaitProcess, killDuring, killEach, leftovers } from "./support/faults.ts";
import { awaitMail } from "./support/mailbox.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertCopied, makePools } from "./support/trees.ts";

const lab = sharedLab();

/** More than the 16 MiB that wait in the buffer of a limited stream, so that the cut finds zfs at work. */
const mebibytes = 40;
const job = ["--no-snapshot", "tank/s", "target"];
/** The stream takes ten seconds; should it fail, the run tells every command. */
const slowly = ["--debug", "--bwlimit", "4M", ...job];
/** The stream takes more than a minute, so that a busy machine has time to cut it; and nothing is tried twice. */
const once = ["--retries", "0", "--bwlimit", "500k", ...job];
const remoteReceive = '^[^ ]*ssh .*"zfs" "receive"';
/** The stream is well under way, also behind the 2 MiB that ssh has on the way, and has most of its way to go. */
const underWay = { passedBytes: 5 * 2 ** 20 };

/** A dataset whose bytes do not compress, with a snapshot of everything and a later small one. */
async function makeSource(): Promise<void> {
  await makePools(lab);
  await lab.source.sh(`zfs create tank/s && dd if=/dev/urandom of=/tank/s/random bs=1M count=${mebibytes} status=none
    zfs snapshot tank/s@one && echo two >/tank/s/two && zfs snapshot tank/s@two`);
}

/** Checks that a run was cut: told by status, record and mail, with nothing left running here. */
async function assertCut(cut: Replication, errorClass: RegExp): Promise<void> {
  strictEqual(cut.code, 1);
  strictEqual(cut.run.result, "failed");
  match(cut.run.errorClass ?? "", errorClass);
  ok(cut.run.bytes > 0 && cut.run.bytes < mebibytes * 2 ** 20, `${cut.run.bytes} bytes before the cut`);
  deepStrictEqual((await loggedRuns(lab.source)).at(-1), cut.run);
  const [mail = ""] = await awaitMail(lab.source, 1);
  match(mail, /^Subject: \[\w+\] source: .*tank\/s>target/m);
  deepStrictEqual(await leftovers(lab.source), []);
}

/**
 * Checks that a run went on where an earlier one stopped, and that the copy is whole.
 *
 * @param cuts How often that run was cut itself: what waited in the buffer then was sent twice.
 */
async function assertResumed(rest: Replication, cut: Replication, cuts = 0): Promise<void> {
  const what = `${cut.run.bytes} bytes before, ${rest.run.bytes} after, ${rest.run.savedBytes} saved\n${rest.stderr}`;
  ok(rest.run.savedBytes > 2 ** 20, what);
  ok(rest.run.bytes < (mebibytes - 1 + cuts * 18) * 2 ** 20, what);
  await assertCopied({ host: lab.source, top: "tank/s" }, { host: lab.target, top: "tank/s" });
  match((await awaitMail(lab.source, 2))[1] ?? "", /^Subject: .*[Rr]ecovered|^Subject: .*OK/m);
  deepStrictEqual([await leftovers(lab.source), await leftovers(lab.target)], [[], []]);
}

Deno.test("ssh is killed: the next run resumes, and one that is cut again and again converges", async () => {
  const { source } = lab;
  await makeSource();
  const cut = await killDuring(source, remoteReceive, () => replicate(source, ...once), underWay);
  await assertCut(cut, /^ssh-lost$/);
  const [rest, kills] = await killEach(
    source,
    remoteReceive,
    { passedBytes: 12 * 2 ** 20 },
    () => replicateWell(source, ...slowly),
  );
  ok(kills >= 2, `it was cut ${kills} times only`);
  match(rest.stderr, /retrying in/);
  await assertResumed(rest, cut, kills);
});

Deno.test("packets are dropped: the stale receiver is ended by the next run, its part is kept", async () => {
  const { source, target } = lab;
  await makeSource();
  const running = replicate(source, ...once);
  await awaitProcess(source, remoteReceive, underWay);
  const { stdout: port } = await target.sh(
    "ss -Htn state established '( sport = :22 )' | awk '{print $4}' | sed 's/.*://' | sort -u | tr '\\n' ,",
  );
  await lab.cutLink();
  const began = Date.now();
  const cut = await running;
  ok(Date.now() - began < 60_000, "the dead link was noticed too late");
  await assertCut(cut, /^(ssh-lost|ssh-timeout)$/);
  // The link is back, but the old connection stays dead: the target's receiver waits for bytes that never come.
  await target.sh(`nft add table ip dead && nft add chain ip dead in '{ type filter hook input priority 0; }'
    nft add rule ip dead in tcp dport 22 tcp sport '{ ${port.replace(/,\s*$/, "")} }' drop`);
  try {
    await lab.healLink();
    ok((await leftovers(target)).some((line) => line.includes("zfs receive")), "no receiver is left to be ended");
    await assertResumed(await replicateWell(source, ...slowly), cut);
  } finally {
    await target.sh("nft delete table ip dead");
  }
});

Deno.test("the target loses power: the run ends in bounded time, the next one resumes", async () => {
  const { source, target } = lab;
  await makeSource();
  const running = replicate(source, ...once);
  await awaitProcess(source, remoteReceive, underWay);
  // What was received is on the disk with the next transaction group only.
  await target.sh("zpool sync");
  await target.powerOff();
  const cut = await running;
  await assertCut(cut, /^(ssh-lost|ssh-timeout)$/);
  await target.powerOn();
  await assertResumed(await replicateWell(source, ...slowly), cut);
});

Deno.test("the link dies under a package and stays dead: the run ends soon, and the next one brings what is left", async () => {
  const { source, target } = lab;
  await makePools(lab);
  await source.sh(`for i in "" /a /b /c; do zfs create tank/s$i || exit
    dd if=/dev/urandom of=/tank/s$i/random bs=1M count=8 status=none || exit; done`);
  const running = replicate(source, "--retries", "1", "--bwlimit", "500k", "tank/s", "target");
  await awaitProcess(source, remoteReceive, underWay);
  await lab.cutLink();
  const began = Date.now();
  let cut: Replication;
  try {
    cut = await running;
  } finally {
    await lab.healLink();
  }
  ok(Date.now() - began < 180_000, "a dead link kept the run for too long");
  strictEqual(cut.code, 1);
  match(cut.run.errorClass ?? "", /^ssh-/);
  await awaitMail(source, 1);
  deepStrictEqual(await leftovers(source), []);
  await replicateWell(source, "tank/s", "target");
  await assertCopied({ host: source, top: "tank/s" }, { host: target, top: "tank/s" });
});
