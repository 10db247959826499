import assert from "node:assert/strict";
import { type Conflict, type ConflictText, explainConflict } from "../../../src/core/plan/conflict.ts";
import { name, snapshot } from "../../zfs/sample.ts";

const dataset = name("tank/a");
const target = name("backup/tank/a");
const old = snapshot("tank/a@monday", 1);
const newest = snapshot("tank/a@friday", 5);

/** One of each kind, with what its words must name. */
const conflicts: { readonly [K in Conflict["kind"]]: readonly (readonly [Conflict & { kind: K }, RegExp, RegExp])[] } =
  {
    "empty-source": [
      [{ kind: "empty-source" }, /tank\/a has no snapshot/, /^run without --no-snapshot/],
      [
        { kind: "empty-source", below: name("tank/a/copies/b") },
        /tank\/a has no snapshot/,
        /^(?!run without).*bzman replicate --no-snapshot 'tank\/a\/copies\/b' 'HOST:backup\/tank\/a\/copies\/b'; or .*zfs snapshot 'tank\/a@/,
      ],
    ],
    "foreign-data": [
      [
        {
          kind: "foreign-data",
          found: "2 snapshots, the newest x",
          sourceNewest: newest,
          targetNewest: snapshot("backup/tank/a@x", 9),
          isPoolRoot: false,
        },
        /did not come from tank\/a \(2 snapshots, the newest x\).*source ends at friday, target at x/,
        /HOST:POOL\/NAME.*--on-foreign keep-both.*backup\/tank\/a/,
      ],
      [
        { kind: "foreign-data", found: "files", sourceNewest: undefined, targetNewest: undefined, isPoolRoot: true },
        /files.*source ends at nothing, target at no snapshot/,
        /HOST:backup\/tank\/a\/NAME/,
      ],
    ],
    "diverged": [
      [
        {
          kind: "diverged",
          common: old,
          sourceNewest: newest,
          targetNewer: [snapshot("backup/tank/a@x", 8), snapshot("backup/tank/a@y", 9)],
          writtenBytes: 2048n,
          isPoolRoot: false,
        },
        /common version monday it has 2 snapshots \(x, y\) and 2048 B written.*source ends at friday/,
        /--on-divergence rollback discards that \(2 snapshots \(x, y\) and 2048 B written\).*--on-divergence keep-both/,
      ],
      [
        {
          kind: "diverged",
          common: old,
          sourceNewest: newest,
          targetNewer: [snapshot("backup/tank/a@x", 8)],
          writtenBytes: 0n,
          isPoolRoot: true,
        },
        /it has 1 snapshot \(x\) that/,
        /^((?!keep-both).)*$/,
      ],
    ],
    "name-taken": [
      [{ kind: "name-taken", names: ["x"] }, /other snapshots of the same name: x/, /zfs rename 'backup\/tank\/a@x'/],
    ],
    "type-mismatch": [
      [
        { kind: "type-mismatch", sourceType: "volume", targetType: "filesystem" },
        /tank\/a is a volume, backup\/tank\/a a filesystem/,
        /--on-foreign keep-both/,
      ],
    ],
    "encrypted-root": [
      [
        { kind: "encrypted-root", pool: name("backup") },
        /tank\/a is encrypted.*root of pool backup/,
        /HOST:backup\/NAME/,
      ],
    ],
    "raw-mismatch": [[{ kind: "raw-mismatch" }, /its copy backup\/tank\/a is not/, /HOST:POOL\/NEWNAME/]],
    "key-needed": [
      [
        { kind: "key-needed", side: "source", dataset: "tank" },
        /key of tank.*on the source/,
        /--raw auto.*zfs load-key 'tank'/,
      ],
      [
        { kind: "key-needed", side: "target", dataset: "backup" },
        /key of backup.*on the target/,
        /zfs load-key 'backup'/,
      ],
    ],
    "name-too-long": [[{ kind: "name-too-long", name: "backup/long@x" }, /backup\/long@x.*255/, /shorter/]],
    "source-is-replica": [
      [
        { kind: "source-is-replica", replica: dataset, copy: target, pattern: "a" },
        /^tank\/a is itself a replica/,
        /zfs set readonly=off 'tank\/a'.*--exclude 'a'.*bzman replicate --no-snapshot 'tank\/a' 'HOST:backup\/tank\/a'$/,
      ],
    ],
    "no-parent": [[
      { kind: "no-parent", parent: name("backup/tank") },
      /backup\/tank will not be there/,
      /parent first/,
    ]],
  };

Deno.test("every conflict says why, and what to type next", async (test) => {
  for (const [kind, list] of Object.entries(conflicts)) {
    for (const [i, [conflict, why, next]] of list.entries()) {
      await test.step(`${kind} ${i + 1}`, () => {
        const text: ConflictText = explainConflict(conflict, dataset, target, (bytes) => `${bytes} B`);
        assert.match(text.why, why);
        assert.match(text.next, next);
        assert.doesNotMatch(`${text.why}${text.next}`, /undefined|null|\[object|\n/);
      });
    }
  }
});
