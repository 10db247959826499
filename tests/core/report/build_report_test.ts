import { deepEqual, equal } from "node:assert/strict";
import { nextAlert } from "../../../src/core/alerts/alert_state.ts";
import { buildReport } from "../../../src/core/report/build_report.ts";
import type { ReportInput } from "../../../src/core/report/input.ts";
import { entryAgo, minuteMs, now, runAgo, sampleInput, sampleJob } from "./sample_input.ts";

const failing = sampleJob({
  runs: [
    runAgo(34),
    ...[24, 14, 4].map((minutes) =>
      runAgo(minutes, {
        result: "failed",
        errorClass: "ssh-lost",
        message: "the link broke",
        advice: "ssh target true",
      })
    ),
  ],
  latest: [entryAgo(34)],
  latestSuccesses: [entryAgo(34)],
  entries: [entryAgo(34)],
  failureStreak: 3,
  lastSuccessAt: now - 34 * minuteMs,
});

const oneFull = sampleJob({
  runs: [runAgo(84), runAgo(4, { result: "partial", errorClass: "target-full", message: "out of space" })],
  entries: [entryAgo(84), entryAgo(4), entryAgo(84, { dataset: "tank/b", target: "tank/b" })],
  latest: [
    entryAgo(4),
    entryAgo(4, { dataset: "tank/b", target: "tank/b", result: "failed", toCreatedAt: now - 84 * minuteMs }),
  ],
  latestSuccesses: [entryAgo(4), entryAgo(84, { dataset: "tank/b", target: "tank/b" })],
  failureStreak: 1,
});

/** A job with two young copies, one of which has diverged. */
const diverged = sampleJob({
  runs: [runAgo(4, { result: "partial", errorClass: "diverged", message: "diverged" })],
  latest: [entryAgo(4), entryAgo(4, { dataset: "tank/b", target: "tank/b", result: "failed" })],
  latestSuccesses: [entryAgo(4), entryAgo(5, { dataset: "tank/b", target: "tank/b" })],
  failureStreak: 1,
});

/** A job whose first run was stopped before anything arrived. */
const bare = sampleJob({
  runs: [runAgo(4, { result: "interrupted", errorClass: "interrupted", message: "bzman was told to stop" })],
  entries: [],
  latest: [],
  latestSuccesses: [],
  lastSuccessAt: undefined,
});

const degraded = { at: now, host: "target", pool: "tank", state: "DEGRADED", usedBytes: 10n, availableBytes: 90n };
const seen = nextAlert(undefined, { severity: "warning", errorClass: "device-errors" }, now).state!;

const table: readonly (readonly [
  what: string,
  input: Partial<ReportInput>,
  verdict: string,
  headline: string,
  reasons: readonly string[],
])[] = [
  ["a quiet night", {}, "ok", "The dataset is protected", []],
  ["nothing recorded", { jobs: [] }, "unknown", "There is no job", []],
  ["failing, and late", { jobs: [failing] }, "warning", "1 of 1 copy is behind", [
    "warning tank>target: its last 3 runs failed: the link broke | ssh target true → failure-0",
    "warning tank>target: the copy of tank/home is 34 min old; it should stay below 0.16666666666666666 h → failure-0",
  ]],
  ["one of two full", { jobs: [oneFull] }, "critical", "1 of 2 copies is behind", [
    "critical tank>target: its last run failed: out of space → failure-0",
    "critical tank>target: the copy of tank/b is 84 min old; it should stay below 0.16666666666666666 h → failure-0",
  ]],
  [
    "over again",
    {
      jobs: [
        sampleJob({
          runs: [runAgo(14, { result: "failed", errorClass: "stalled", message: "stood still" }), runAgo(4)],
        }),
      ],
    },
    "ok",
    "The dataset is protected",
    [
      "notice tank>target: one run failed, at 03-31T05:50 (stalled); it has succeeded since → failure-0",
    ],
  ],
  ["a pool is degraded", { pools: [degraded] }, "warning", "Every copy is current, and one thing needs a look", [
    "warning pool target:tank: it is DEGRADED → pool-0",
  ]],
  [
    "an alert names the device",
    {
      pools: [degraded],
      alerts: [{ key: "health target:tank", what: "sdb had 3 read errors", state: seen }],
    },
    "warning",
    "Every copy is current, and one thing needs a look",
    [
      "warning pool target:tank: sdb had 3 read errors → pool-0",
    ],
  ],
  [
    "an alert of the space speaks for it, and one of a pool of the same name elsewhere does not",
    {
      pools: [degraded],
      alerts: [
        { key: "capacity target:tank", what: "tank/mail has used 97 % of its quota of 10 GiB", state: seen },
        { key: "health tank", what: "sda had 1 read errors", state: seen },
      ],
    },
    "warning",
    "Every copy is current, and 3 things need a look",
    [
      "warning pool target:tank: tank/mail has used 97 % of its quota of 10 GiB → pool-0",
      "warning pool target:tank: it is DEGRADED → pool-0",
      "warning health tank: sda had 1 read errors",
    ],
  ],
  [
    "what nobody has looked at for a month is not told for ever",
    {
      alerts: [{
        key: "health old",
        what: "it is DEGRADED",
        state: { ...seen, lastSeenAt: now - 31 * 86_400_000 },
      }],
    },
    "ok",
    "The dataset is protected",
    [],
  ],
  [
    "one job diverged in one of two datasets, another never reached its host",
    {
      jobs: [diverged, {
        ...bare,
        job: "tank>far",
        runs: [runAgo(4, { result: "refused", message: "no such host" })],
        failureStreak: 1,
      }],
      unreplicated: ["tank/new", "tank/x"],
    },
    "critical",
    "1 of 2 jobs never copied anything; the last run failed for 1 of 2 copies; no job covers 2 datasets",
    [
      "critical tank>far: its last run failed: no such host → failure-1",
      "warning tank>target: its last run failed: diverged → failure-0",
      "notice no job covers tank/new, tank/x | bzman status",
    ],
  ],
  ["the first run was stopped", { jobs: [bare] }, "critical", "Nothing was ever copied", [
    "critical tank>target: nothing was ever copied; its last run was interrupted | bzman replicate tank target → failure-0",
  ]],
  [
    "the first run of one job was stopped, another is well",
    { jobs: [{ ...bare, job: "tank>new" }, sampleJob()] },
    "critical",
    "1 of 2 jobs never copied anything",
    [
      "critical tank>new: nothing was ever copied; its last run was interrupted | bzman replicate tank new → failure-0",
    ],
  ],
  [
    "the first run is under way",
    { jobs: [{ ...bare, runs: [runAgo(4, { result: "running" })] }] },
    "unknown",
    "Nothing was ever copied",
    ["unknown tank>target has never finished a run → job-0"],
  ],
  [
    "a signal stopped the last run",
    {
      jobs: [
        sampleJob({
          runs: [runAgo(14), runAgo(4, { result: "interrupted", errorClass: "interrupted", message: "stop" })],
        }),
      ],
    },
    "warning",
    "Every copy is current, and one thing needs a look",
    ["warning tank>target: its last run was interrupted | bzman replicate tank target → failure-0"],
  ],
  [
    "a job that has not run for longer than the report looks back",
    {
      jobs: [
        sampleJob({
          runs: [],
          entries: [],
          latest: [entryAgo(60_000)],
          latestSuccesses: [entryAgo(60_000)],
          lastSuccessAt: now - 60_000 * minuteMs,
        }),
      ],
    },
    "critical",
    "1 of 1 copy is behind",
    [
      "critical tank>target: the copy of tank/home is 60000 min old; it should stay below 0.16666666666666666 h → job-0",
    ],
  ],
  ["mails wait", { waitingMails: 2 }, "warning", "Every copy is current, and one thing needs a look", [
    "warning 2 mails wait to go out | bzman mail test",
  ]],
];

Deno.test("the verdict and its reasons", async (test) => {
  for (const [what, input, verdict, headline, reasons] of table) {
    await test.step(what, () => {
      const report = buildReport(sampleInput(input));
      equal(report.verdict, verdict);
      equal(report.headline, headline);
      deepEqual(
        report.reasons.map(({ verdict, text, next, place }) =>
          `${verdict} ${text}${next ? ` | ${next}` : ""}${place ? ` → ${place.part}-${place.index}` : ""}`
        ),
        reasons,
      );
    });
  }
});

Deno.test("sums of the period, the trend and the phases", () => {
  const old = [runAgo(3 * 1440, { bytes: 7n }), runAgo(20 * 1440, { bytes: 5n, result: "failed" })];
  const job = sampleJob();
  const report = buildReport(sampleInput({ jobs: [{ ...job, runs: [...old.toReversed(), ...job.runs] }] }));
  deepEqual(
    report.windows.map(({ title, runs, failed, bytes, medianMs }) => [title, runs, failed, bytes, medianMs]),
    [
      ["last 24 h", 6, 0, 6n << 20n, 10_000],
      ["7 days", 7, 0, (6n << 20n) + 7n, 10_000],
      ["30 days", 8, 1, (6n << 20n) + 12n, 10_000],
    ],
  );
  equal(report.days.length, 30);
  deepEqual(report.days.filter(({ runs }) => runs > 0).map(({ runs, failed }) => [runs, failed]), [[1, 1], [1, 0], [
    6,
    0,
  ]]);
  deepEqual(report.phases, [
    { phase: "list local", elapsedMs: 12_000, share: 0.2 },
    { phase: "send", elapsedMs: 48_000, share: 0.8 },
  ]);
  deepEqual(
    report.jobs[0]?.datasets.map(({ bytes, elapsedMs, runs, lagMs }) => [bytes, elapsedMs, runs, lagMs]),
    [[6n * 4096n, 720, 6, 4 * minuteMs]],
  );
});

Deno.test("what only the target has is no dataset of the source", () => {
  const gone = entryAgo(4, { dataset: "tank/old", target: "tank/old", result: "vanished" });
  const job = sampleJob({ latest: [entryAgo(4), gone] });
  const report = buildReport(sampleInput({ jobs: [job] }));
  deepEqual(report.jobs[0]?.onlyOnTarget, ["tank/old"]);
  equal(report.verdict, "ok");
});

Deno.test("failures are told once each, the lasting ones first, with the last words", () => {
  const runs = [
    runAgo(54, { result: "failed", errorClass: "stalled", message: "stood still", stderrTail: "one" }),
    runAgo(44),
    runAgo(34, { result: "failed", errorClass: "ssh-lost", message: "broke", stderrTail: "two" }),
    runAgo(24, { result: "failed", errorClass: "ssh-lost", message: "broke", stderrTail: "three" }),
    runAgo(14, { result: "failed", errorClass: "ssh-lost", message: "broke" }),
  ];
  const { failures } = buildReport(sampleInput({ jobs: [sampleJob({ runs, failureStreak: 3 })] }));
  deepEqual(failures.map(({ errorClass, count, stderrTail, isOver }) => [errorClass, count, stderrTail, isOver]), [
    ["ssh-lost", 3, "three", false],
    ["stalled", 1, "one", true],
  ]);
});
