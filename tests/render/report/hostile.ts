import { buildReport } from "../../../src/core/report/build_report.ts";
import type { Report } from "../../../src/core/report/report.ts";
import { entryAgo, now, runAgo, sampleInput, sampleJob } from "../../core/report/sample_input.ts";

/** A name that breaks out of text, of an attribute and of a script, and turns the direction of text. */
export const hostile = `tank/"><img src=x onerror=alert(1)></script><script>alert(2)</script>'\u202e${"`"}--!>`;

/** What a hostile program writes: markup, a terminal's commands, a mail's boundary. */
export const hostileStderr =
  `</pre></details><script>document.title="owned"</script>\n\x1b]0;owned\x07\r\n--boundary\n.\n<a href="javascript:alert(3)">x</a>`;

/** A report in which everything that can come from elsewhere is hostile. */
export function hostileReport(): Report {
  const broken = { result: "failed", errorClass: hostile, message: hostile } as const;
  const entries = [
    entryAgo(14),
    entryAgo(4, { dataset: hostile, target: hostile, from: hostile, to: hostile, kind: hostile, ...broken }),
  ];
  const job = sampleJob({
    job: hostile,
    source: `alpha:${hostile}`,
    target: `target:${hostile}`,
    runs: [runAgo(14), runAgo(4, { ...broken, advice: hostile, stderrTail: hostileStderr, uuid: hostile })],
    entries,
    latest: [...entries, entryAgo(4, { dataset: hostile, target: `${hostile}/gone`, result: "vanished" })],
    failureStreak: 1,
  });
  const pool = {
    at: now,
    host: hostile,
    pool: hostile,
    state: hostile,
    usedBytes: 1n,
    availableBytes: 9n,
    scrubState: hostile,
  };
  return buildReport(sampleInput({ host: hostile, jobs: [job], pools: [pool, { ...pool, at: now + 1 }] }));
}
