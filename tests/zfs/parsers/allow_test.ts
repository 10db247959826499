import assert from "node:assert/strict";
import { listAllowances, permissionsOf } from "../../../src/zfs/parsers/allow.ts";
import { name } from "../sample.ts";

const printed = `---- Permissions on tank/home ----------------------------------------
Permission sets:
\t@basic send,hold
Create time permissions:
\tdestroy
Local permissions:
\tuser ann mount
Descendent permissions:
\tgroup staff destroy
Local+Descendent permissions:
\tuser ann hold,send,snapshot
\tuser ann lee bookmark
\teveryone release
---- Permissions on tank ---------------------------------------------
Local+Descendent permissions:
\tuser ann userprop
`;
const allowances = listAllowances(name("tank/home")).parse(printed);

Deno.test("the sections of zfs allow", () => {
  assert.deepEqual(listAllowances(name("tank/home")).argv, ["zfs", "allow", "tank/home"]);
  assert.deepEqual(allowances, [
    { to: "user", name: "ann", permissions: ["mount"], below: false },
    { to: "group", name: "staff", permissions: ["destroy"], below: true },
    { to: "user", name: "ann", permissions: ["hold", "send", "snapshot"], below: true },
    { to: "user", name: "ann lee", permissions: ["bookmark"], below: true },
    { to: "everyone", name: "", permissions: ["release"], below: true },
    { to: "user", name: "ann", permissions: ["userprop"], below: true },
  ]);
  assert.deepEqual(listAllowances(name("tank")).parse(""), []);
});

const users: readonly (readonly [user: string, groups: string[], permissions: string[]])[] = [
  ["ann", [], ["hold", "release", "send", "snapshot", "userprop"]],
  ["ann", ["staff"], ["destroy", "hold", "release", "send", "snapshot", "userprop"]],
  ["ann lee", [], ["bookmark", "release"]],
  ["bob", ["wheel"], ["release"]],
];

Deno.test("what a user may do below: by himself, by his groups, as anybody", async (test) => {
  for (const [user, groups, permissions] of users) {
    await test.step(`${user} ${groups}`, () => {
      assert.deepEqual([...permissionsOf(allowances, user, groups)].sort(), permissions);
    });
  }
});
