/**
 * What a test run is made of: the checks of the sources, then the suites of tests.
 *
 * @module
 */

import { basename } from "node:path";

/** One program to run, judged by its exit status, or by its counts when it is a run of `deno test`. */
export interface Step {
  /** What to call it. */
  readonly name: string;
  /** The program and its arguments. */
  readonly argv: readonly [string, ...string[]];
  /** Whether it is a run of `deno test`. */
  readonly tests: boolean;
  /** How long it may take, in milliseconds: a hung run must end, however slow the machine. */
  readonly limitMs: number;
}

const minuteMs = 60_000;

const deno = Deno.execPath();

const check = (name: string, ...args: string[]): Step => ({
  name,
  argv: [deno, ...args],
  tests: false,
  limitMs: 5 * minuteMs,
});

const suite = (name: string, limitMs: number, ...args: string[]): Step => ({
  name,
  argv: [deno, "test", "--no-prompt", "--no-check", "--permit-no-files", ...args],
  tests: true,
  limitMs,
});

/** The checks that need no run: form, lint rules, types, circles and long files. */
export function sourceChecks(): Step[] {
  return [
    check("form", "fmt", "--check", "--quiet"),
    check("lint", "lint", "--quiet"),
    check("types", "check", "--quiet", "--frozen"),
    check("house", "run", "--quiet", "--no-prompt", "--allow-read", "tools/house.ts"),
  ];
}

/** Installs what the tests on this machine talk to: the shells that somebody may log in with, and a server of ssh. */
export function peers(): Step {
  const packages = ["zsh", "ksh", "mksh", "tcsh", "fish", "openssh-server", "mbuffer"];
  return { name: "shells and sshd", argv: ["tools/packages", ...packages], tests: false, limitMs: 15 * minuteMs };
}

const permissions = ["read", "write", "env", "sys", "run", "net=127.0.0.1,[::1],localhost"]
  .map((name) => `--allow-${name}`);

/** Tests that wait for real time to pass, or for many processes: not for `make check`. */
const isSlow = (file: string): boolean => file.endsWith("_slow_test.ts");

/** The fast tests: everything but the lab, the browser and the slow ones. They may use this machine's network alone. */
export function fastTests(): Step {
  const files = unitTests().filter((file) => !isSlow(file));
  return suite("fast tests", 5 * minuteMs, "--parallel", ...permissions, ...files);
}

/** The slow tests that need neither lab nor browser. */
export function patientTests(): Step {
  return suite("slow tests", 15 * minuteMs, ...permissions, ...unitTests().filter(isSlow));
}

/** The property tests that play random histories, with as many cases as half a minute each allows. */
export function manyHistories(): Step[] {
  const histories = [
    { file: "tests/core/plan/promises_property_test.ts", runs: 6000 },
    { file: "tests/core/inspect/listing_cache_property_test.ts", runs: 1000 },
  ];
  return histories.map(({ file, runs }) => {
    const step = suite(`${runs} random histories: ${file}`, 10 * minuteMs, ...permissions, file);
    return { ...step, argv: ["env", `PROPERTY_RUNS=${runs}`, ...step.argv] };
  });
}

function unitTests(folder = "tests"): string[] {
  const inside = [...Deno.readDirSync(folder)].filter(({ isDirectory }) => isDirectory).map(({ name }) => name).sort();
  const below = inside.filter((name) => name !== "lab" && name !== "browser");
  return [...testFiles(folder), ...below.flatMap((name) => unitTests(`${folder}/${name}`))];
}

/** Makes the file that the lab drives. */
export function packaging(): Step {
  return { name: "dist/bzman", argv: ["make", "--no-print-directory", "dist"], tests: false, limitMs: 10 * minuteMs };
}

/** Files whose run is long though their text is short: many rounds, a large tree. */
const longRuns = ["chaos_test.ts", "large_tree_test.ts"];

/**
 * The tests that boot hosts and a browser, one process a file. The longest run comes first, since lanes that begin with the long
 * ones end together; but for the few that are known, the longest text is a fair guess at it.
 *
 * @param filter takes only files whose name holds it; where there is none, tests whose name does.
 */
export function slowTests(filter = ""): Step[] {
  const files = ["tests/lab", "tests/browser"].flatMap(testFiles);
  const named = files.filter((file) => basename(file).includes(filter));
  const byName = named.length > 0 ? [] : [`--filter=${filter}`];
  const size = (file: string): number =>
    longRuns.includes(basename(file)) ? Number.MAX_SAFE_INTEGER : Deno.statSync(file).size;
  return (named.length > 0 ? named : files).sort((a, b) => size(b) - size(a)).map((file) =>
    suite(file, 30 * minuteMs, "--allow-all", ...byName, file)
  );
}

function testFiles(folder: string): string[] {
  try {
    const names = [...Deno.readDirSync(folder)].map((entry) => entry.name);
    return names.filter((name) => name.endsWith("_test.ts")).sort().map((name) => `${folder}/${name}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
