// A year of ten-minute runs, and how long it takes to look back on it.

import assert from "node:assert/strict";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { openHistory } from "../../src/history/open.ts";
import { readReportInput } from "../../src/recording/report_input.ts";
import { buildReport } from "../../src/core/report/build_report.ts";
import { reportPage } from "../../src/render/report/page.ts";
import { makeYear } from "./make_year.ts";
import { start } from "./sample_run.ts";
import { withFolder } from "./with_history.ts";

const hour = 3_600_000;
const day = 24 * hour;

Deno.test("a report over a year of ten-minute runs is made in time", () =>
  withFolder(async (folder) => {
    const path = `${folder}/year.db`;
    const now = start + 400 * day + 11 * hour;
    makeYear(path, { end: now, days: 365, datasets: 200 });
    using history = openHistory(path, { clock: () => now });
    const begun = process.cpuUsage();
    const report = buildReport(readReportInput(history, { now, sinceMs: day, host: "alpha", objectiveMs: 600_000 }));
    assert.equal(report.jobs[0]?.datasets.length, 200);
    assert.equal(report.verdict, "ok", report.headline);
    assert.match(await reportPage(report, "0.1.0"), /All 200 datasets are protected/);
    history.prune();
    // The processor's time, and not the clock's: other tests run beside this one.
    const { user, system } = process.cpuUsage(begun);
    assert.ok(user + system < 2_000_000, `${(user + system) / 1000} ms`);
    const [job] = history.jobs();
    assert.equal(history.runs({ since: now - 30 * day }).length, 30 * 144);
    assert.equal(history.runs({ since: now - day, datasets: true })[0]?.datasets.length, 200);
    assert.equal(history.datasetDays({ since: now - 30 * day, until: now - day }).length, 29 * 200);
    assert.equal(history.latestDatasets(job?.job ?? "").length, 200);
    assert.equal(history.latestDatasets(job?.job ?? "", { onlySuccess: true }).length, 200);
    assert.equal(history.failureStreak(job?.job ?? ""), 0);
    assert.equal(history.datasetStreaks(job?.job ?? "").size, 0);
    assert.equal(history.datasets({ failed: true, limit: 50 }).length, 0);
    assert.equal(history.poolSamples({ since: now - 30 * day }).length, 2 * 30 * 144);
    assert.deepEqual(history.errors, []);
  }));

Deno.test("a year of ten-minute runs on 200 datasets stays below 120 MB, and its names below those of 32 days", () =>
  withFolder((folder) => {
    const path = `${folder}/year.db`;
    const now = start + 400 * day + 11 * hour;
    makeYear(path, { end: now, days: 365, datasets: 200 });
    using history = openHistory(path, { clock: () => now });
    const begun = process.cpuUsage();
    history.prune();
    const { user, system } = process.cpuUsage(begun);
    assert.ok(user + system < 2_000_000, `${(user + system) / 1000} ms`);
    const db = new DatabaseSync(path);
    const { names } = db.prepare("SELECT count(*) AS names FROM versions").get() ?? {};
    // Deno allows no VACUUM under narrowed permissions; the free pages are what it would give back.
    const pragma = (name: string) => Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
    const used = (pragma("page_count") - pragma("freelist_count")) * pragma("page_size");
    db.close();
    assert.ok(Number(names) <= 32 * 144, `${names} names`);
    assert.ok(used < 120_000_000, `${used} bytes`);
    assert.deepEqual(history.errors, []);
  }));
