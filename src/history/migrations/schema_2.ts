/**
 * Version 2 of the schema: what the top dataset of a run went from and to, and a sum for each dataset and day, so that
 * a year can be looked at without reading ten million rows.
 *
 * @module
 */

/** The statements that make it of version 1. */
export const schema2 = `
ALTER TABLE runs ADD COLUMN from_version TEXT;
ALTER TABLE runs ADD COLUMN to_version TEXT;

CREATE TABLE dataset_days (
  day           INTEGER NOT NULL,
  pair_id       INTEGER NOT NULL REFERENCES pairs (id),
  runs          INTEGER NOT NULL,
  failures      INTEGER NOT NULL,
  bytes         INTEGER NOT NULL,
  saved_bytes   INTEGER NOT NULL,
  snapshots     INTEGER NOT NULL,
  elapsed_ms    INTEGER NOT NULL,
  longest_lag_ms INTEGER,
  PRIMARY KEY (day, pair_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX dataset_days_by_pair ON dataset_days (pair_id, day);

CREATE INDEX steps_failed ON dataset_steps (run_id) WHERE result NOT IN ('ok', 'up-to-date', 'vanished');

CREATE TABLE progress (
  name          TEXT    PRIMARY KEY,
  until         INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
