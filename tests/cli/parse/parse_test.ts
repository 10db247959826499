import { deepEqual, equal, match } from "node:assert/strict";
import fc from "fast-check";
import { commands } from "../../../src/cli/commands.ts";
import { parseArguments } from "../../../src/cli/parse/parse.ts";
import { commonSettings, replicateSettings } from "../../../src/config/resolve.ts";
import { parseSource, parseTarget, parseTargetOf } from "../../../src/zfs/names/endpoint.ts";
import { complaint, invocations, words } from "../invocations.ts";

const source = parseSource("tank");
const target = parseTargetOf(source, parseTarget("target"));
const plain = { command: "replicate", settings: replicateSettings(source, target, {}), common: commonSettings({}) };

Deno.test("replicate: alone, by its alias, with options anywhere", () => {
  deepEqual(invocations(words("replicate tank target")), [plain]);
  deepEqual(invocations(words("send tank target")), [plain]);
  const dry = [{ ...plain, settings: { ...plain.settings, dryRun: true } }];
  for (
    const line of [
      "replicate --dry-run tank target",
      "replicate tank --dry-run target",
      "--dry-run replicate tank target",
    ]
  ) {
    deepEqual(invocations(words(line)), dry, line);
  }
});

Deno.test("replicate: every option", () => {
  const line =
    "replicate tank/a ann@h:b/c --no-snapshot --prefix p --keep 30 --exclude scratch --exclude=vm/* --raw never " +
    "--property mountpoint --property quota --no-property compression --mbuffer 1G --bwlimit 50M --on-divergence keep-both --on-foreign keep-both --foreign-snapshots follow-source --retries 0 --stall 30m --ignore-space --adopt --ping https://hc.example.org/a --objective 1h --db /d --mail-to root " +
    "--mail-to ann@example.org --mail-from b@c --smtp smtp://h --json --quiet --debug";
  const from = parseSource("tank/a");
  const to = parseTargetOf(from, parseTarget("ann@h:b/c"));
  deepEqual(invocations(words(line)), [{
    command: "replicate",
    settings: {
      job: "tank/a>ann@h:b/c",
      source: from,
      target: to,
      dryRun: false,
      snapshot: false,
      prefix: "p",
      keep: { kind: "count", count: 30 },
      exclude: ["scratch", "vm/*"],
      raw: "never",
      mbuffer: "1024M",
      bwlimit: 52_428_800,
      onDivergence: "keep-both",
      onForeign: "keep-both",
      foreignSnapshots: "follow-source",
      properties: ["mountpoint", "quota"],
      noProperties: ["compression"],
      retries: 0,
      stallMs: 1_800_000,
      ignoreSpace: true,
      adopt: true,
      ping: "https://hc.example.org/a",
      objectiveMs: 3_600_000,
    },
    common: {
      db: "/d",
      mail: { to: ["root", "ann@example.org"], from: "b@c", smtpUrl: "smtp://h" },
      json: true,
      quiet: true,
      debug: true,
    },
  }]);
});

Deno.test("flags win over the environment, which wins over defaults", () => {
  const below = { db: "/environment", prefix: "environment", keep: { kind: "none" } } as const;
  const [found] = invocations(words("replicate tank target --prefix flag"), below);
  equal(found?.command === "replicate" && found.settings.prefix, "flag");
  deepEqual(found?.command === "replicate" && found.settings.keep, { kind: "none" });
  equal(found?.common.db, "/environment");
});

Deno.test("the other commands", () => {
  const common = commonSettings({});
  deepEqual(invocations(["preflight", "tank", "target"]), [{ ...plain, command: "preflight" }]);
  deepEqual(invocations(["log"]), [{
    command: "log",
    settings: { sinceMs: undefined, limit: 50, failed: false, byDataset: false, format: "table" },
    common,
  }]);
  deepEqual(invocations(words("log --since 24h --limit all --failed --dataset"))[0]?.settings, {
    sinceMs: 86_400_000,
    limit: undefined,
    failed: true,
    byDataset: true,
    format: "table",
  });
  deepEqual(invocations(words("health"))[0]?.settings, { pools: [], scrubAgeMs: 35 * 86_400_000 });
  deepEqual(invocations(words("health tank ann@h:tank --scrub-age 7d"))[0]?.settings, {
    pools: [{ text: "tank", host: undefined, pool: "tank" }, { text: "ann@h:tank", host: "ann@h", pool: "tank" }],
    scrubAgeMs: 7 * 86_400_000,
  });
  deepEqual(invocations(words("capacity"))[0]?.settings, { pools: [], warnPercent: 25, criticalPercent: 10 });
  deepEqual(invocations(words("capacity --warn 5"))[0]?.settings, { pools: [], warnPercent: 5, criticalPercent: 5 });
  deepEqual(invocations(words("status tank>target --objective 1h"))[0]?.settings, {
    jobs: ["tank>target"],
    objectiveMs: 3_600_000,
    retire: false,
  });
  deepEqual(invocations(words("status tank>target --retire"))[0]?.settings, {
    jobs: ["tank>target"],
    objectiveMs: 600_000,
    retire: true,
  });
  deepEqual(invocations(words("verify tank target"))[0]?.settings, {
    job: "tank>target",
    source,
    target,
    content: undefined,
    exclude: [],
  });
  for (const [typed, content] of [["all", "all"], ["1", 1], ["1000", 1000]] as const) {
    const [found] = invocations(words(`verify tank target --content ${typed} --exclude a --exclude b/*`));
    deepEqual(found?.command === "verify" && [found.settings.content, found.settings.exclude], [content, ["a", "b/*"]]);
  }
  deepEqual(invocations(["status"], { objective: 60_000 })[0]?.settings, {
    jobs: [],
    objectiveMs: 60_000,
    retire: false,
  });
  deepEqual(invocations(words("metrics --output /x"))[0]?.settings, { output: "/x", objectiveMs: 600_000 });
  deepEqual(invocations(words("prune tank --keep none --dry-run"))[0]?.settings, {
    job: undefined,
    source,
    target: undefined,
    dryRun: true,
    prefix: "incremental",
    keep: { kind: "none" },
    exclude: [],
    adopt: false,
  });
  deepEqual(invocations(words("prune tank target"))[0]?.command, "prune");
  deepEqual(invocations(words("mail test --mail-to ann@example.org")), [{
    command: "mail test",
    settings: {},
    common: commonSettings({ mailTo: ["ann@example.org"] }),
  }]);
  deepEqual(invocations(["version", "--json"]), [{
    command: "version",
    settings: {},
    common: commonSettings({ json: true }),
  }]);
  for (const line of [["--version"], ["-V"], ["version"]]) equal(invocations(line)[0]?.command, "version");
  deepEqual(invocations(["man"])[0]?.command, "man");
  deepEqual(invocations(words("completions bash"))[0]?.settings, { shell: "bash", words: [] });
  deepEqual(invocations(["completion", "zsh", "log", "--help", ""])[0]?.settings, {
    shell: "zsh",
    words: ["log", "--help", ""],
  });
});

Deno.test("names with blanks and leading dashes behind --", () => {
  const [found] = invocations(["replicate", "--", "tank/ann lee", "target"]);
  equal(found?.command === "replicate" && found.settings.target.dataset, "tank/ann lee");
  match(complaint(["replicate", "--", "-tank", "target"]), /SOURCE: "-tank" is not a dataset name: it begins with '-'/);
});

const complaints: readonly (readonly [line: string, says: string])[] = [
  [
    "replicate tank target --kep 7d",
    'replicate has no option "--kep"; did you mean --keep? | See: bzman help replicate',
  ],
  [
    "replicate tank target --dry",
    'replicate has no option "--dry"; did you mean --dry-run? | See: bzman help replicate',
  ],
  ["replicate tank target --frobnicate=1", 'replicate has no option "--frobnicate" | See: bzman help replicate'],
  ["replicate tank target -k", 'replicate has no option "-k" | See: bzman help replicate'],
  ["health tank/home", 'POOL: "tank/home" is a dataset, and a pool is wanted: tank | See: bzman help health'],
  [
    "capacity h:tank/home",
    'POOL: "h:tank/home" is a dataset, and a pool is wanted: h:tank | See: bzman help capacity',
  ],
  ["health --scrub-age 0s", '--scrub-age: "0s" is no time at all; the shortest is 1s | See: bzman help health'],
  ["verify tank", "TARGET is missing | See: bzman help verify"],
  ["verify tank target --content some", '--content: "some" is neither a number nor all | See: bzman help verify'],
  [
    "verify tank target --content 1001",
    '--content: "1001" is out of range; allowed are 1 to 1000 | See: bzman help verify',
  ],
  ["capacity --warn 5 --critical 10", "--critical is more than --warn | See: bzman help capacity"],
  ["log --json --format csv", "--json and --format csv cannot be combined | See: bzman help log"],
  [
    "replicate tank target --ping ftp://x",
    "--ping: this is not an address to ping; write https://HOST/PATH | See: bzman help replicate",
  ],
  ["replicate tank target extra", 'replicate does not accept "extra" | See: bzman help replicate'],
  ["replicate tank", "TARGET is missing | See: bzman help replicate"],
  ["replicate", "SOURCE is missing | See: bzman help replicate"],
  ["prune", "SOURCE is missing | See: bzman help prune"],
  ["replicate tank target --keep", "--keep requires KEEP | See: bzman help replicate"],
  [
    "replicate tank target --keep=",
    '--keep: "" is not an age (7d), a number of snapshots (504) or none | See: bzman help replicate',
  ],
  ["replicate tank target --raw=no", '--raw: "no" is none of auto, always, never | See: bzman help replicate'],
  [
    "replicate tank target --retries 21",
    '--retries: "21" is out of range; allowed are 0 to 20 | See: bzman help replicate',
  ],
  ["replicate tank target --json=1", 'Flag --json does not accept a value, but got: "1" | See: bzman help replicate'],
  ["replicate tank target --db a --db b", "--db cannot be used multiple times | See: bzman help replicate"],
  [
    "replicate tank tank/x",
    'TARGET: "tank/x" is not a host; write HOST:POOL/DATASET for another machine, or :tank/x for this one | See: bzman help replicate',
  ],
  [
    "replicate tank :tank",
    'SOURCE and TARGET are the same dataset, "tank" of this machine | See: bzman help replicate',
  ],
  ["preflight -tank target", 'preflight has no option "-tank" | See: bzman help preflight'],
  ["replicat tank target", 'bzman has no command "replicat"; did you mean replicate? | See: bzman help'],
  ["repl", 'bzman has no command "repl"; did you mean replicate? | See: bzman help'],
  ["tank target", 'bzman has no command "tank" | See: bzman help'],
  ["mail", "mail needs a second word | Type: bzman mail test"],
  ["mail tset", 'mail does not know "tset" | Type: bzman mail test'],
  ["mail test x", 'mail test does not accept "x" | See: bzman help mail test'],
  ["help repl", 'bzman has no command "repl"; did you mean replicate? | See: bzman help'],
  ["completions", "the name of a shell is missing: bash, zsh or fish | See: bzman help completions"],
  ["completions ksh", 'SHELL: "ksh" is none of bash, zsh, fish | See: bzman help completions'],
  ["--debug tank", '"--debug" stands where a command is expected | See: bzman --help'],
  ["--frobnicate", '"--frobnicate" stands where a command is expected | See: bzman --help'],
  ["-", '"-" stands where a command is expected | See: bzman --help'],
  ["--", '"--" stands where a command is expected | See: bzman --help'],
  ["log --limit 0", '--limit: "0" is out of range; allowed are 1 to 1000000 | See: bzman help log'],
  [
    "log --since yesterday",
    '--since: "yesterday" is not a time; write a number with s, m, h, d or w, such as 24h or 7d | See: bzman help log',
  ],
];

Deno.test("complaints: what is wrong, what was meant, what to type", async (test) => {
  for (const [line, says] of complaints) await test.step(line, () => equal(complaint(words(line)), says));
});

Deno.test("an empty word is named, not skipped", () => {
  match(complaint(["replicate", "", "target"]), /SOURCE: "" names no dataset/);
  match(complaint(["replicate", "tank", ""]), /TARGET: "" is not a host/);
  match(complaint([""]), /no command ""/);
});

Deno.test("no command line makes the parser throw anything but a usage error of one line", () => {
  const option = fc.constantFrom(
    "--keep",
    "--json",
    "--db",
    "--help",
    "-h",
    "--exclude",
    "--snapkeep",
    "--",
    "-",
    "--=",
    "--db=",
    "-mcp",
    "-s",
    "-d",
    "-b",
    "-r",
    "-p",
    "--prefix=",
    "--no-snapshot",
    "__proto__",
    "constructor",
    "toString",
    "--__proto__",
    "--constructor=1",
  );
  const name = fc.constantFrom(
    ...commands.map(({ name }) => name.split(" ")[0] ?? ""),
    "help",
    "completions",
    "test",
    "send",
    "bash",
  );
  const word = fc.oneof(
    option,
    name,
    fc.constantFrom("tank", "host:tank", ":tank", "target", "7d"),
    fc.string(),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 7 }), fc.boolean(), (argv, colors) => {
      try {
        const parsed = parseArguments(argv, { colors, columns: undefined });
        if (parsed.kind === "run") { for (const draft of parsed.commands) draft.resolve({}); }
      } catch (error) {
        equal((error as Error).name, "UsageError", `${JSON.stringify(argv)}: ${(error as Error).stack}`);
        equal((error as Error).message.includes("\n"), false);
      }
    }),
    { numRuns: 150 },
  );
});
