import { deepEqual, equal, throws } from "node:assert/strict";
import { environmentLayer, variableNames } from "../../src/config/environment.ts";
import { mergeLayers } from "../../src/config/layer.ts";
import { commonSettings, pruneSettings, replicateSettings } from "../../src/config/resolve.ts";
import { UsageError } from "../../src/config/usage_error.ts";
import { environment } from "../../src/permissions.ts";
import { parseSource } from "../../src/zfs/names/endpoint.ts";

const source = parseSource("tank");
const target = parseSource("host:tank");

Deno.test("layers: the first word wins, silence does not count, false is a word", () => {
  deepEqual(
    mergeLayers({ db: undefined, prefix: "a" }, { db: "x", prefix: "b", snapshot: false }, {
      snapshot: true,
      retries: 0,
    }),
    { db: "x", prefix: "a", snapshot: false, retries: 0 },
  );
});

Deno.test("environment: every variable makes its setting", () => {
  const variables: Record<string, string> = {
    BZMAN_DB: "/root",
    BZMAN_MAIL_TO: "root, ann@example.org",
    BZMAN_MAIL_FROM: "bzman@example.org",
    BZMAN_SMTP: "smtp://h:25",
    BZMAN_PREFIX: "auto",
    BZMAN_KEEP: "30",
    BZMAN_PING: "https://hc.example.org/uuid",
    BZMAN_OBJECTIVE: "1h",
  };
  deepEqual([...variableNames].sort(), Object.keys(variables).sort());
  deepEqual(environmentLayer((name) => variables[name]), {
    db: "/root",
    mailTo: ["root", "ann@example.org"],
    mailFrom: "bzman@example.org",
    smtp: "smtp://h:25",
    prefix: "auto",
    keep: { kind: "count", count: 30 },
    ping: "https://hc.example.org/uuid",
    objective: 3_600_000,
  });
});

Deno.test("environment: empty counts as unset, and a wrong text names the variable", () => {
  deepEqual(environmentLayer(() => ""), {});
  throws(
    () => environmentLayer((name) => name === "BZMAN_KEEP" ? "x" : undefined),
    (error) => error instanceof UsageError && /BZMAN_KEEP: "x"/.test(error.message) && /BZMAN_KEEP/.test(error.next),
  );
});

Deno.test("environment: the permissions let bzman see every variable it reads", () => {
  const patterns: readonly string[] = environment;
  for (const name of variableNames) {
    equal(
      patterns.some((pattern) => pattern === name || (pattern.endsWith("*") && name.startsWith(pattern.slice(0, -1)))),
      true,
    );
  }
});

Deno.test("defaults: nobody says anything", () => {
  deepEqual(commonSettings({}), {
    db: undefined,
    mail: { to: ["root"], from: undefined, smtpUrl: undefined },
    json: false,
    quiet: false,
    debug: false,
  });
  deepEqual(replicateSettings(source, target, {}), {
    job: "tank>host:tank",
    source,
    target,
    dryRun: false,
    snapshot: true,
    prefix: "incremental",
    keep: { kind: "age", ms: 604_800_000 },
    exclude: [],
    raw: "auto",
    mbuffer: undefined,
    bwlimit: undefined,
    onDivergence: "refuse",
    onForeign: "refuse",
    foreignSnapshots: "keep",
    properties: [],
    noProperties: [],
    retries: 3,
    stallMs: undefined,
    ignoreSpace: false,
    adopt: false,
    ping: undefined,
    objectiveMs: 600_000,
  });
  equal(pruneSettings(source, undefined, {}).job, undefined);
});
