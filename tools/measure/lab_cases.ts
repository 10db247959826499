/**
 * What is measured on two hosts: the first copy, a cycle, nothing new, one large stream. Each way has a tree of its own, and all
 * have to carry the same.
 *
 * @module
 */

import type { Lab, LabHost } from "../../lab/lab.ts";
import { type Line, median } from "./lines.ts";

/** How much there is to carry. */
export interface Sizes {
  readonly datasets: number;
  readonly snapshots: number;
  readonly largeMiB: number;
  /** How often a cycle is measured; the middle one counts. */
  readonly cycles: number;
  readonly peers: boolean;
}

/** The cipher that bzman asks for, so that the pipe has no other. */
const ssh = "ssh -c aes128-gcm@openssh.com -o Compression=no target";
const replicate = "bzman replicate --json --quiet";
/** Where the last run of bzman left what it told of itself. */
const record = "/run/bench.json";
const ways = ["raw", "bzman", "syncoid"] as const;
type Way = typeof ways[number];
type Seconds = Partial<Record<Way, number>>;

/** Measures all of it. */
export async function measureLab(lab: Lab, sizes: Sizes, tell: (text: string) => void): Promise<Line[]> {
  const { source, target } = lab;
  await Promise.all([source, target].map((host) => host.destroyPools()));
  await source.makePool("tank");
  await target.makePool("tank");
  await source.sh("rm -rf /var/lib/bzman; bzman version", { timeoutMs: 300_000 });
  const used = sizes.peers ? ways : ways.slice(0, 2);
  tell(`making ${used.length} trees of ${sizes.datasets} filesystems × ${sizes.snapshots} snapshots`);
  for (const way of used) await makeTree(source, way, sizes);

  const measure = async (what: string, script: (way: Way) => string): Promise<Seconds> => {
    const result: Seconds = {};
    for (const way of used) {
      result[way] = await timed(source, script(way));
      const parts = way === "bzman" ? ` (${await profile(source, result[way])})` : "";
      tell(`${what}, ${way}: ${result[way].toFixed(1)} s${parts}`);
    }
    return result;
  };

  const first = await measure("first copy", (way) => firstCopy(way, sizes));
  const cycles: Seconds[] = [];
  for (let i = 1; i <= sizes.cycles; i++) {
    for (const way of used) await source.sh(`for fs in /tank/${way}/fs*; do echo ${i} >"$fs/cycle"; done; zpool sync`);
    cycles.push(await measure(`cycle ${i}`, (way) => cycle(way, sizes, i)));
  }
  const nothing = await measure("nothing new", nothingNew);
  const large = await largeStream(lab, sizes, tell);

  const middle = (way: Way): number => median(cycles.map((seconds) => seconds[way] ?? Number.NaN));
  const line = (what: string, seconds: Seconds, most: number): Line => ({
    what,
    base: seconds.raw!,
    bzman: seconds.bzman!,
    ...(seconds.syncoid === undefined ? {} : { syncoid: seconds.syncoid }),
    unit: "s",
    most,
  });
  return [
    line("first copy ÷ raw pipe", first, 1.1),
    line("one cycle ÷ raw pipe", Object.fromEntries(used.map((way) => [way, middle(way)])), 1.2),
    line("nothing new ÷ one remote listing", nothing, 2),
    line("one large stream ÷ raw pipe", large, 1 / 0.97),
  ];
}

async function makeTree(source: LabHost, way: Way, { datasets, snapshots }: Sizes): Promise<void> {
  await source.sh(
    `set -e; zfs create tank/${way}
    for i in $(seq -w 1 ${datasets}); do
      zfs create tank/${way}/fs$i; dd if=/dev/urandom of=/tank/${way}/fs$i/file bs=64k count=1 status=none
    done
    for s in $(seq 1 ${snapshots}); do
      for fs in /tank/${way}/fs*; do echo $s >>"$fs/log"; done
      zfs snapshot -r tank/${way}@s$s
    done`,
    { timeoutMs: 1_800_000 },
  );
}

function firstCopy(way: Way, { snapshots }: Sizes): string {
  switch (way) {
    case "raw":
      return `zfs send -R -L -c tank/raw@s${snapshots} | ${ssh} zfs receive -s -u -o readonly=on tank/raw`;
    case "bzman":
      return `${replicate} --no-snapshot tank/bzman target:tank/bzman >${record}`;
    case "syncoid":
      return "syncoid --quiet --recursive --no-sync-snap --no-privilege-elevation tank/syncoid root@target:tank/syncoid";
  }
}

function cycle(way: Way, { snapshots }: Sizes, i: number): string {
  const from = i === 1 ? `s${snapshots}` : `c${i - 1}`;
  switch (way) {
    case "raw":
      return `zfs snapshot -r tank/raw@c${i}
        zfs send -R -L -c -I @${from} tank/raw@c${i} | ${ssh} zfs receive -s -u -o readonly=on tank/raw`;
    case "bzman":
      return `${replicate} tank/bzman target:tank/bzman >${record}`;
    case "syncoid":
      return "syncoid --quiet --recursive --no-privilege-elevation tank/syncoid root@target:tank/syncoid";
  }
}

function nothingNew(way: Way): string {
  switch (way) {
    case "raw":
      return `${ssh} zfs list -H -p -r -t all -o name,guid,createtxg tank/bzman`;
    case "bzman":
      return `${replicate} --no-snapshot tank/bzman target:tank/bzman >${record}`;
    case "syncoid":
      return firstCopy("syncoid", { datasets: 0, snapshots: 0, largeMiB: 0, cycles: 0, peers: true });
  }
}

/** The stream alone: what comes before and after is in the other lines. */
async function largeStream(
  { source, target }: Lab,
  { largeMiB, cycles }: Sizes,
  tell: (text: string) => void,
): Promise<Seconds> {
  await source.sh(
    `zfs create tank/large && dd if=/dev/urandom of=/tank/large/file bs=1M count=${largeMiB} status=none
    zfs snapshot tank/large@one`,
    { timeoutMs: 1_800_000 },
  );
  const raw: number[] = [];
  const bzman: number[] = [];
  // By turns, since one and the same stream may take a fifth longer the next time.
  for (let i = 1; i <= cycles; i++) {
    raw.push(
      await timed(source, `zfs send -L -c tank/large@one | ${ssh} zfs receive -s -u -o readonly=on tank/large-raw${i}`),
    );
    await timed(source, `${replicate} --no-snapshot tank/large target:tank/large-bzman${i} >${record}`);
    bzman.push((await phasesOf(source)).get("send") ?? Number.NaN);
    tell(`large stream ${i}, raw: ${raw.at(-1)?.toFixed(1)} s, bzman: ${bzman.at(-1)?.toFixed(1)} s`);
    await target.sh(`zfs destroy -r tank/large-raw${i} && zfs destroy -r tank/large-bzman${i} && zpool sync`);
  }
  return { raw: median(raw), bzman: median(bzman) };
}

/** What of a run's document is looked at. */
interface Run {
  readonly phases: readonly { readonly phase: string; readonly elapsedMs: number }[];
}

/** The seconds of each phase of bzman's last run. */
async function phasesOf(source: LabHost): Promise<Map<string, number>> {
  const { phases } = JSON.parse((await source.sh(`cat ${record}`)).stdout) as Run;
  const sums = new Map<string, number>();
  for (const { phase, elapsedMs } of phases) sums.set(phase, (sums.get(phase) ?? 0) + elapsedMs / 1000);
  return sums;
}

/** Where the time of bzman's last run went: its phases, and what comes before and after them. */
async function profile(source: LabHost, allSeconds: number): Promise<string> {
  const phases = await phasesOf(source);
  // Both hosts are listed at the same time.
  const rest = allSeconds - phases.entries().reduce((sum, [phase, s]) => phase === "list local" ? sum : sum + s, 0);
  return [...phases, ["the rest", rest] as const].map(([phase, s]) => `${phase} ${s.toFixed(1)}`).join(", ");
}

/** Seconds that a script takes on a host, by the host's own clock. */
async function timed(host: LabHost, script: string): Promise<number> {
  const { stdout } = await host.sh(
    `begin=$(date +%s%N); { ${script}
    } >/tmp/bench.log 2>&1 </dev/null || { cat /tmp/bench.log >&2; exit 1; }
    echo $((($(date +%s%N) - begin) / 1000000))`,
    { timeoutMs: 1_800_000 },
  );
  return Number(stdout) / 1000;
}
