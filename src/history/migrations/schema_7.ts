/**
 * Version 7 of the schema: the longest silence of each target's streams, from which a run learns how long to wait.
 *
 * @module
 */

/** The statement that makes it of version 6. */
export const schema7 = `
CREATE TABLE silences (
  target_key  TEXT    NOT NULL PRIMARY KEY,
  silent_ms   INTEGER NOT NULL,
  proven      INTEGER NOT NULL,
  seen_at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
