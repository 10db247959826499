// The scripts that look into snapshots, run by real shells and programs; only what needs ZFS is played: `mount` binds a folder.

import assert from "node:assert/strict";
import { compareFiles } from "../../src/core/verify/compare_files.ts";
import { readContent } from "../../src/core/verify/read_content.ts";
import type { Host } from "../../src/core/ports.ts";
import { hashAllFiles, hashFiles, listFiles, shownPath } from "../../src/zfs/arguments/snapshot_files.ts";
import { hashBlocks } from "../../src/zfs/arguments/snapshot_blocks.ts";
import { parseDatasetName, parseGuid } from "../../src/zfs/names/names.ts";
import type { Snapshot } from "../../src/zfs/names/version.ts";
import { alive, eventually, fakeHosts, fixtures } from "./fixtures.ts";

const limits = { signal: new AbortController().signal, timeoutMs: 30_000 };
const canMount = (await new Deno.Command("unshare", { args: ["-m", "true"], stderr: "null" }).output()).success;

function snapshot(name: string): Snapshot {
  return { kind: "snapshot", dataset: parseDatasetName(name), name: "now", guid: parseGuid("1"), createtxg: 1n };
}

/** What `sh` is on Debian, Red Hat and Alpine, as far as it is here. */
const shells = ["/bin/dash", "/bin/bash", "/bin/busybox"].filter((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
});

/** The stand-in for ssh sleeps for 1000 seconds, as its master. */
const masterSleeps = '[ "$1" != 1000 ] || exec /bin/sleep 1000; ';

/** A folder whose subfolders are the "snapshots", with programs of its own in `bin`. */
async function world(
  script: string,
  programs: Readonly<Record<string, string>> = {},
  shell = "/bin/sh",
): Promise<string> {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/bin`);
  await Deno.symlink(shell, `${folder}/bin/sh`);
  const mount =
    `[ -d "${folder}/$6" ] || { echo "filesystem '$6' cannot be mounted, unable to open the dataset" >&2; exit 1; }
exec /bin/mount --bind "${folder}/$6" "$7"`;
  for (const [name, text] of Object.entries({ mount, ...programs })) {
    await Deno.writeTextFile(`${folder}/bin/${name}`, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }
  await sh(`cd ${folder} && ${script}`);
  return folder;
}

async function sh(script: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("sh", { args: ["-c", script] }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

function hostsOf(folder: string) {
  return fakeHosts({ PATH: `${folder}/bin:${fixtures}:/usr/sbin:/usr/bin:/sbin:/bin` });
}

const hostile = `fill() { mkdir -p "$1/sub dir" "$1/-d" "$1/.zfs"; cd "$1"
  printf a >"$(printf 'new\\nline')"; printf b >"$(printf 'bad\\377\\376utf')"; printf c >'-rf'; printf d >'sub dir/*'
  printf e >"$(printf 'back\\\\slash "quoted" $HOME')"; printf f >-d/-; ln -s nowhere link; mkfifo pipe; : >.zfs/hidden
  printf g >"$(printf '\\033[2J')"; touch -h -d @1000 link; find . -exec touch -h -d @1000 {} +; cd ..; }
fill tank@now; fill copy@now`;

Deno.test({
  name: "files of hostile names are listed, hashed and named alike on both sides, here and behind ssh",
  ignore: !canMount,
  async fn() {
    const folder = await world(hostile, {}, shells.at(-1));
    await using hosts = hostsOf(folder);
    const [here, there] = [hosts.local as Host, hosts.at("target")];
    const [a, b] = [snapshot("tank"), snapshot("copy")];
    const read = async <T>(host: Host, command: Parameters<typeof readContent<T>>[1]): Promise<T> => {
      const reading = await readContent(host, command, limits);
      assert.ok(reading.kind === "read", JSON.stringify(reading));
      return reading.value;
    };
    const [list, copy] = [await read(here, listFiles(a)), await read(there, listFiles(b))];
    assert.deepEqual(copy, list);
    assert.equal(list.files, 7);
    const range = [{ first: 2, last: 3 }, { first: 7, last: 7 }];
    const [hashes, same] = [await read(here, hashFiles(a, range)), await read(there, hashFiles(b, range))];
    assert.deepEqual(same, hashes);
    assert.equal(hashes.length, 3);
    const names = (await read(there, hashFiles(b, [{ first: 1, last: 9 }]))).map(shownPath);
    assert.deepEqual(names.toSorted(), [
      "\x1b[2J",
      "-d/-",
      "-rf",
      'back\\slash "quoted" $HOME',
      "bad��utf",
      "new\nline",
      "sub dir/*",
    ]);
    assert.deepEqual(await read(here, hashAllFiles(a)), await read(there, hashAllFiles(b)));

    const pair = {
      dataset: undefined as never,
      type: "filesystem",
      source: a,
      target: b,
      bytes: 0n,
    } as const;
    const ports = { source: here, target: there, signal: limits.signal, random: () => 0 };
    assert.deepEqual(await compareFiles(pair, "all", ports), { kind: "same", unit: "files", checked: 7, of: 7 });
    assert.deepEqual(await compareFiles(pair, 2, ports), { kind: "same", unit: "files", checked: 2, of: 7 });
    // Same size, same time, other content.
    await sh(`cd ${folder}/copy@now && printf X >-d/- && touch -d @1000 -- -d/- -d`);
    assert.deepEqual(await compareFiles(pair, "all", ports), {
      kind: "differs",
      text: "the contents of 1 of 7 files differ",
      names: ["-d/-"],
    });
    await sh(`: >"${folder}/copy@now/more"`);
    assert.deepEqual(await compareFiles(pair, 1, ports), {
      kind: "differs",
      text: "the lists of files differ: 7 files on the source, 8 on the target",
      names: [],
    });
    assert.equal(await sh(`grep -c ${folder} /proc/mounts; true`), "0\n");
    const gone = await readContent(here, listFiles(snapshot("gone")), limits);
    assert.equal(gone.kind, "gone");
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "thousands of files come in chunks, and the one that differs is found by name; an empty snapshot has none",
  ignore: !canMount,
  async fn() {
    const folder = await world(
      `mkdir tank@now copy@now void@now; for d in tank@now copy@now; do (cd $d; seq 1500 | xargs touch -d @1000; touch -d @1000 .); done`,
    );
    await using hosts = hostsOf(folder);
    const ports = { source: hosts.local, target: hosts.at("target"), signal: limits.signal, random: () => 0.999 };
    const pair = (target: string) => ({
      dataset: undefined as never,
      type: "filesystem" as const,
      source: snapshot("tank"),
      target: snapshot(target),
      bytes: 0n,
    });
    const chunks = await readContent(ports.source, hashAllFiles(snapshot("tank")), limits);
    assert.equal(chunks.kind === "read" && chunks.value.length, 2);
    assert.equal((await compareFiles(pair("copy"), "all", ports)).kind, "same");
    const void_ = { ...pair("void"), source: snapshot("void") };
    assert.deepEqual(await compareFiles(void_, "all", ports), { kind: "same", unit: "files", checked: 0, of: 0 });
    await sh(`cd ${folder} && echo x >copy@now/1234 && echo y >tank@now/1234 && touch -d @1000 ????@now/1234`);
    const found = await compareFiles(pair("copy"), "all", ports);
    assert.deepEqual(found.kind === "differs" && found.names, ["1234"]);
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "a file that cannot be read is damage, named with its host, however the pipe ended",
  ignore: !canMount,
  async fn() {
    const fake = 'for f; do case $f in ./bad) echo "sha256sum: $f: Input/output error" >&2; s=1;; esac; done\n' +
      'exec /usr/bin/sha256sum "$@"';
    const folder = await world(`mkdir tank@now && cd tank@now && echo 1 >bad && echo 2 >good`, { sha256sum: fake });
    await using hosts = hostsOf(folder);
    const reading = await readContent(hosts.at("target"), hashAllFiles(snapshot("tank")), limits);
    assert.deepEqual(reading, { kind: "damaged", host: "target", why: "sha256sum: ./bad: Input/output error" });
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test({
  name: "stopped here or cut off there, nothing runs on and nothing stays mounted",
  ignore: !canMount,
  async fn() {
    const folder = await world("mkdir tank@now && echo 1 >tank@now/file", { sha256sum: "echo $$ >>$0.pid; sleep 300" });
    for (const destination of [undefined, "target"]) {
      await using hosts = hostsOf(folder);
      const stop = new AbortController();
      const reading = readContent(hosts.at(destination), hashAllFiles(snapshot("tank")), {
        ...limits,
        signal: stop.signal,
      });
      const pid = `${folder}/bin/sha256sum.pid`;
      assert.ok(await eventually(() => Deno.stat(pid).then(({ size }) => size > 0, () => false), 5000));
      stop.abort();
      await assert.rejects(reading, /told to stop/);
      const running = Number((await Deno.readTextFile(pid)).trim());
      assert.ok(await eventually(async () => !await alive(running), 5000));
      await Deno.remove(pid);
    }
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test("the property of a volume is put back whatever happens, the mark last", async () => {
  const zfs = 'echo "$*" >>$0.log';
  const ways = [["inherit", "inherit snapdev"], ["received", "inherit -S snapdev"], ["local", "set"]] as const;
  for (const [i, [before, back]] of ways.entries()) {
    // No such device: it waits, in vain, and here without taking time.
    const shell = shells[i % shells.length];
    const folder = await world("true", { zfs, sleep: masterSleeps, udevadm: "true" }, shell);
    await using hosts = hostsOf(folder);
    const name = "no such pool/volume";
    const command = hashBlocks(snapshot(name), before, [{ first: 0, count: 1 }]);
    const reading = await readContent(hosts.at("target"), command, limits);
    assert.deepEqual(reading, {
      kind: "failed",
      host: "target",
      why: "no device /dev/zvol/no+such+pool/volume@now appeared",
    });
    assert.deepEqual((await Deno.readTextFile(`${folder}/bin/zfs.log`)).trimEnd().split("\n"), [
      `set bzman:snapdev=${before} ${name}`,
      `set snapdev=visible ${name}`,
      `${back === "set" ? "set snapdev=hidden" : back} ${name}`,
      `inherit bzman:snapdev ${name}`,
    ]);
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the property of a volume is put back also after a signal, and left alone where it is visible", async () => {
  for (const before of ["inherit", "visible"] as const) {
    const folder = await world("true", {
      zfs: 'echo "$*" >>$0.log',
      sleep: `${masterSleeps}: >$0.began; exec /bin/sleep 1`,
    });
    for (const destination of [undefined, "target"]) {
      await using hosts = hostsOf(folder);
      const stop = new AbortController();
      const command = hashBlocks(snapshot("no/volume"), before, [{ first: 0, count: 1 }]);
      const reading = readContent(hosts.at(destination), command, { ...limits, signal: stop.signal });
      const began = `${folder}/bin/sleep.began`;
      assert.ok(await eventually(() => Deno.stat(began).then(() => true, () => false), 5000));
      stop.abort();
      await assert.rejects(reading, /told to stop/);
      const log = () => Deno.readTextFile(`${folder}/bin/zfs.log`).catch(() => "");
      if (before === "inherit") {
        assert.ok(await eventually(async () => (await log()).endsWith("inherit bzman:snapdev no/volume\n"), 5000));
        await Deno.remove(`${folder}/bin/zfs.log`);
      } else assert.equal(await log(), "");
      await Deno.remove(began);
    }
    await Deno.remove(folder, { recursive: true });
  }
});
