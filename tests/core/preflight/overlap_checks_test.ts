import assert from "node:assert/strict";
import { checkOverlap, type PoolHome } from "../../../src/core/preflight/overlap_checks.ts";
import { type DatasetName, parseGuid } from "../../../src/zfs/names/names.ts";

const name = (text: string): DatasetName => text as DatasetName;

function home(label: string, guid: string, bootId: string | undefined, pool = "tank"): PoolHome {
  return {
    label,
    bootId,
    pools: [{
      name: name(pool),
      guid: parseGuid(guid),
      sizeBytes: 1n,
      allocatedBytes: 0n,
      freeBytes: 1n,
      fragmentationPercent: 0,
      health: "ONLINE",
      readonly: false,
    }],
  };
}

const here = home("alpha", "17", "a");
const cases: readonly (readonly [
  title: string,
  target: PoolHome,
  from: string,
  to: string,
  verdict: string,
  text?: RegExp,
])[] = [
  ["another pool", home("beta", "18", "b"), "tank", "tank", ""],
  ["another pool of one machine", home("twin", "18", "a"), "tank", "tank", ""],
  ["the same dataset by an alias", home("twin", "17", "a"), "tank", "tank", "critical", /are the same dataset, tank: /],
  [
    "the same dataset by its own name",
    home("alpha", "17", "a"),
    "tank/x",
    "tank/x",
    "critical",
    /one machine \(alpha\)/,
  ],
  ["a target below its source", home("twin", "17", "a"), "tank", "tank/copy", "critical", /tank\/copy lies within/],
  [
    "a source below its target",
    home("twin", "17", "a"),
    "tank/home",
    "tank",
    "critical",
    /SOURCE tank\/home lies within/,
  ],
  ["a dataset beside it", home("twin", "17", "a"), "tank/home", "tank/copy", ""],
  ["one whose name only begins alike", home("twin", "17", "a"), "tank/home", "tank/home2", ""],
  ["a machine that cannot tell who it is", home("twin", "17", undefined), "tank", "tank", "critical", /one pool/],
  [
    "a clone's dataset of the same name",
    home("beta", "17", "b"),
    "tank",
    "tank",
    "critical",
    /clone of the other's disks/,
  ],
  [
    "a clone's other dataset",
    home("beta", "17", "b"),
    "tank/home",
    "tank/copy",
    "warning",
    /clone of the other's disks/,
  ],
  ["a clone by another name", home("beta", "17", undefined, "copy"), "tank", "copy", "critical", /pool copy on beta/],
];

for (const [title, target, from, to, verdict, text] of cases) {
  Deno.test(`source and target may not overlap: ${title}`, () => {
    const findings = checkOverlap(here, target, name(from), name(to));
    assert.deepEqual(findings.map((finding) => finding.verdict).join(), verdict);
    const [finding] = findings;
    if (finding === undefined) return;
    assert.match(finding.text, text ?? /^/);
    assert.match(finding.text, /17/);
    assert.ok(finding.next);
    if (/clone/.test(finding.text)) assert.match(finding.next, /zpool reguid (?:tank|copy)/);
  });
}
