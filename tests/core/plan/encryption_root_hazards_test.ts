import assert from "node:assert/strict";
import type { Dataset } from "../../../src/zfs/names/dataset.ts";
import { type DatasetName, moveName } from "../../../src/zfs/names/names.ts";
import { encryptionRootHazards } from "../../../src/core/plan/encryption_root_hazards.ts";
import { name } from "../../zfs/sample.ts";
import { dataset, encrypted } from "../make.ts";

const place = (dataset: DatasetName): DatasetName => moveName(dataset, name("tank"), name("backup/tank"));
const key = (root: string) => encrypted(root, "unavailable");

const source = [
  dataset("tank", "x:1"),
  dataset("tank/a", "x:2", key("tank/a")),
  dataset("tank/a/b", "x:3", key("tank/a")),
  dataset("tank/a/b/c", "x:4", key("tank/a")),
];
const top = dataset("backup/tank", "x:1");
const a = dataset("backup/tank/a", "x:2", key("backup/tank/a"));

const cases: Readonly<Record<string, { source?: Dataset[]; target: Dataset[]; stray: string[] }>> = {
  "keys that are inherited as on the source": {
    target: [
      top,
      a,
      dataset("backup/tank/a/b", "x:3", key("backup/tank/a")),
      dataset("backup/tank/a/b/c", "x:4", key("backup/tank/a")),
    ],
    stray: [],
  },
  "what came alone, and begins a key that it inherits on the source: fixed from above": {
    target: [
      top,
      a,
      dataset("backup/tank/a/b", "x:3", key("backup/tank/a/b")),
      dataset("backup/tank/a/b/c", "x:4", key("backup/tank/a/b/c")),
    ],
    stray: [],
  },
  "a stranger with a key of its own in between": {
    target: [
      top,
      a,
      dataset("backup/tank/a/b", "", key("backup/tank/a/b")),
      dataset("backup/tank/a/b/c", "x:4", key("backup/tank/a/b/c")),
    ],
    stray: ["tank/a/b/c"],
  },
  "a stranger without a key in between": {
    target: [
      top,
      a,
      dataset("backup/tank/a/b", "mine:9"),
      dataset("backup/tank/a/b/c", "x:4", key("backup/tank/a/b/c")),
    ],
    stray: ["tank/a/b/c"],
  },
  "a stranger below a stranger": {
    target: [
      top,
      a,
      dataset("backup/tank/a/b", "mine:9", key("backup/tank/a/b")),
      dataset("backup/tank/a/b/c", "mine:8", key("backup/tank/a/b/c")),
    ],
    stray: [],
  },
  "a key that begins lower on the source since": {
    source: [
      ...source.slice(0, 2),
      dataset("tank/a/b", "x:3", key("tank/a/b")),
      dataset("tank/a/b/c", "x:4", key("tank/a/b")),
    ],
    target: [
      top,
      a,
      dataset("backup/tank/a/b", "x:3", key("backup/tank/a")),
      dataset("backup/tank/a/b/c", "x:4", key("backup/tank/a/b/c")),
    ],
    stray: [],
  },
  "a key that begins above the tree": {
    source: [dataset("tank", "x:1", key("pool")), dataset("tank/a", "x:2", key("pool"))],
    target: [
      dataset("backup/tank", "x:1", key("backup/tank")),
      dataset("backup/tank/a", "x:2", key("backup/tank/a")),
    ],
    stray: [],
  },
};

for (const [what, { source: own = source, target, stray }] of Object.entries(cases)) {
  Deno.test(`keys: ${what}`, () => {
    assert.deepEqual(encryptionRootHazards(own, new Map(target.map((entry) => [entry.name, entry])), place), stray);
  });
}
