/**
 * A record of a year of ten-minute runs on 200 datasets, as it is after a year of housekeeping, made by SQL in seconds.
 * Run as a program it makes one of any size: `make_year.ts FILE [DAYS [DATASETS]]`.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { openHistory } from "../../src/history/open.ts";
import { detailMs } from "../../src/history/downsample.ts";

/** How much of it. */
export interface Year {
  /** The end of the last run, milliseconds since 1970. */
  readonly end: number;
  readonly days: number;
  readonly datasets: number;
}

const runs = `
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :runs - 1)
  INSERT INTO runs (id, uuid, job, command, source, target, started_at, ended_at, seen_at, result, exit_status, bytes,
    saved_bytes, snapshots, error_class, message, pid, from_version, to_version)
  SELECT i + 1, printf('00000000-0000-4000-8000-%012d', i), 'tank>target', 'replicate', 'alpha:tank', 'target:tank',
    :begin + i * 600000, :begin + i * 600000 + 45000, :begin + i * 600000, iif(i % 500 = 499, 'failed', 'ok'),
    iif(i % 500 = 499, 1, 0), 200 * (i % 97) * 4096, 0, 200, iif(i % 500 = 499, 'ssh-unreachable', NULL),
    iif(i % 500 = 499, 'cannot reach target', NULL), 4242, 'incremental-' || i, 'incremental-' || (i + 1) FROM n`;

const details = `
  INSERT INTO dataset_steps SELECT r.id, p.id, 'ok', 'package', r.id, r.id + 1, '1844674407370955' || (p.id * 7 % 10000),
    r.started_at, (r.id % 97) * 4096, 0, 1, 45000, NULL, NULL
  FROM runs r CROSS JOIN pairs p WHERE r.result = 'ok' AND r.started_at >= :since`;

/** Fills an empty place with such a record. */
export function makeYear(path: string, { end, days, datasets }: Year): void {
  openHistory(path, { clock: () => end }).close();
  const db = new DatabaseSync(path);
  const count = days * 144;
  const begin = end - count * 600_000;
  db.exec("PRAGMA synchronous = OFF; BEGIN");
  const names = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) INSERT INTO";
  db.prepare(`${names} pairs SELECT i, 'tank>target', printf('tank/d%03d', i), printf('tank/d%03d', i) FROM n`)
    .run(datasets);
  db.prepare(`${names} versions SELECT i, 'incremental-' || i FROM n`).run(count + 1);
  db.prepare(runs).run({ runs: count, begin });
  db.exec(`INSERT INTO phases SELECT r.id, s.seq, s.phase, s.ms FROM runs r, (
    SELECT 0 AS seq, 'list local' AS phase, 900 AS ms UNION SELECT 1, 'list remote', 1900 UNION SELECT 2, 'plan', 100
    UNION SELECT 3, 'snapshot', 800 UNION SELECT 4, 'send', 40000 UNION SELECT 5, 'verify', 500) s`);
  // Sums of all days that are over; of the last days the details too, as thinning leaves them.
  const today = Math.floor(end / 86_400_000);
  db.prepare(
    `INSERT INTO dataset_days SELECT d.day, p.id, d.runs, d.failures, d.bytes, 0, d.runs, d.runs * 45000, 645000
    FROM (SELECT started_at / 86400000 AS day, count(*) AS runs, sum(result = 'failed') AS failures,
      sum(bytes) / 200 AS bytes FROM runs GROUP BY day) d CROSS JOIN pairs p WHERE d.day < ?`,
  ).run(today);
  db.prepare(details).run({ since: end - detailMs });
  db.prepare("INSERT INTO progress VALUES ('summed-day', ?)").run(today - 1);
  db.prepare("INSERT INTO progress SELECT 'thinned-run', coalesce(max(id), 0) FROM runs WHERE started_at < ?").run(
    end - detailMs,
  );
  db.exec(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1})
    INSERT INTO pool_samples (at, host, pool, pool_guid, state, used_bytes, available_bytes)
    SELECT ${begin} + i * 600000, h.host, 'tank', '17', 'ONLINE', 1099511627776 + i * 1048576, 1099511627776
    FROM n CROSS JOIN (SELECT 'alpha' AS host UNION SELECT 'target') h`);
  db.exec("COMMIT; ANALYZE");
  db.close();
}

if (import.meta.main) {
  const [path = "year.db", days = "365", datasets = "200"] = Deno.args;
  const started = performance.now();
  makeYear(path, { end: Date.now(), days: Number(days), datasets: Number(datasets) });
  console.log(`${Math.round(performance.now() - started)} ms, ${Deno.statSync(path).size >> 20} MiB`);
}
