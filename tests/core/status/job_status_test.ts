import assert from "node:assert/strict";
import type { JobFacts, StatusInputs } from "../../../src/core/status/job_facts.ts";
import { jobStatus } from "../../../src/core/status/job_status.ts";
import { runCommand } from "../../../src/core/status/judge_job.ts";
import { type PoolDataset, unreplicated } from "../../../src/core/status/unreplicated.ts";
import { sampleDataset, sampleRun, start } from "../../history/sample_run.ts";

const minute = 60_000;
const inputs: StatusInputs = {
  now: start,
  objectiveMs: 10 * minute,
  format: { bytes: (count) => `${count} B`, duration: (ms) => `${ms / minute} min` },
};
const okRun = sampleRun({ result: "ok", startedAt: start - 5 * minute, endedAt: start - 4 * minute });

/** A job with two datasets that are so many minutes old. */
function facts(changes: Partial<JobFacts> = {}, ages: readonly [number, number] = [5, 5]): JobFacts {
  const names = ["tank", "tank/home"];
  return {
    job: "tank>target",
    source: "alpha:tank",
    target: "target:tank",
    lastRun: okRun,
    running: undefined,
    lastSuccessAt: okRun.endedAt,
    streak: 0,
    current: names.map((name) => sampleDataset({ dataset: name, target: name })),
    successes: new Map(
      names.map((name, i) => [name, { at: okRun.startedAt, createdAt: start - (ages[i] ?? 0) * minute }]),
    ),
    streaks: new Map(),
    traffic: new Map([
      ["tank", { dayBytes: 10n, usualBytes: 8n, rate: { day: 3, usual: 4 } }],
      ["tank/home", { dayBytes: 5n, usualBytes: undefined, rate: { day: undefined, usual: undefined } }],
    ]),
    rate: { day: 100, usual: undefined },
    foreignSnapshots: 3,
    verifyAlerts: [],
    ...changes,
  };
}

const texts = (given: JobFacts) =>
  jobStatus(given, inputs).findings.map(({ verdict, check, text }) => `${verdict} ${check}: ${text}`);
const failedRun = sampleRun({
  result: "failed",
  errorClass: "ssh-unreachable",
  message: "cannot reach target",
  startedAt: start - 2 * minute,
  endedAt: start - minute,
});

const cases: Readonly<Record<string, readonly [facts: JobFacts, findings: readonly string[]]>> = {
  "all is well": [facts(), []],
  "the last verify found something": [
    facts({ verifyAlerts: [{ severity: "critical", what: "tank/home: one snapshot had been received and is gone" }] }),
    ["critical verify: the last 'bzman verify' found: tank/home: one snapshot had been received and is gone"],
  ],
  "below twice the objective": [facts({}, [19.9, 5]), []],
  "at twice the objective": [facts({}, [5, 20]), [
    "warning lag: tank/home is 20 min behind, and should be at most 10 min",
  ]],
  "at six times the objective": [facts({}, [20, 60]), [
    "critical lag: all 2 datasets are 60 min behind, and should be at most 10 min",
  ]],
  "one failed run while the lag is fine": [facts({ lastRun: failedRun, streak: 1 }), [
    "warning ssh-unreachable: its last run failed (1 min ago): cannot reach target",
  ]],
  "three failed runs, and late": [facts({ lastRun: failedRun, streak: 3 }, [30, 30]), [
    "warning ssh-unreachable: its last 3 runs failed, the last one (1 min ago): cannot reach target",
    "warning lag: all 2 datasets are 30 min behind, and should be at most 10 min",
  ]],
  "a run that was killed": [
    facts({ lastRun: sampleRun({ result: "killed", startedAt: start - minute, message: "gone" }) }),
    [
      "warning killed: its last run failed (1 min ago): gone",
    ],
  ],
  "a run that a signal stopped is no failure": [facts({ lastRun: sampleRun({ result: "interrupted" }) }), []],
  "the first run was stopped before anything arrived": [
    facts({
      lastRun: sampleRun({ result: "interrupted", startedAt: start - 9 * minute, endedAt: start - 8 * minute }),
      lastSuccessAt: undefined,
      current: [],
      successes: new Map(),
    }),
    ["critical never-copied: nothing was ever copied; its last run (8 min ago) was interrupted"],
  ],
  "the first run was stopped, and the next is under way": [
    facts({
      lastRun: sampleRun({ result: "interrupted" }),
      running: sampleRun({ startedAt: start - 3 * minute }),
      lastSuccessAt: undefined,
      current: [],
      successes: new Map(),
    }),
    ["critical never-copied: nothing was ever copied; a run is under way, for 3 min"],
  ],
  "never succeeded": [
    facts({ lastRun: failedRun, lastSuccessAt: undefined, streak: 2, current: [], successes: new Map() }),
    [
      "critical ssh-unreachable: nothing was ever copied; its last 2 runs failed, the last one (1 min ago): cannot reach target",
    ],
  ],
  "the first run is under way": [
    facts({
      lastRun: undefined,
      lastSuccessAt: undefined,
      current: [],
      successes: new Map(),
      running: sampleRun({ startedAt: start - 3 * minute }),
    }),
    ["warning first-run: its first run is under way, for 3 min"],
  ],
  "a dataset that was never copied": [
    facts({ successes: new Map([["tank", { at: start, createdAt: start }]]), streaks: new Map([["tank/home", 2]]) }),
    ["critical never-copied: tank/home was never copied"],
  ],
  "cron stopped": [
    facts({ lastRun: { ...okRun, startedAt: start - 90 * minute } }, [90, 90]),
    ["critical lag: all 2 datasets are 90 min behind, and should be at most 10 min; no run has started for 90 min"],
  ],
  "a long run is under way": [
    facts({ running: sampleRun({ startedAt: start - 25 * minute }) }, [30, 5]),
    ["warning lag: tank is 30 min behind, and should be at most 10 min; a run is under way, for 25 min"],
  ],
  "a version whose age is not known gives no verdict": [
    facts({ successes: new Map(["tank", "tank/home"].map((name) => [name, { at: start, createdAt: undefined }])) }),
    [],
  ],
};

Deno.test("verdicts on jobs", () => {
  for (const [name, [given, expected]] of Object.entries(cases)) assert.deepEqual(texts(given), expected, name);
});

Deno.test("what was never copied comes with the command that copies it", () => {
  const lastRun = sampleRun({ result: "interrupted" });
  const given = facts({ lastRun, lastSuccessAt: undefined, current: [], successes: new Map() });
  assert.deepEqual(jobStatus(given, inputs).findings.map(({ next }) => next), ["bzman replicate tank target"]);
});

Deno.test("the datasets of a job, its orphans and its traffic", () => {
  const given = facts({ streaks: new Map([["tank/home", 3]]) }, [5, 70]);
  const job = jobStatus({
    ...given,
    current: [...given.current, sampleDataset({ dataset: "tank/old", target: "tank/old", result: "vanished" })],
  }, inputs);
  assert.deepEqual(job.orphans, ["tank/old"]);
  assert.deepEqual(
    job.datasets.map(({ dataset, verdict, lagMs, streak }) => [dataset, verdict, (lagMs ?? 0) / minute, streak]),
    [
      ["tank", "ok", 5, 0],
      ["tank/home", "critical", 70, 3],
    ],
  );
  assert.equal(job.lagMs, 70 * minute);
  assert.equal(job.foreignSnapshots, 3);
  assert.deepEqual(job.traffic, { dayBytes: 15n, usualBytes: 8n });
  assert.deepEqual(job.datasets[0]?.traffic.rate, { day: 3, usual: 4 });
});

Deno.test("an orphan on which a copy depends is told with the copy's name", () => {
  const orphan = { dataset: "tank/o", target: "tank/o", result: "vanished" } as const;
  const message = "keep it: tank/c is a clone of it, and it depends on it";
  const rows = [sampleDataset(orphan), sampleDataset({ ...orphan, target: "tank/p", message })];
  const job = jobStatus({ ...facts({}), current: rows }, inputs);
  assert.deepEqual(job.orphans, ["tank/o", "tank/p"]);
  assert.deepEqual(job.neededOrphans, [{ orphan: "tank/p", why: message }]);
});

Deno.test("a clock that was set back makes no negative lag", () => {
  assert.equal(jobStatus(facts({}, [-5, -5]), inputs).lagMs, 0);
});

Deno.test("the command that runs a job again is quoted where it must be", () => {
  assert.equal(runCommand("tank>target"), "bzman replicate tank target");
  assert.equal(runCommand("tank/a b>ann@target:backup"), "bzman replicate 'tank/a b' ann@target:backup");
  assert.equal(runCommand("nightly"), "bzman run nightly");
});

Deno.test("datasets that no job covers", () => {
  const all: PoolDataset[] = ["tank", "tank/home", "tank/home/new", "tank/scratch", "tank/late"].map((name) => ({
    name,
    createdAt: name.endsWith("new") || name.endsWith("late") ? start : start - 1000,
  }));
  const jobs = [{ top: "tank/home", datasets: ["tank/home"], lastRunAt: start - 10 }, {
    top: "tank",
    datasets: ["tank"],
    lastRunAt: start + 10,
  }];
  assert.deepEqual(unreplicated(all, jobs), ["tank/scratch", "tank/late"]);
  assert.deepEqual(unreplicated(all, []), all.map(({ name }) => name));
});
