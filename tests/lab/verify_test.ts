// A copy is proven by the GUIDs of its snapshots and by what is in them; what is broken is told; nothing is left behind, also
// when the look is cut off.

import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { awaitDevice, type LabHost } from "../../lab/lab.ts";
import { bzman, replicateWell } from "./support/bzman.ts";
import { awaitProcess, withFake } from "./support/faults.ts";
import { sharedLab } from "./support/shared_lab.ts";
import { assertUntouched, makePools } from "./support/trees.ts";

const lab = sharedLab();

const keyFile = "/root/.bzman-test-key";
const encrypted = `-o encryption=on -o keyformat=passphrase -o pbkdf2iters=100000 -o keylocation=file://${keyFile}`;
const pair = ["tank/data", "target:tank/copy"] as const;

Deno.test("a copy is proven, what is broken is told, and nothing is left behind", async (t) => {
  const { source, target } = lab;
  await makePools(lab);
  await source.write(keyFile, "a long passphrase\n", 0o600);
  await source.sh(`zfs create tank/data && zfs create -o atime=off 'tank/data/with space'
    zfs create ${encrypted} tank/data/vault && zfs create -V 4M 'tank/data/a volume'
    cd '/tank/data/with space' && echo 1 >"$(printf 'new\\nline')" && echo 2 >"$(printf 'bad\\377')" && echo 3 >-n
    mkdir deep && ln -s nowhere deep/link && dd if=/dev/urandom of=deep/random bs=64k count=9 status=none
    echo secret >/tank/data/vault/file
    ${awaitDevice("tank/data/a volume")}
    dd if=/dev/urandom of='/dev/zvol/tank/data/a+volume' bs=1M count=2 status=none`);
  await replicateWell(source, ...pair);
  await source.sh("echo more >/tank/data/file && zfs snapshot -r tank/data@by-hand");
  await replicateWell(source, ...pair);
  const verify = (...args: readonly string[]) => bzman(source, ["verify", ...pair, ...args]);

  await t.step("by GUIDs: well", async () => {
    const { code, stdout, stderr } = await verify();
    match(stdout, /^OK: tank\/data>target:tank\/copy: 4 datasets, 12 snapshots in common\n/);
    deepStrictEqual([code, stderr], [0, ""]);
  });

  await t.step(
    "by all contents: well, nothing mounted, no property changed, the key that is missing told",
    async () => {
      const { code, stdout, stderr } = await assertUntouched(
        source,
        "tank",
        () => assertUntouched(target, "tank", () => verify("--content", "all")),
      );
      await assertNothingLeft();
      match(
        stdout,
        /^OK: .*; 5 files and 4 MiB of volumes compared; one dataset not read \(key not loaded\)\n/,
        stdout + stderr,
      );
      match(stdout, /^tank\/data\/a volume +OK .* all 4 MiB$/m);
      match(stdout, /^tank\/data\/with space +OK .* all 4 files$/m);
      match(
        stdout,
        /^note .*tank\/data\/vault: cannot be read, the key is not loaded: tank\/copy\/vault on target$/m,
      );
      strictEqual(code, 0);
    },
  );

  await t.step("by a sample, as JSON, while the snapshots of a filesystem are visible", async () => {
    await source.sh("zfs set snapdir=visible 'tank/data/with space'");
    const { code, stdout } = await verify("--content", "1", "--json");
    await source.sh("zfs inherit snapdir 'tank/data/with space'");
    const told = JSON.parse(stdout) as { verdict: string; datasets: { dataset: string; content: unknown }[] };
    deepStrictEqual([code, told.verdict], [0, "ok"]);
    const contents = Object.fromEntries(told.datasets.map(({ dataset, content }) => [dataset, content]));
    deepStrictEqual(contents["tank/data/with space"], { result: "same", unit: "files", checked: 1, of: 4 });
    deepStrictEqual(contents["tank/data/a volume"], { result: "same", unit: "MiB", checked: 1, of: 4 });
    await assertNothingLeft();
  });

  await t.step("other bytes on one side are told by name", async () => {
    const found = await withFake(
      target,
      "sha256sum",
      // What it says of files, but not what it says of the list of them.
      `case $1 in -z) $real "$@" | tr 0123 1230;; *) exec $real "$@";; esac`,
      () => verify("--content", "all", "--exclude", "*volume", "--exclude", "vault"),
    );
    strictEqual(found.code, 2, found.stdout + found.stderr);
    match(found.stdout, /^CRITICAL: tank\/data@incremental-[^ ]+: the contents of 1 of 1 files differ: file /);
  });

  for (
    const [what, signal, program, args] of [
      ["files are read", "TERM", "sha256sum", [...pair, "--content", "all"]],
      // Alone: a volume is a top then.
      ["a volume is read", "KILL", "dd", ["tank/data/a volume", "target:tank/copy/a volume", "--content", "all"]],
    ] as const
  ) {
    await t.step(`SIG${signal} while ${what} ends all within 10 seconds and leaves nothing`, async () => {
      await withFake(target, program, "exec sleep 300", async () => {
        const words = args.map((word) => `'${word}'`).join(" ");
        const running = source.sh(`echo $$ >/run/verify.pid; exec bzman verify ${words}`, {
          check: false,
          timeoutMs: 300_000,
        });
        await awaitProcess(target, "^sleep 300$");
        await source.sh(`kill -${signal} $(cat /run/verify.pid)`);
        const { code } = await running;
        if (signal === "TERM") strictEqual(code, 143);
        await Promise.all([source, target].map((host) => settled(host)));
      });
      await assertNothingLeft();
    });
  }

  await t.step("a snapshot destroyed on the target is a warning", async () => {
    await target.sh("zfs destroy 'tank/copy/with space@by-hand'");
    const { code, stdout } = await verify();
    match(stdout, /^WARNING: tank\/data\/with space: its copy lacks one snapshot \(by-hand\)/);
    strictEqual(code, 1);
  });

  await t.step(
    "a missing child, and a copy that has diverged, are critical; an unknown source is UNKNOWN",
    async () => {
      await target.sh(`zfs set readonly=off 'tank/copy/a volume' && echo x >'/dev/zvol/tank/copy/a+volume'
      zfs snapshot 'tank/copy/a volume@own' && zfs inherit -S readonly 'tank/copy/a volume'
      zfs destroy -r 'tank/copy/with space'`);
      const { code, stdout } = await verify();
      const lost = "tank/data/with space: is missing on target, where it should be tank/copy/with space";
      match(stdout, new RegExp(`^CRITICAL: ${lost} \\(and 1 more\\)\n`));
      match(stdout, new RegExp(`^CRITICAL  ${lost}\n +fix: bzman replicate tank/data target:tank/copy$`, "m"));
      match(stdout, /^CRITICAL {2}tank\/data\/a volume: the target has diverged: .* 1 snapshot \(own\)/m);
      strictEqual(code, 2);
      const none = await bzman(source, ["verify", "tank/none", "target"]);
      match(none.stdout, /^UNKNOWN: there is no dataset tank\/none/);
      strictEqual(none.code, 3);
    },
  );
});

/** Proves that no snapshot is mounted, in any namespace, that none has a device, and that no property remembers one. */
async function assertNothingLeft(): Promise<void> {
  for (const host of [lab.source, lab.target]) {
    const { stdout } = await host.sh(`cat /proc/[0-9]*/mounts 2>/dev/null | grep '@' | sort -u
      ls -d /dev/zvol/tank/*/*@* 2>/dev/null
      zfs get -H -r -t filesystem,volume -s local,received -o name,property,value snapdev,bzman:snapdev tank; true`);
    strictEqual(stdout, "", host.name);
  }
}

/** Waits at most 10 seconds for all that a look into snapshots runs. */
async function settled(host: LabHost): Promise<void> {
  await host.sh(`n=0; while ps -e -o args= | grep -E '^sleep 300$|bzman-verif[y]'; do
    n=$((n + 1)); [ $n -le 10 ] || exit 1; sleep 1
  done`);
}
