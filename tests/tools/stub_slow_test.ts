// The self-extracting file, driven through the shell as a storage server would: whatever `make dist` makes elsewhere,
// here it is made from a fixture, in the self-extracting form.

import assert from "node:assert/strict";
import { join } from "node:path";

const root = new URL("../../", import.meta.url).pathname;
const isRoot = Deno.uid() === 0;

/** Somebody else: the user `nobody`. */
const stranger = 65534;

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end with an environment of its own. */
async function run(argv: string[], env: Record<string, string> = {}, cwd = "/"): Promise<Ran> {
  const [program = "", ...args] = argv;
  const path = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
  const command = new Deno.Command(program, { args, cwd, clearEnv: true, env: { PATH: path, ...env }, stdin: "null" });
  const { code, stdout, stderr } = await command.output();
  const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

/** Runs a program that must succeed. */
async function must(...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(argv);
  assert.equal(code, 0, `${argv.join(" ")}: ${stderr}`);
  return stdout;
}

/** A folder that goes when the test ends, and that everybody may read. */
class Folder implements AsyncDisposable {
  readonly path = Deno.makeTempDirSync({ prefix: "bzman-stub-" });

  constructor() {
    Deno.chmodSync(this.path, 0o755);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await run(["umount", "-q", join(this.path, "mount")]);
    await Deno.remove(this.path, { recursive: true });
  }

  /** Mounts a fresh file system below the folder. */
  async mount(options: string): Promise<string> {
    const path = join(this.path, "mount");
    await Deno.mkdir(path);
    await must("mount", "-t", "tmpfs", "-o", options, "tmpfs", path);
    return path;
  }
}

const build = new Folder();
const bzman = join(build.path, "bzman");

/** A cache for the tests that do not look at it. */
const warm = { BZMAN_CACHE: join(build.path, "cache") };

/** What the versioned folder is called, once there is one. */
function unpackedIn(cache: string): string[] {
  return [...Deno.readDirSync(cache)].map((entry) => entry.name);
}

Deno.test.beforeAll(async () => {
  const entry = join(root, "tests/tools/fixtures/packaged.ts");
  const argv = [Deno.execPath(), "run", "--quiet", "--allow-all", "tools/dist.ts", "--kind=self-extracting"];
  const env = { ...Deno.env.toObject(), NO_COLOR: "1" };
  const made = await run([...argv, `--entry=${entry}`, `--output=${bzman}`], env, root);
  assert.equal(made.code, 0, made.stderr);
});

Deno.test.afterAll(() => build[Symbol.asyncDispose]());

Deno.test("stub: arguments, standard input, exit status and lazy imports pass through", async () => {
  const args = ["a b", "c\nd", "", "--flag", "*", "'\"$HOME`"];
  assert.deepEqual(JSON.parse((await run([bzman, "args", ...args], warm)).stdout), args);
  assert.equal((await run([bzman, "status", "7"], warm)).code, 7);
  assert.equal((await run([bzman, "lazy"], warm)).stdout, "good evening\n");
  assert.equal((await run(["sh", "-c", `printf 'x\\ny' | ${bzman} stdin`], warm)).stdout, "x\ny");
});

Deno.test("stub: it knows what it is and where it lies, and may do no more than bzman may", async () => {
  const env = { ...warm, SECRET: "told", DENO_V8_FLAGS: "--no-such-flag" };
  const about = JSON.parse((await run(["sh", "-c", "exec ./bzman about"], env, build.path)).stdout);
  assert.deepEqual(about, { packaging: "self-extracting", executable: `${build.path}/./bzman`, cwd: build.path });
  assert.equal((await run([bzman, "forbidden"], env)).stdout, "NotCapable, undefined\n");
});

Deno.test("stub: a signal reaches bzman itself", async () => {
  const child = new Deno.Command(bzman, { args: ["wait"], env: warm, stdout: "piped" }).spawn();
  const reader = child.stdout.getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value), "ready\n");
  child.kill("SIGTERM");
  assert.equal((await child.status).code, 42);
  await reader.cancel();
});

Deno.test("stub: first runs at the same time meet in one folder", async () => {
  await using folder = new Folder();
  const env = { BZMAN_CACHE: join(folder.path, "a cache", "of mine") };
  const runs = await Promise.all(Array.from({ length: 5 }, (_, n) => run([bzman, "args", String(n)], env)));
  assert.deepEqual(runs.map((ran) => ran.stderr + ran.stdout), [0, 1, 2, 3, 4].map((n) => `["${n}"]\n`));
  assert.equal(unpackedIn(env.BZMAN_CACHE).length, 1);
  assert.equal((await Deno.stat(env.BZMAN_CACHE)).mode! & 0o777, 0o700);
});

Deno.test("stub: it runs under bash, the sh of RHEL, as well", async () => {
  await using folder = new Folder();
  const env = { BZMAN_CACHE: join(folder.path, "cache") };
  for (const _ of ["unpacking", "unpacked"]) {
    const ran = await run(["bash", "--posix", bzman, "args", "a b"], env);
    assert.deepEqual(ran, { code: 0, stdout: '["a b"]\n', stderr: "" });
  }
});

Deno.test("stub: the caller's PATH does not choose the programs that unpack it, nor does a wrong one stop it", async () => {
  await using folder = new Folder();
  for (const name of ["id", "ls", "mktemp", "tail", "tar", "mv", "mkdir", "rm", "find"]) {
    const path = join(folder.path, name);
    await Deno.writeTextFile(path, `#!/bin/sh\n: >${folder.path}/chosen\nexec /bin/${name} "$@"\n`);
    await Deno.chmod(path, 0o755);
  }
  for (
    const [cache, PATH] of [["one", `${folder.path}:/usr/bin:/bin`], ["two", ":"], ["three", "/nonexistent"]] as const
  ) {
    const ran = await run([bzman, "args", "x"], { BZMAN_CACHE: join(folder.path, cache), PATH });
    assert.deepEqual(ran, { code: 0, stdout: '["x"]\n', stderr: "" }, PATH);
  }
  assert.ok(!unpackedIn(folder.path).includes("chosen"));
});

Deno.test("stub: a file that a cleaner took is put back", async () => {
  await using folder = new Folder();
  const env = { BZMAN_CACHE: join(folder.path, "cache") };
  await run([bzman, "args"], env);
  const [id = ""] = unpackedIn(env.BZMAN_CACHE);
  const lazy = [...Deno.readDirSync(join(env.BZMAN_CACHE, id))].find((file) => file.name.startsWith("packaged_lazily"));
  await Deno.remove(join(env.BZMAN_CACHE, id, lazy!.name));
  assert.deepEqual(await run([bzman, "lazy"], env), { code: 0, stdout: "good evening\n", stderr: "" });
  assert.deepEqual(unpackedIn(env.BZMAN_CACHE), [id]);
});

Deno.test("stub: unpacking forgets what nobody used for 30 days, and nothing else", async () => {
  await using folder = new Folder();
  const cache = join(folder.path, "cache");
  await must("install", "-d", "-m", "700", cache, `${cache}/0.0.1`, `${cache}/0.0.2`, `${cache}/.unpack.killed`);
  await must("touch", "-d", "40 days ago", `${cache}/0.0.1/used`, `${cache}/.unpack.killed`);
  await must("touch", `${cache}/0.0.2/used`);
  await run([bzman, "args"], { BZMAN_CACHE: cache });
  const left = unpackedIn(cache).sort();
  assert.equal(left.length, 2);
  assert.equal(left[0], "0.0.2");
});

Deno.test("stub: a cache that others could have filled is refused, and nothing in it is run", async () => {
  await using folder = new Folder();
  const cache = join(folder.path, "cache");
  const env = { BZMAN_CACHE: cache };
  const refused = async (why: RegExp): Promise<void> => {
    const { code, stdout, stderr } = await run([bzman, "args"], env);
    assert.equal(code, 3);
    assert.equal(stdout, "");
    assert.match(stderr, why);
    assert.match(stderr, /Next: set BZMAN_CACHE=/);
  };
  await must("install", "-d", "-m", "777", cache);
  await refused(/must be a folder of your own that nobody else can write to/);
  await must("chmod", "770", cache);
  await refused(/must be a folder of your own/);
  await must("chmod", "700", cache);
  await run([bzman, "args"], env);
  const [id = ""] = unpackedIn(cache);
  await must("chmod", "777", join(cache, id));
  await refused(/ in it must be a folder of your own/);
  await Deno.rename(cache, `${cache}.real`);
  await Deno.symlink(`${cache}.real`, cache);
  await refused(/must be a folder of your own/);
  env.BZMAN_CACHE = "relative";
  await refused(/must be an absolute path/);
});

Deno.test({
  name: "stub: a cache that belongs to somebody else is refused",
  ignore: !isRoot,
  fn: async () => {
    await using folder = new Folder();
    const cache = join(folder.path, "cache");
    await must("install", "-d", "-m", "755", "-o", String(stranger), cache);
    const { code, stderr } = await run([bzman, "args"], { BZMAN_CACHE: cache });
    assert.equal(code, 3);
    assert.match(stderr, /must be a folder of your own/);
  },
});

Deno.test({
  name: "stub: a noexec, a read-only and a full file system are named",
  ignore: !isRoot,
  fn: async () => {
    for (
      const [options, why] of [
        ["noexec", /no program can be run from it \(is it mounted noexec, .*Permission denied/],
        ["ro", /it cannot be made/],
        ["size=20m", /unpacking failed .*No space left on device/s],
      ] as const
    ) {
      await using folder = new Folder();
      const cache = join(await folder.mount(options), "cache");
      const { code, stdout, stderr } = await run([bzman, "args"], { BZMAN_CACHE: cache });
      assert.equal(code, 3);
      assert.equal(stdout, "");
      assert.match(stderr, why);
    }
  },
});

Deno.test({
  name: "stub: without HOME, or with one that cannot be written to, an unprivileged user gets a folder in /tmp",
  ignore: !isRoot,
  fn: async () => {
    const user = String(stranger);
    const fallback = `/tmp/bzman-${user}`;
    const argv = ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups", bzman, "args", "x"];
    try {
      for (const env of [{}, { HOME: "/nonexistent" }, { HOME: "/", XDG_CACHE_HOME: "relative" }]) {
        await run(["rm", "-rf", fallback]);
        assert.deepEqual(await run(argv, env), { code: 0, stdout: '["x"]\n', stderr: "" });
        assert.equal((await Deno.stat(fallback)).uid, stranger);
      }
    } finally {
      await run(["rm", "-rf", fallback]);
    }
  },
});

Deno.test("stub: a folder that is gone underneath it does not stop it", async () => {
  await using folder = new Folder();
  const script = `mkdir ${folder.path}/gone && cd ${folder.path}/gone && rmdir ${folder.path}/gone && ${bzman} about`;
  assert.equal(JSON.parse((await run(["sh", "-c", script], warm)).stdout).cwd, "/");
});

Deno.test("stub: a copy that broke off says so", async () => {
  await using folder = new Folder();
  const broken = join(folder.path, "bzman");
  await must("sh", "-c", `head -c 20000000 ${bzman} >${broken} && chmod 755 ${broken}`);
  const { code, stderr } = await run([broken, "args"], { BZMAN_CACHE: join(folder.path, "cache") });
  assert.equal(code, 3);
  assert.match(stderr, /unpacking failed .*copy of bzman incomplete/);
  assert.deepEqual(unpackedIn(join(folder.path, "cache")), []);
});
