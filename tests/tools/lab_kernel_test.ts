// Which kernel the lab's hosts are built from: packages that a mirror no longer has must not stop a new machine.

import { match, strictEqual } from "node:assert/strict";

const folder = new URL("../../lab/image", import.meta.url).pathname;

/** What the recipe's own choice came to. */
interface Choice {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Asks the recipe which version of Debian's `linux-source` it builds a release of OpenZFS with.
 *
 * @param packages All that Debian offers.
 * @param wanted The value of `BZMAN_LAB_KERNEL`; unset where there is none.
 */
async function choose(release: string, packages: readonly string[], wanted?: string): Promise<Choice> {
  const script = `set -u -o pipefail
    here=$1 release=$2; shift 2
    . "$here/lib.sh"; . "$here/kernel.sh"
    offered=" $* "
    has_package() { case $offered in *" $1 "*) ;; *) return 1 ;; esac; }
    choose_kernel "$release"`;
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", script, "choose", folder, release, ...packages],
    clearEnv: true,
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/nonexistent", ...(wanted && { BZMAN_LAB_KERNEL: wanted }) },
    stdin: "null",
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

const [newest, stable, old] = ["linux-source-7.2", "linux-source-6.12", "linux-source-6.1"] as const;

Deno.test("the lab's kernel: the newest that fits, else the one that stays", async () => {
  const cases: readonly (readonly [release: string, packages: readonly string[], version: string])[] = [
    ["2.3", [stable, newest], "7.2"],
    ["2.3", [stable, "linux-source-7.3"], "6.12"],
    ["2.3", [stable], "6.12"],
    ["2.4", [newest], "7.2"],
    ["2.4", [stable], "6.12"],
    ["2.1", [old], "6.1"],
  ];
  for (const [release, packages, version] of cases) {
    const { code, stdout, stderr } = await choose(release, packages);
    strictEqual(`${code} ${stdout}${stderr}`, `0 ${version}\n`, `OpenZFS ${release} with ${packages}`);
  }
});

Deno.test("the lab's kernel: where Debian has none that fits, it says what it looked for", async () => {
  for (const [release, packages] of [["2.3", [old]], ["2.3", []], ["2.1", [newest, stable]]] as const) {
    const { code, stdout, stderr } = await choose(release, packages);
    strictEqual(`${code}${stdout}`, "1");
    const wanted = release === "2.1" ? "6\\.1" : "7\\.2 6\\.12";
    match(
      stderr,
      new RegExp(`^lab: Debian has no kernel source for OpenZFS ${release} .*linux-source ${wanted}\\)\n$`),
    );
  }
});

Deno.test("the lab's kernel: BZMAN_LAB_KERNEL names another version, and only that one will do", async () => {
  const chosen = await choose("2.3", [newest, stable], "6.12");
  strictEqual(`${chosen.code} ${chosen.stdout}${chosen.stderr}`, "0 6.12\n");
  const none = await choose("2.3", [newest, stable], "9.9");
  strictEqual(`${none.code}${none.stdout}`, "1");
  match(none.stderr, /looked for linux-source 9\.9/);
});
