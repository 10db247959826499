import { equal } from "node:assert/strict";
import { onlyMissingNames } from "../../../src/zfs/parsers/missing_names.ts";

const gone = "cannot open 'tank/a@1': dataset does not exist\n";
const table: readonly (readonly [what: string, stderr: string, isAnswer: boolean])[] = [
  ["one is gone", gone, true],
  ["many are gone", gone.repeat(800), true],
  ["a bookmark is gone", "cannot open 'tank/a#b': bookmark 'tank/a#b' does not exist\n", true],
  ["nothing to destroy", "could not find any snapshots to destroy; check snapshot names.\n", true],
  ["silence", "", false],
  ["blank lines", "\n\n", false],
  ["all are forbidden", "cannot open 'tank/a@1': permission denied\n".repeat(800), false],
  ["one is forbidden among those that are gone", `${gone}cannot open 'tank/a@2': permission denied\n${gone}`, false],
  ["a disk fails", `${gone}cannot open 'tank/a@2': I/O error\n`, false],
  ["the middle is missing", `${gone}\n[bzman left out 9 bytes here]\n${gone}`, false],
  ["a name that imitates it", "cannot open 'x: dataset does not exist': permission denied\n", false],
];

for (const [what, stderr, isAnswer] of table) {
  Deno.test(`a failure as an answer: ${what}`, () => {
    equal(onlyMissingNames({ status: 1, stderr }), isAnswer);
    equal(onlyMissingNames({ status: 2, stderr }), false);
    equal(onlyMissingNames({ status: 1, stderr, stopped: "timeout" }), false);
    equal(onlyMissingNames({ status: 1, stderr, connection: {} }), false);
  });
}
