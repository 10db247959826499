/**
 * What pools looked like over time.
 *
 * @module
 */

import type { PoolSample } from "../../core/pool_sample.ts";
import { all, change, type Database, first } from "../database/database.ts";
import {
  bytesColumn,
  optionalColumn,
  optionalTimeColumn,
  readBigInt,
  readNumber,
  readOptional,
  readText,
  type Row,
  timeColumn,
} from "../database/values.ts";

export type { PoolSample } from "../../core/pool_sample.ts";

/** Which samples to read. */
export interface SampleQuery {
  readonly host?: string;
  readonly pool?: string;
  /** Milliseconds since 1970. */
  readonly since?: number;
}

const byteColumns = {
  sizeBytes: "size_bytes",
  allocatedBytes: "allocated_bytes",
  freeBytes: "free_bytes",
  usedBytes: "used_bytes",
  availableBytes: "available_bytes",
} as const;

export function insertSample(db: Database, sample: PoolSample): void {
  const count = (value: bigint | undefined) => value === undefined ? null : bytesColumn(value);
  change(
    db,
    `INSERT INTO pool_samples (at, host, pool, pool_guid, state, size_bytes, allocated_bytes, free_bytes, used_bytes,
      available_bytes, fragmentation, read_errors, write_errors, checksum_errors, scrub_state, scrub_at, detail)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    timeColumn(sample.at),
    sample.host,
    sample.pool,
    optionalColumn(sample.poolGuid),
    sample.state,
    count(sample.sizeBytes),
    count(sample.allocatedBytes),
    count(sample.freeBytes),
    count(sample.usedBytes),
    count(sample.availableBytes),
    optionalColumn(sample.fragmentation),
    optionalColumn(sample.readErrors),
    optionalColumn(sample.writeErrors),
    optionalColumn(sample.checksumErrors),
    optionalColumn(sample.scrubState),
    optionalTimeColumn(sample.scrubAt),
    optionalColumn(sample.detail),
  );
}

/**
 * When a pool was last scrubbed in whole, as earlier samples saw it; milliseconds since 1970.
 *
 * @param poolGuid Another pool of the same name does not count.
 */
export function readLastScrub(db: Database, host: string, pool: string, poolGuid: string): number | undefined {
  const sql = "SELECT max(scrub_at) AS at FROM pool_samples WHERE host = ? AND pool = ? AND pool_guid = ?";
  const at = first(db, sql, host, pool, poolGuid)?.["at"];
  return at === null || at === undefined ? undefined : Number(at);
}

/** Samples, the oldest first. */
export function readSamples(db: Database, query: SampleQuery): PoolSample[] {
  const sql = `SELECT * FROM pool_samples WHERE (?1 IS NULL OR host = ?1) AND (?2 IS NULL OR pool = ?2) AND at >= ?3
    ORDER BY at, id`;
  return all(db, sql, optionalColumn(query.host), optionalColumn(query.pool), timeColumn(query.since ?? 0)).map(
    readSample,
  );
}

function readSample(row: Row): PoolSample {
  const counts: { -readonly [name in keyof typeof byteColumns]?: bigint } = {};
  for (const [name, column] of Object.entries(byteColumns)) {
    if (row[column] !== null) counts[name as keyof typeof byteColumns] = readBigInt(row, column);
  }
  return {
    at: readNumber(row, "at"),
    host: readText(row, "host"),
    pool: readText(row, "pool"),
    state: readText(row, "state"),
    ...counts,
    ...readOptional(row, {
      poolGuid: ["pool_guid", "text"],
      fragmentation: ["fragmentation", "number"],
      readErrors: ["read_errors", "number"],
      writeErrors: ["write_errors", "number"],
      checksumErrors: ["checksum_errors", "number"],
      scrubState: ["scrub_state", "text"],
      scrubAt: ["scrub_at", "number"],
      detail: ["detail", "text"],
    }),
  };
}
