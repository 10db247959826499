/**
 * Version 5 of the schema: which snapshots of others the source of a target was seen to have.
 *
 * @module
 */

/** The statement that makes it of version 4. `guids` holds one in each line. */
export const schema5 = `
CREATE TABLE seen_snapshots (
  target_key    TEXT    NOT NULL,
  dataset_guid  TEXT    NOT NULL,
  seen_at       INTEGER NOT NULL,
  guids         TEXT    NOT NULL,
  PRIMARY KEY (target_key, dataset_guid)
) STRICT, WITHOUT ROWID;
`;
