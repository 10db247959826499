/**
 * Version 4 of the schema: what is remembered of the snapshots of targets. Only to save time: whatever is missing here is
 * asked of ZFS.
 *
 * @module
 */

/** The statement that makes it of version 3. `snapshots` holds lines of GUID, createtxg and name, parted by tabs. */
export const schema4 = `
CREATE TABLE remembered (
  target_key    TEXT    NOT NULL,
  dataset_guid  TEXT    NOT NULL,
  changed_at    INTEGER NOT NULL,
  origin        TEXT    NOT NULL,
  listed_at     INTEGER NOT NULL,
  snapshots     TEXT    NOT NULL,
  PRIMARY KEY (target_key, dataset_guid)
) STRICT, WITHOUT ROWID;
`;
