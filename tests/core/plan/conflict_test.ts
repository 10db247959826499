import assert from "node:assert/strict";
import { type Conflict, type ConflictText, explainConflict } from "../../../src/core/plan/conflict.ts";
import { name, snapshot } from "../../zfs/sample.ts";
import { sampleJobCommand } from "../sample_job_command.ts";

const dataset = name("tank/a");
const target = name("backup/tank/a");
const old = snapshot("tank/a@monday", 1);
const newest = snapshot("tank/a@friday", 5);

/** One of each kind, with what its words must name. */
const conflicts: { readonly [K in Conflict["kind"]]: readonly (readonly [Conflict & { kind: K }, RegExp, RegExp])[] } =
  {
    "empty-source": [
      [
        { kind: "empty-source" },
        /tank\/a has no snapshot/,
        /^take a snapshot: zfs snapshot tank\/a@first\nlet the run take one: /,
      ],
      [
        { kind: "empty-source", below: name("tank/a/copies/b") },
        /tank\/a has no snapshot/,
        /^replicate only .*: bzman replicate :tank\/a\/copies\/b ann@backup:backup\/tank\/a\/copies\/b .*--no-snapshot\nsnapshot it alone: zfs snapshot tank\/a@/,
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
        /^see .*ssh ann@backup zfs list .*\ncopy to another name: .* ann@backup:backup\/tank-new .*\nrename .*--on-foreign keep-both$/,
      ],
      [
        { kind: "foreign-data", found: "files", sourceNewest: undefined, targetNewest: undefined, isPoolRoot: true },
        /files.*source ends at nothing, target at no snapshot/,
        /\ncopy to another name: [^\n]*$/,
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
        /common snapshot monday it has 2 snapshots \(x, y\) and 2048 B written.*source ends at friday/,
        /^rename backup\/tank\/a aside .*--on-divergence keep-both\ndiscard that \(2 snapshots \(x, y\) and 2048 B written\).*--on-divergence rollback$/,
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
        /^see what is there: (?![^]*keep-both)[^]*--on-divergence rollback$/,
      ],
    ],
    "name-taken": [
      [
        { kind: "name-taken", names: ["x"] },
        /other snapshots of the same name: x/,
        /ssh ann@backup zfs rename backup\/tank\/a@x @x-other$/,
      ],
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
        /bzman replicate tank ann@backup:/,
      ],
    ],
    "raw-mismatch": [[
      { kind: "raw-mismatch" },
      /its copy backup\/tank\/a is not/,
      /ann@backup:backup\/tank-new .*\n.*--raw never$/,
    ]],
    "key-needed": [
      [
        { kind: "key-needed", side: "source", dataset: "tank" },
        /key of tank.*on the source/,
        /--raw auto\n.*zfs load-key tank$/,
      ],
      [
        { kind: "key-needed", side: "target", dataset: "backup" },
        /key of backup.*on the target/,
        /ssh ann@backup zfs load-key backup/,
      ],
    ],
    "name-too-long": [[
      { kind: "name-too-long", name: "backup/long@x" },
      /backup\/long@x.*255/,
      /leave it out: .*--exclude a$/,
    ]],
    "source-is-replica": [
      [
        { kind: "source-is-replica", replica: dataset, copy: target, pattern: "a" },
        /^tank\/a is itself a replica/,
        /--exclude a\n.*bzman replicate :tank\/a ann@backup:backup\/tank\/a .*--no-snapshot\n.*zfs set readonly=off tank\/a$/,
      ],
    ],
    "parent-missing": [[
      { kind: "parent-missing", parent: name("backup/tank") },
      /backup\/tank will not be there/,
      /fix that first: .*--dry-run$/,
    ]],
  };

/** A line of what to type next: what for, and one whole command with the job's own arguments. */
const whole =
  /^[^:]+: (?:(?:ssh ann@backup )?zfs .+|bzman replicate :?tank\S* ann@backup:\S+ --keep 30d (?:--exclude 'a b\/\*' )?--db '\/srv\/my record\.db'(?: --[a-z-]+(?: \S+)?)?)$/;

Deno.test("every conflict says why, and what to type next", async (test) => {
  for (const [kind, list] of Object.entries(conflicts)) {
    for (const [i, [conflict, why, next]] of list.entries()) {
      await test.step(`${kind} ${i + 1}`, () => {
        const text: ConflictText = explainConflict(
          conflict,
          dataset,
          target,
          (bytes) => `${bytes} B`,
          sampleJobCommand,
        );
        assert.match(text.why, why);
        assert.match(text.next, next);
        assert.doesNotMatch(`${text.why}${text.next}`, /undefined|null|\[object/);
        assert.doesNotMatch(text.why, /\n/);
        for (const line of text.next.split("\n")) assert.match(line, whole);
      });
    }
  }
});
