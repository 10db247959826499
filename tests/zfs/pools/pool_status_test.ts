import assert from "node:assert/strict";
import { parsePoolStatus, type PoolStatus } from "../../../src/zfs/pools/pool_status.ts";
import { parseScan } from "../../../src/zfs/pools/scan.ts";

/** What real pools printed, by release of OpenZFS; how each came about is its name. */
function real(release: string, name: string): PoolStatus[] {
  return parsePoolStatus(Deno.readTextFileSync(new URL(`./pool_status_${release}/${name}.txt`, import.meta.url)));
}

/** A pool in a line: name, state, scans, every device that is not in order, errors in data. */
function brief(pool: PoolStatus): string {
  const scans = pool.scans.map((scan) => {
    const at = new Date(scan.at).toISOString().slice(0, 19);
    const percent = scan.percent === undefined ? "" : ` ${scan.percent}%`;
    return `${scan.kind} ${scan.state} ${at} ${scan.repaired ?? "-"} ${scan.errors}${percent}`;
  });
  const devices = pool.vdevs.filter((vdev) => vdev.isLeaf).map((vdev) =>
    `${vdev.role} ${vdev.name} ${vdev.state} ${vdev.readErrors}/${vdev.writeErrors}/${vdev.checksumErrors} ${vdev.note}`
      .trim()
  ).filter((text) => !/^(?:data|logs|cache|special) \S+ ONLINE 0\/0\/0$/.test(text));
  return [`${pool.name} ${pool.state}`, ...scans, ...devices, `${pool.dataErrors} lost`].join("; ");
}

const cases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "2.1": {
    data_errors: "bad ONLINE; scrub finished 2026-11-22T22:04:08 62K 124; data /pools/b1 ONLINE 0/0/333; 118 lost",
    device_faulted:
      "mir DEGRADED; resilver finished 2026-11-22T22:03:23 27K 0; data /pools/a2 FAULTED 0/0/0 external device fault; spares /pools/s1 AVAIL 0/0/0; 0 lost",
    device_missing: "un DEGRADED; data 15877088915410396425 UNAVAIL 0/0/0 was /pools/u2; 0 lost",
    features_disabled: "old ONLINE; 0 lost",
    mirror_with_log_cache_spare: "mir ONLINE; spares /pools/s1 AVAIL 0/0/0; 0 lost",
    removing: "my pool ONLINE; 0 lost",
    replacing:
      "un DEGRADED; resilver running 2026-11-22T22:05:13 198K 0 2.17%; data 15877088915410396425 UNAVAIL 0/0/0 was /pools/u2; data /pools/u3 ONLINE 0/0/0 (resilvering); 0 lost",
    resilver_onto_spare:
      "mir DEGRADED; resilver running 2026-11-22T22:03:29 7K 0 0.81%; data /pools/a2 FAULTED 0/0/0 external device fault; data /pools/s1 ONLINE 0/0/0 (resilvering); spares /pools/s1 INUSE 0/0/0 currently in use; 0 lost",
    scrub_canceled:
      "mir DEGRADED; scrub canceled 2026-11-22T22:03:29 - 0; data /pools/a2 FAULTED 0/0/0 external device fault; spares /pools/s1 AVAIL 0/0/0; 0 lost",
    scrub_done: "mir ONLINE; scrub finished 2026-11-22T22:02:49 0B 0; spares /pools/s1 AVAIL 0/0/0; 0 lost",
    scrub_paused: "mir ONLINE; scrub paused 2026-11-22T22:02:43 0B 0 2.23%; spares /pools/s1 AVAIL 0/0/0; 0 lost",
    scrub_repaired:
      "mir ONLINE; scrub finished 2026-11-22T22:03:18 30.6M 0; data /pools/a1 ONLINE 0/0/287; spares /pools/s1 AVAIL 0/0/0; 0 lost",
    scrub_running: "mir ONLINE; scrub running 2026-11-22T22:02:41 0B 0 1.15%; spares /pools/s1 AVAIL 0/0/0; 0 lost",
    suspended: "hung SUSPENDED; data /pools/h1 DEGRADED 0/0/18 external device fault; 1 lost",
  },
  "2.3": {
    mirror_with_log_cache_spare: "mir ONLINE; spares /pools/s1 AVAIL 0/0/0; 0 lost",
    checkpoint: "rz ONLINE; scrub finished 2026-11-22T21:04:50 0B 0; 0 lost",
    data_errors: "bad ONLINE; scrub finished 2026-11-22T21:04:30 66K 316; data /pools/b1 ONLINE 0/0/711; 310 lost",
    device_faulted:
      "mir DEGRADED; resilver finished 2026-11-22T21:03:29 18K 0; data /pools/a2 FAULTED 0/0/0 external device fault; spares /pools/s1 AVAIL 0/0/0; 0 lost",
    device_missing: "un DEGRADED; data 11656449821400983903 UNAVAIL 0/0/0 was /pools/u2; 0 lost",
    device_offline:
      "mir DEGRADED; scrub finished 2026-11-22T21:03:23 30.3M 0; data /pools/a1 ONLINE 0/0/307; data /pools/a2 OFFLINE 0/0/0; spares /pools/s1 AVAIL 0/0/0; 0 lost",
    features_disabled: "old ONLINE; 0 lost",
    raidz_expanding: "rz ONLINE; 0 lost",
    removing: "my pool ONLINE; data /pools/b2 ONLINE 0/0/0 (removing); 0 lost",
    replacing:
      "un DEGRADED; resilver running 2026-11-22T21:05:53 540K 0 5.05%; data 11656449821400983903 UNAVAIL 0/0/0 was /pools/u2; data /pools/u3 ONLINE 0/0/0 (resilvering); 0 lost",
    resilver_onto_spare:
      "mir DEGRADED; resilver running 2026-11-22T21:03:35 50.5K 0 0.2%; data /pools/a2 FAULTED 0/0/0 external device fault; data /pools/s1 ONLINE 0/0/0 (resilvering); spares /pools/s1 INUSE 0/0/0 currently in use; 0 lost",
    resilvered: "un ONLINE; resilver finished 2026-11-22T21:05:54 10.2M 0; 0 lost",
    scrub_canceled:
      "mir DEGRADED; scrub canceled 2026-11-22T21:03:34 - 0; data /pools/a2 FAULTED 0/0/0 external device fault; spares /pools/s1 AVAIL 0/0/0; 0 lost",
    scrub_done: "mir ONLINE; scrub finished 2026-11-22T21:03:17 0B 0; spares /pools/s1 AVAIL 0/0/0; 0 lost",
    scrub_paused: "mir ONLINE; scrub paused 2026-11-22T21:03:16 0B 0 19.99%; spares /pools/s1 AVAIL 0/0/0; 0 lost",
    scrub_repaired:
      "mir ONLINE; scrub finished 2026-11-22T21:03:23 30.3M 0; data /pools/a1 ONLINE 0/0/307; spares /pools/s1 AVAIL 0/0/0; 0 lost",
    scrub_running: "mir ONLINE; scrub running 2026-11-22T21:03:14 0B 0 19.63%; spares /pools/s1 AVAIL 0/0/0; 0 lost",
    spare_in_use:
      "mir DEGRADED; resilver finished 2026-11-22T21:03:52 72.3M 0; data /pools/a2 FAULTED 0/0/0 external device fault; spares /pools/s1 INUSE 0/0/0 currently in use; 0 lost",
    suspended: "hung SUSPENDED; data /pools/h1 DEGRADED 0/0/24 external device fault; 1 lost",
    two_pools: "good ONLINE; 0 lost | hung SUSPENDED; data /pools/h1 DEGRADED 0/0/24 external device fault; 1 lost",
  },
};

for (const [release, pools] of Object.entries(cases)) {
  Deno.test(`zpool status of OpenZFS ${release}, from real pools`, () => {
    for (const [name, expected] of Object.entries(pools)) {
      assert.equal(real(release, name).map(brief).join(" | "), expected, name);
    }
  });
}

Deno.test("every file of real output is in the table", () => {
  for (const [release, pools] of Object.entries(cases)) {
    const files = [...Deno.readDirSync(new URL(`./pool_status_${release}/`, import.meta.url))].map(({ name }) => name);
    assert.deepEqual(files.sort(), Object.keys(pools).map((name) => `${name}.txt`).sort());
  }
});

Deno.test("groups stand above their devices", () => {
  const [pool] = real("2.3", "resilver_onto_spare");
  assert.deepEqual(
    pool?.vdevs.map(({ name, depth, isLeaf }) => `${depth} ${name}${isLeaf ? "" : " …"}`),
    [
      "0 mir …",
      "1 mirror-0 …",
      "2 /pools/a1",
      "2 spare-1 …",
      "3 /pools/a2",
      "3 /pools/s1",
      "1 /pools/l1",
      "1 vdb",
      "1 /pools/s1",
    ],
  );
});

Deno.test("what ZFS says and proposes is one line", () => {
  const [pool] = real("2.3", "scrub_repaired");
  assert.match(pool?.status ?? "", /^One or more devices has .* error\. An attempt was made .* are unaffected\.$/);
  assert.match(pool?.action ?? "", /^Determine if the device needs to be replaced, and clear .*'zpool replace'\.$/);
});

const at = Date.UTC(2026, 10, 2, 21, 3, 7);
const scans: readonly (readonly [text: string, expected: Partial<ReturnType<typeof parseScan>> | undefined])[] = [
  ["none requested", undefined],
  ["a kind of scan of a later release", undefined],
  // Forms of zpool_main.c that a lab does not make easily.
  [
    "scrub repaired 1.5T in 3 days 04:05:06 with 12 errors on Mon Nov  2 21:03:07 2026",
    { kind: "scrub", state: "finished", at, repaired: "1.5T", errors: 12n },
  ],
  ["scrub repaired 0B in 0 days 00:00:01 with 0 errors on Mon Nov  2 21:03:07 2026", { state: "finished", at }],
  [
    "resilvered (draid1:4d:6c:1s-0) 1.2G in 00:10:00 with 0 errors on Mon Nov  2 21:03:07 2026",
    { kind: "resilver", state: "finished", at, repaired: "1.2G" },
  ],
  ["resilver (mirror-0) in progress since Mon Nov  2 21:03:07 2026 1G / 2G scanned, 12.50% done, 00:01:00 to go", {
    kind: "resilver",
    state: "running",
    at,
    percent: 12.5,
  }],
  ["scrubbed 12 error blocks in 0 days 00:00:01 on Mon Nov  2 21:03:07 2026", { kind: "error-scrub", at }],
  ["error scrub in progress since Mon Nov  2 21:03:07 2026", { kind: "error-scrub", state: "running" }],
  ["error scrub canceled on Mon Nov  2 21:03:07 2026", { kind: "error-scrub", state: "canceled" }],
];

Deno.test("scans, as the sources of OpenZFS word them", () => {
  for (const [text, expected] of scans) {
    const scan = parseScan(text);
    assert.deepEqual(expected === undefined ? scan : { ...scan, ...expected }, scan, text);
    assert.equal(scan === undefined, expected === undefined, text);
  }
});

Deno.test("a count that was abbreviated is read as well, and a list that may not be seen is no count", () => {
  const text = `  pool: tank
 state: ONLINE
config:

\tNAME        STATE     READ WRITE CKSUM
\ttank        ONLINE       0     0     0
\t  sdb       ONLINE   1.50K     0     -

errors: List of errors unavailable: permission denied
`;
  const [pool] = parsePoolStatus(text);
  assert.equal(pool?.vdevs[1]?.readErrors, 1536n);
  assert.equal(pool?.dataErrors, undefined);
});

Deno.test("what is not the output of zpool status is refused", () => {
  assert.deepEqual(parsePoolStatus("no pools available\n"), []);
  assert.throws(() => parsePoolStatus("  pool: tank\n state: ONLINE\n"), SyntaxError);
  assert.throws(() => parsePoolStatus("  pool: tank\nconfig:\n"), SyntaxError);
});
