import assert from "node:assert/strict";
import { listCanmount } from "../../../src/zfs/parsers/canmount.ts";
import { name } from "../sample.ts";

Deno.test("who set canmount, and whether anybody uses the filesystem", () => {
  const command = listCanmount([name("back/a"), name("back/b c")]);
  assert.deepEqual(command.argv.slice(-3), ["canmount,mounted,readonly", "back/a", "back/b c"]);
  const rows = [
    "back/a\tcanmount\ton\treceived",
    "back/a\tmounted\tyes\t-",
    "back/a\treadonly\ton\tlocal",
    "back/b c\tcanmount\tnoauto\tlocal",
    "back/b c\tmounted\tno\t-",
    "back/b c\treadonly\toff\tinherited from back",
  ];
  assert.deepEqual(command.parse(rows.map((row) => `${row}\n`).join("")), [
    { name: "back/a", canmount: "on", source: "received", mounted: true, readonly: true },
    { name: "back/b c", canmount: "noauto", source: "local", mounted: false, readonly: false },
  ]);
  assert.throws(() => command.parse("back/a\tcanmount\n"), SyntaxError);
});
