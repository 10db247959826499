/**
 * Reports to look at: of a quiet and of a bad night of a small department, and one in which everything is hostile.
 *
 * @module
 */

import { readReportInput } from "../../src/recording/report_input.ts";
import { buildReport } from "../../src/core/report/build_report.ts";
import type { Report } from "../../src/core/report/report.ts";
import { openHistory } from "../../src/history/open.ts";
import { hostileReport } from "../render/report/hostile.ts";
import { fillRecord } from "../support/filled_record.ts";

const now = Date.UTC(2026, 10, 22, 6, 4, 10);

/** Builds them; the records lie in a folder of the caller's. */
export function sampleReports(folder: string): Readonly<Record<"quiet" | "bad" | "hostile", Report>> {
  return { quiet: month(folder, "quiet"), bad: month(folder, "bad"), hostile: hostileReport() };
}

/** Some days of a small department, from a record like a real one. */
function month(folder: string, night: "quiet" | "bad"): Report {
  using history = openHistory(`${folder}/${night}.db`, { clock: () => now });
  fillRecord(history, { now, night, days: 8 });
  return buildReport(readReportInput(history, { now, sinceMs: 86_400_000, host: "alpha", objectiveMs: 600_000 }));
}
