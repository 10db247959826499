import assert from "node:assert/strict";
import fc from "fast-check";
import type { Dataset } from "../../../src/zfs/names/dataset.ts";
import { compareVersions, type VersionComparison } from "../../../src/core/verify/compare_versions.ts";
import { dataset } from "../make.ts";

const names = (list: readonly { readonly name: string }[]): string => list.map(({ name }) => name).join(" ");

/** A comparison in one line, empty parts left out. */
function shown(found: VersionComparison): string {
  const { common, snapshot, inCommon, behind, own, gaps, thinned, kept, clashes } = found;
  const lists = Object.entries({ behind, own, gaps, thinned, kept, clashes })
    .flatMap(([word, list]) => list.length > 0 ? [`${word}: ${names(list)}`] : []);
  const base = common === undefined
    ? "nothing"
    : `${common.target.name}${common.source.kind === "bookmark" ? "#" : ""}`;
  const other = snapshot?.target === common?.target ? [] : [`snapshot: ${snapshot?.source.name ?? "none"}`];
  return [`${base} ${inCommon}`, ...other, ...lists].join("; ");
}

const cases: Readonly<Record<string, readonly [source: string, target: string, found: string]>> = {
  "the same": ["i1:1 i2:2", "i1:1 i2:2", "i2 2"],
  "the newest were not copied yet": ["i1:1 i2:2 i3:3", "i1:1", "i1 1; behind: i2 i3"],
  "the target keeps longer": ["i3:3 i4:4", "i1:1 i2:2 i3:3 i4:4", "i4 2; kept: i1 i2"],
  "the target keeps shorter": ["i1:1 i2:2 i3:3", "i2:2 i3:3", "i3 2; thinned: i1"],
  "what others made before the copy began": ["a:9 i1:1 i2:2", "i1:1 i2:2", "i2 2; gaps: a"],
  "tiers, each thinned by itself": [
    "m20260101:1 d20260120:2 h20260201:3 h20260202:4 d20260203:5 h20260203:6",
    "m20260101:1 d20260203:5 h20260203:6",
    "h20260203 3; thinned: d20260120 h20260201 h20260202",
  ],
  "the last of a series, thinned": ["a:1 m20260101:2 b:3", "a:1 b:3", "b 2; thinned: m20260101"],
  "one that stands alone": ["a:1 before-upgrade-2:2 b:3", "a:1 b:3", "b 2; gaps: before-upgrade-2"],
  "a hole in a series": ["i1:1 i2:2 i3:3", "i1:1 i3:3", "i3 2; gaps: i2"],
  "one that stands alone, and the oldest of a series": [
    "a:8 i1:1 b:9 i2:2",
    "a:8 i2:2",
    "i2 2; gaps: b; thinned: i1",
  ],
  "one that stands alone is kept, a series thinned": [
    "a:9 i1:1 i2:2 i3:3",
    "a:9 i3:3",
    "i3 2; thinned: i1 i2",
  ],
  "the target has its own": ["i1:1 i2:2", "i1:1 x:7 y:8", "i1 1; behind: i2; own: x y"],
  "nothing in common": ["i1:1", "x:7", "nothing 0"],
  "an empty copy": ["i1:1", "", "nothing 0"],
  "a bookmark is what is left": ["#b:2 i3:3", "i1:1 i2:2", "i2# 0; snapshot: none; behind: i3; kept: i1"],
  "a bookmark is newer than the newest snapshot of both": [
    "i1:1 #b:2 i3:3",
    "i1:1 i2:2",
    "i2# 1; snapshot: i1; behind: i3",
  ],
  "renamed on one side": ["i1:1 new:2", "i1:1 old:2", "old 2"],
  "the same name, another GUID": ["i1:1 i2:2 i3:3", "i1:1 i2:9 i3:3", "i3 2; clashes: i2"],
  "the same name will arrive": ["i1:1 i2:2", "i2:9 i1:1", "i1 1; behind: i2; clashes: i2"],
};

for (const [name, [source, target, found]] of Object.entries(cases)) {
  Deno.test(`versions compared: ${name}`, () => {
    assert.equal(shown(compareVersions(dataset("tank", source), dataset("tank", target))), found);
  });
}

Deno.test("versions compared: bzman's own are lacked, not thinned, since their retention is the same on both sides", () => {
  const timed = (made: Dataset): Dataset => ({
    ...made,
    snapshots: made.snapshots.map((one) => ({ ...one, name: one.name.replace("!", "-2026-11-22T03:00:0") + "Z" })),
  });
  const found = compareVersions(timed(dataset("tank", "x!1:1 x!2:2 x!3:3")), timed(dataset("tank", "x!2:2 x!3:3")));
  assert.equal(shown(found), "x-2026-11-22T03:00:03Z 2; gaps: x-2026-11-22T03:00:01Z");
});

/** One thing that happens to a pair: a snapshot of bzman's or of others, a replication, retention, a hand that destroys. */
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("snapshot i", "snapshot a", "replicate") },
  { weight: 2, arbitrary: fc.constantFrom("prune source", "prune target") },
  fc.nat(20).map((which) => ["destroy", which] as const),
);

interface Pair {
  source: string[];
  target: string[];
  /** The newest that was ever copied: what the bookmark remembers. */
  copied: string | undefined;
  count: number;
  destroyed: string | undefined;
}

/** Plays one of them by the rules of replicate and prune, snapshots as words `NAME:GUID`. */
function play(pair: Pair, what: string | readonly [string, number]): void {
  if (typeof what !== "string") {
    // By hand, in the middle of the copy; once is enough to be found.
    const middle = pair.target.slice(1, -1);
    if (pair.destroyed !== undefined || middle.length === 0) return;
    pair.destroyed = middle[what[1] % middle.length]!;
    pair.target = pair.target.filter((word) => word !== pair.destroyed);
    return;
  }
  const [verb, detail] = what.split(" ");
  if (verb === "snapshot") {
    pair.count += 1;
    pair.source.push(`${detail}${10_000_000 + pair.count}:${pair.count}`);
  } else if (verb === "replicate") {
    const from = pair.copied === undefined ? 0 : Number(pair.copied.split(":")[1]);
    const later = pair.source.filter((word) => Number(word.split(":")[1]) > from);
    pair.target.push(...later);
    pair.copied = later.at(-1) ?? pair.copied;
  } else {
    const side = detail as "source" | "target";
    const oldest = pair[side].find((word) => word.startsWith("i") && word !== pair.copied);
    // What was not copied yet is not pruned.
    if (oldest === undefined || !(side === "target" || pair.target.includes(oldest))) return;
    pair[side] = pair[side].filter((word) => word !== oldest);
  }
}

function asDataset(words: readonly string[], bookmark?: string): Dataset {
  // Ages by GUID, which here grow with time.
  const made = dataset("tank", [...words, ...(bookmark === undefined ? [] : [`#${bookmark}`])].join(" "));
  const aged = <T extends { readonly guid: string }>(version: T) => ({ ...version, createtxg: BigInt(version.guid) });
  return { ...made, snapshots: made.snapshots.map(aged), bookmarks: made.bookmarks.map(aged) };
}

Deno.test("whatever replicate and retention do, both sides agree; what a hand destroys in the copy is found or excused", () => {
  let found = 0;
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 60 }), (history) => {
      const pair: Pair = { source: [], target: [], copied: undefined, count: 0, destroyed: undefined };
      for (const what of history) play(pair, what);
      if (pair.copied === undefined) return;
      const source = asDataset(pair.source, pair.copied);
      const target = asDataset(pair.target);
      const { common, own, gaps, thinned, kept, behind, clashes, inCommon } = compareVersions(source, target);
      assert.deepEqual([own, clashes], [[], []]);
      if (common === undefined) return;
      assert.equal(inCommon + gaps.length + thinned.length + behind.length, source.snapshots.length);
      const bookmarked = source.snapshots.some(({ guid }) => guid === common.target.guid) ? 0 : 1;
      assert.equal(inCommon + kept.length + bookmarked, target.snapshots.length);
      assert.ok(gaps.every(({ name, guid }) => `${name}:${guid}` === pair.destroyed), names(gaps));
      if (gaps.length > 0) found += 1;
    }),
    { numRuns: 500, seed: 20261122 },
  );
  assert.ok(found > 0);
});
