import assert from "node:assert/strict";
import { checkLocal, type LocalFacts } from "../../../src/core/preflight/local_checks.ts";
import { checkPermissions } from "../../../src/core/preflight/permission_checks.ts";
import { name } from "../../zfs/sample.ts";

const well: LocalFacts = {
  label: "here",
  database: "/var/lib/bzman/bzman.db",
  databaseError: undefined,
  logger: true,
  mailTransport: "sendmail",
};

const cases: Readonly<Record<string, readonly [told: Partial<LocalFacts>, verdicts: string]>> = {
  "all is well": [{}, "record ok, syslog ok, mail ok"],
  "no record": [{ databaseError: "it is a folder" }, "record warning, syslog ok, mail ok"],
  "no logger": [{ logger: false }, "record ok, syslog warning, mail ok"],
  "no way out for mail": [{ mailTransport: undefined }, "record ok, syslog ok, mail warning"],
};

Deno.test("this machine never stops a replication, but says what is amiss", async (test) => {
  for (const [what, [told, expected]] of Object.entries(cases)) {
    await test.step(what, () => {
      const findings = checkLocal({ ...well, ...told });
      assert.equal(findings.map(({ check, verdict }) => `${check} ${verdict}`).join(", "), expected);
      for (const { verdict, next } of findings) assert.equal(next !== undefined, verdict !== "ok");
    });
  }
});

Deno.test("what a user is not allowed, and the line that allows it", () => {
  const check = (...granted: string[]) =>
    checkPermissions({
      side: "target",
      label: "there",
      user: "ann",
      dataset: name("backup/a b"),
      granted: new Set(granted),
      wanted: ["create", "receive", "userprop"],
    });
  assert.equal(check("create", "receive", "userprop").verdict, "ok");
  assert.equal(check("create", "receive").verdict, "warning", "the copy arrives, but less of it");
  const critical = check("userprop");
  assert.equal(critical.verdict, "critical");
  assert.equal(critical.next, "as root on there: zfs allow -u ann create,receive 'backup/a b'");
});
