/**
 * One booted pair of hosts for all tests of a file, as new before each of them.
 *
 * ```ts
 * const lab = sharedLab();
 *
 * Deno.test("copies", async () => {
 *   await makePools(lab);
 *   const run = await replicate(lab.source, "tank", "target");
 * });
 * ```
 *
 * While tests are being written, `BZMAN_LAB=mine lab/up` and `BZMAN_LAB_JOIN=mine` save the boot, and
 * `BZMAN_LAB_FILE` names another packaged file than `dist/bzman`.
 *
 * @module
 */

import { bootLab, installBzman, type Lab, type LabHost } from "../../../lab/lab.ts";

/** Where the packaged file lies. */
export const packagedFile: string = Deno.env.get("BZMAN_LAB_FILE") ??
  new URL("../../../dist/bzman", import.meta.url).pathname;

/**
 * Boots the pair before the first test of the file (or joins the one that `BZMAN_LAB_JOIN` names), with the packaged
 * bzman unpacked on the source, and makes it as new before each test. Call it once, at the top of the file.
 */
export function sharedLab(): Lab {
  let lab: Lab | undefined;
  const booted = (): Lab => {
    if (lab === undefined) throw new Error("the lab is there within tests only");
    return lab;
  };
  Deno.test.beforeAll(async () => {
    lab = await bootLab();
    await install(lab);
  });
  Deno.test.beforeEach(() => refresh(booted()));
  Deno.test.afterAll(async () => await lab?.[Symbol.asyncDispose]());
  return {
    get name() {
      return booted().name;
    },
    get source() {
      return booted().source;
    },
    get target() {
      return booted().target;
    },
    cutLink: () => booted().cutLink(),
    healLink: () => booted().healLink(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** Puts bzman on both hosts unless it is there, and unpacks it on the source: that takes longer than all the rest. */
async function install(lab: Lab): Promise<void> {
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(packagedFile));
  const stamp = new Uint8Array(digest).toHex();
  const { stdout } = await lab.source.sh("cat /usr/local/bin/.bzman.sha256 2>/dev/null; true");
  if (stdout !== stamp) {
    await installBzman(lab, packagedFile);
    await lab.source.write("/usr/local/bin/.bzman.sha256", stamp);
  }
  await lab.source.sh("bzman --version", { timeoutMs: 300_000 });
  // The key exchange that ssh prefers takes an emulator twice as long.
  const kex = "KexAlgorithms curve25519-sha256\n";
  await Promise.all([lab.source, lab.target].map((host) => host.write("/etc/ssh/ssh_config.d/10-lab.conf", kex)));
  // A test that cuts the power finds all this there afterwards.
  await Promise.all([lab.source, lab.target].map((host) => host.sh("sync")));
}

/**
 * Makes both hosts as new: no pools, no record, no config, no mail, no fake programs (see `faults.ts`), an empty syslog,
 * the cable in.
 */
export async function refresh(lab: Lab): Promise<void> {
  await lab.healLink();
  await Promise.all([lab.source, lab.target].map(async (host) => {
    await clean(host);
    await host.destroyPools();
  }));
}

async function clean(host: LabHost): Promise<void> {
  await host.sh(`pkill -9 -x 'bzman|mbuffer|zfs|ssh'
    rm -rf /var/lib/bzman /run/bzman /etc/bzman /var/mail/root /usr/local/sbin/* /root/.bzman* /run/failed
    : >/var/log/syslog`);
}
