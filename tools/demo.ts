/**
 * The demo: boots two hosts with real ZFS, replicates a pool from one to the other, first in full, then by an increment,
 * proves the copy, and writes the report as a page. Everything shown is what the programs print.
 *
 * Usage: `tools/demo [DIR]`; with DIR the output of each command is kept there as `NAME.txt`, for `tools/pictures DIR`.
 *
 * @module
 */

import { awaitDevice, bootLab, installBzman, type Lab, type LabHost } from "../lab/lab.ts";

const keep = Deno.args[0];

/**
 * Runs a command on a host as a person would, shows both, and answers what it printed.
 *
 * @param most The highest exit status to put up with.
 */
async function show(host: LabHost, name: string, command: string, most = 0): Promise<string> {
  console.log(`\n\x1b[1mroot@${host.name}:~# ${command}\x1b[0m`);
  const { code, stdout, stderr } = await host.sh(command, { check: false, timeoutMs: 600_000 });
  console.log((stdout + stderr).trimEnd());
  if (keep !== undefined) {
    await Deno.writeTextFile(`${keep}/${name}.txt`, `root@${host.name}:~# ${command}\n${stdout}${stderr}`);
  }
  if (code > most) throw new Error(`'${command}' on ${host.name} ended with status ${code}`);
  return stdout;
}

/** Says what comes next. */
function title(text: string): void {
  console.log(`\n\x1b[36m── ${text}\x1b[0m`);
}

/** A pool with a few datasets, as a small department might have. */
async function makeSource({ source, target }: Lab): Promise<void> {
  await source.makePool("tank");
  await target.makePool("tank");
  await source.sh(`
    zfs create tank/home
    zfs create 'tank/home/ann lee'
    zfs create -o recordsize=1M tank/media
    zfs create -V 32M tank/vm
    head -c 6000000 /dev/urandom > '/tank/home/ann lee/thesis.tex'
    head -c 9000000 /dev/urandom > /tank/media/film
    ${awaitDevice("tank/vm")}
    head -c 4000000 /dev/urandom > /dev/zvol/tank/vm
  `);
}

/** Compares both sides by what they hold; returns whether all is equal. */
async function prove({ source, target }: Lab): Promise<boolean> {
  const [left, right] = [await source.guids("tank"), await target.guids("tank")];
  const newest = [...left.keys()].filter((name) => name.includes("@incremental-")).map((name) => name.split("@")[1])
    .sort()
    .at(-1);
  let equal = true;
  for (const dataset of ["tank/home", "tank/home/ann lee", "tank/media", "tank/vm"]) {
    const name = `${dataset}@${newest}`;
    const [here, there] = [await source.checksum(name), await target.checksum(name)];
    const same = here === there && left.get(name) !== undefined && left.get(name) === right.get(name);
    equal &&= same;
    console.log(
      `${same ? "equal   " : "DIFFERS "} ${dataset.padEnd(18)} guid ${right.get(name)}  sha256 ${there.slice(0, 16)}…`,
    );
  }
  return equal;
}

if (keep !== undefined) await Deno.mkdir(keep, { recursive: true });
title("two hosts, each with its own OpenZFS, are booting");
await using lab = await bootLab();
await installBzman(lab, "dist/bzman");
await makeSource(lab);

title("is everything ready?");
await show(lab.source, "preflight", "bzman preflight tank target");
title("the first copy, in full");
await show(lab.source, "first", "bzman replicate tank target");
title("somebody works; the next copy is an increment");
await lab.source.sh("head -c 2000000 /dev/urandom > '/tank/home/ann lee/chapter2.tex'");
await show(lab.source, "second", "bzman replicate tank target");
title("the proof: contents by checksum, snapshots by GUID");
const equal = await prove(lab);
title("the record");
await show(lab.source, "log", "bzman log");
title("both pools, and the report as a page");
await show(lab.source, "health", "bzman health tank target:tank", 1);
await show(lab.source, "report", "bzman report --output /root/report.html");
const page = new URL("../dist/demo-report.html", import.meta.url).pathname;
await lab.source.get("/root/report.html", page);
if (!equal) throw new Error("the copies differ");
console.log(`\nThe two pools hold the same data. The report is ${page}: open it in any browser.`);
