/**
 * Version 1 of the schema. Times are milliseconds since 1970; GUIDs are text, since half of them exceed SQLite's signed
 * 64 bits. Names of datasets and versions are stored once each, because a year of ten-minute runs on 200 datasets has
 * ten million dataset rows that repeat them.
 *
 * @module
 */

/** The statements that make it. */
export const schema1 = `
CREATE TABLE runs (
  id            INTEGER PRIMARY KEY,
  uuid          TEXT    NOT NULL UNIQUE,
  job           TEXT    NOT NULL,
  command       TEXT    NOT NULL,
  source        TEXT    NOT NULL,
  target        TEXT    NOT NULL,
  started_at    INTEGER NOT NULL,
  ended_at      INTEGER,
  seen_at       INTEGER NOT NULL,
  result        TEXT    NOT NULL,
  exit_status   INTEGER,
  bytes         INTEGER NOT NULL,
  saved_bytes   INTEGER NOT NULL,
  snapshots     INTEGER NOT NULL,
  error_class   TEXT,
  message       TEXT,
  advice        TEXT,
  stderr_tail   TEXT,
  lock_holder   TEXT,
  count         INTEGER NOT NULL DEFAULT 1,
  pid           INTEGER NOT NULL,
  marked        INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX runs_by_time ON runs (started_at);
CREATE INDEX runs_by_job ON runs (job, started_at);
CREATE INDEX runs_running ON runs (id) WHERE result = 'running';

CREATE TABLE phases (
  run_id        INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  seq           INTEGER NOT NULL,
  phase         TEXT    NOT NULL,
  elapsed_ms    INTEGER NOT NULL,
  PRIMARY KEY (run_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE pairs (
  id            INTEGER PRIMARY KEY,
  job           TEXT    NOT NULL,
  dataset       TEXT    NOT NULL,
  target        TEXT    NOT NULL,
  UNIQUE (job, dataset, target)
) STRICT;

CREATE TABLE versions (
  id            INTEGER PRIMARY KEY,
  name          TEXT    NOT NULL UNIQUE
) STRICT;

CREATE TABLE dataset_steps (
  run_id        INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  pair_id       INTEGER NOT NULL REFERENCES pairs (id),
  result        TEXT    NOT NULL,
  kind          TEXT    NOT NULL,
  from_id       INTEGER REFERENCES versions (id),
  to_id         INTEGER REFERENCES versions (id),
  to_guid       TEXT,
  to_created_at INTEGER,
  bytes         INTEGER NOT NULL,
  saved_bytes   INTEGER NOT NULL,
  snapshots     INTEGER NOT NULL,
  elapsed_ms    INTEGER NOT NULL,
  error_class   TEXT,
  message       TEXT,
  PRIMARY KEY (run_id, pair_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX steps_by_pair ON dataset_steps (pair_id, run_id);

CREATE TABLE pool_samples (
  id            INTEGER PRIMARY KEY,
  at            INTEGER NOT NULL,
  host          TEXT    NOT NULL,
  pool          TEXT    NOT NULL,
  pool_guid     TEXT,
  state         TEXT    NOT NULL,
  size_bytes    INTEGER,
  allocated_bytes INTEGER,
  free_bytes    INTEGER,
  used_bytes    INTEGER,
  available_bytes INTEGER,
  fragmentation INTEGER,
  read_errors   INTEGER,
  write_errors  INTEGER,
  checksum_errors INTEGER,
  scrub_state   TEXT,
  scrub_at      INTEGER,
  detail        TEXT
) STRICT;
CREATE INDEX pool_samples_by_pool ON pool_samples (host, pool, at);

CREATE TABLE alerts (
  key           TEXT    PRIMARY KEY,
  open          INTEGER NOT NULL,
  severity      TEXT    NOT NULL,
  error_class   TEXT    NOT NULL,
  what          TEXT    NOT NULL,
  since         INTEGER NOT NULL,
  last_seen_at  INTEGER NOT NULL,
  state         TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id    TEXT    NOT NULL UNIQUE,
  kept_at       INTEGER NOT NULL,
  mail          TEXT,
  subject       TEXT    NOT NULL,
  recipients    TEXT    NOT NULL,
  attempts      INTEGER NOT NULL DEFAULT 0,
  next_try_at   INTEGER NOT NULL,
  claimed_until INTEGER NOT NULL DEFAULT 0,
  last_error    TEXT,
  refused       INTEGER NOT NULL DEFAULT 0,
  sent_at       INTEGER
) STRICT;
CREATE INDEX outbox_waiting ON outbox (id) WHERE sent_at IS NULL;
`;
