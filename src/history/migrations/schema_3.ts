/**
 * Version 3 of the schema: how many snapshots of others the target keeps although the source has them no more.
 *
 * @module
 */

/** The statement that makes it of version 2. */
export const schema3 = "ALTER TABLE runs ADD COLUMN foreign_snapshots INTEGER;";
