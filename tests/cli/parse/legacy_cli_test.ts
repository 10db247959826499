import { deepEqual, equal } from "node:assert/strict";
import { translateLegacy } from "../../../src/cli/parse/legacy_cli.ts";
import { parseArguments } from "../../../src/cli/parse/parse.ts";
import { complaint, invocations, words } from "../invocations.ts";

const translations: readonly (readonly [old: string, lines: readonly string[]])[] = [
  ["-s tank target", ["replicate -- tank target"]],
  ["-s tank target -b /root --snapkeep=80", ["replicate --db=/root --keep=80 -- tank target"]],
  ["-b /root --snapkeep 80 -s tank target", ["replicate --db=/root --keep=80 -- tank target"]],
  ["-stank target -b/root", ["replicate --db=/root -- tank target"]],
  ["target -s tank", ["target -s tank"]],
  ["-s tank 172.16.1.5 --db=/root", ["replicate --db=/root -- tank 172.16.1.5"]],
  ["-s tank 172.16.1.5 --db /root", ["replicate --db=/root -- tank 172.16.1.5"]],
  ["-d tank/myzvol 172.16.1.5", ["replicate -- tank/myzvol 172.16.1.5"]],
  ["-d tank/a:b ann@target", ["replicate -- tank/a:b ann@target"]],
  ["-d ta:nk/a target", ["replicate -- :ta:nk/a target"]],
  ["-p", ["log"]],
  ["-p -b /root", ["log --db=/root"]],
  ["-p -s tank target", ["replicate -- tank target", "log"]],
  ["-ps tank target --dry-run --quiet", ["replicate --dry-run --quiet -- tank target", "log --quiet"]],
  ["-s tank --mail-to ann@example.org target", ["replicate --mail-to=ann@example.org -- tank target"]],
  ["-s tank -- target", ["replicate -- tank target"]],
  ["-s tank target --snapkeep=0", ["replicate --keep=0 -- tank target"]],
  ["-m", ["health"]],
  ["-c", ["capacity"]],
  ["-m -c", ["capacity", "health"]],
  ["-mcp -b /root", ["capacity --db=/root", "health --db=/root", "log --db=/root"]],
  ["-cm -s tank target", ["capacity", "health", "replicate -- tank target"]],
  ["-m --scrub-age 7d -c --warn 15", ["capacity --warn=15", "health --scrub-age=7d"]],
  ["-r ann@example.org", ["report --to=ann@example.org"]],
  ["-rroot -b /root", ["report --db=/root --to=root"]],
  ["-s tank target -pr root", ["replicate -- tank target", "log", "report --to=root"]],
  ["-h", ["-h"]],
  ["-s tank target -h", ["--help"]],
  ["-mh", ["--help"]],
  ["--db=/x --help", ["--help"]],
  ["--db /x log --failed", ["log --failed --db=/x --"]],
  ["--json mail test", ["mail test --json --"]],
];

Deno.test("the one-letter interface: a pure translation", async (test) => {
  for (const [old, lines] of translations) {
    await test.step(old, () => deepEqual(translateLegacy(words(old)).map((line) => line.join(" ")), lines));
  }
});

Deno.test("the one-letter interface: what the commands get", () => {
  const [found] = invocations(words("-s tank target -b /root --snapkeep=80"));
  equal(found?.command, "replicate");
  equal(found?.common.db, "/root");
  deepEqual(
    found?.command === "replicate" && [found.settings.keep, found.settings.source.dataset, found.settings.target.host],
    [
      { kind: "count", count: 80 },
      "tank",
      "target",
    ],
  );
  const [dataset] = invocations(words("-d tank/a target"));
  equal(dataset?.command === "replicate" && dataset.settings.target.dataset, "tank/a");
  deepEqual(invocations(words("-ps tank target")).map(({ command }) => command), ["replicate", "log"]);
});

const complaints: readonly (readonly [line: string, says: string])[] = [
  ["-s tank", "the host to send to is missing | Type: bzman -s POOL HOST"],
  ["-s", "-s needs a value | See: bzman --help"],
  ["-b", "-b needs a value | See: bzman --help"],
  ["-p --db", "--db needs a value | See: bzman --help"],
  ["-s tank target more", '"more" is an unexpected argument | Type: bzman -s POOL HOST'],
  [
    "-s tank -d tank/a target",
    "-s and -d cannot be combined | Write two lines: one with -s POOL HOST, one with -d POOL/DATASET HOST",
  ],
  ["-d tank target", '-d takes POOL/DATASET, and "tank" has no slash | Type: bzman -s POOL HOST'],
  ["-x", 'bzman has no option "-x" | See: bzman --help'],
  ["-sx", "the host to send to is missing | Type: bzman -s POOL HOST"],
  ["-p tank", '"tank" is an unexpected argument | See: bzman --help'],
  ["-s tank target --snapkeep=many", '--snapkeep: "many" is not a whole number | Type: --snapkeep=504'],
  ["-s tank target --snapkeep=-1", '--snapkeep: "-1" is not a whole number | Type: --snapkeep=504'],
  ["-s tank target --kep=7d", 'replicate has no option "--kep"; did you mean --keep? | See: bzman help replicate'],
  ["-s -m target", "SOURCE: \"-m\" is not a dataset name: it begins with '-' | See: bzman help replicate"],
  [
    "-s tank -- -oProxyCommand=id",
    "TARGET: \"-oProxyCommand=id\" is not a host: its name begins with '-' | See: bzman help replicate",
  ],
];

Deno.test("the one-letter interface: complaints", async (test) => {
  for (const [line, says] of complaints) await test.step(line, () => equal(complaint(words(line)), says));
});

Deno.test("the one-letter interface: help", () => {
  for (const line of [[], ["-h"], ["--help"], ["help"], ["-s", "tank", "target", "-h"]]) {
    const parsed = parseArguments(line, { colors: false, columns: 80 });
    equal(parsed.kind === "text" && parsed.text.startsWith("bzman keeps a near-instant copy"), true);
  }
});
