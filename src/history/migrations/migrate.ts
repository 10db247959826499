/**
 * Numbered migrations: each brings the schema from one version to the next, in one transaction.
 *
 * @module
 */

import { type Database, first, transaction } from "../database/database.ts";
import { schema1 } from "./schema_1.ts";
import { schema2 } from "./schema_2.ts";
import { schema3 } from "./schema_3.ts";
import { schema4 } from "./schema_4.ts";
import { schema5 } from "./schema_5.ts";
import { schema6 } from "./schema_6.ts";
import { schema7 } from "./schema_7.ts";
import { writeSignature } from "../database/signature.ts";
import { readNumber } from "../database/values.ts";

/** `migrations[n]` makes version n + 1. Never edit one that was released: add another. */
export const migrations: readonly string[] = [schema1, schema2, schema3, schema4, schema5, schema6, schema7];

/** The version this bzman writes. */
export const schemaVersion: number = migrations.length;

/** The version a database has; 0 for a new file. */
export function versionOf(db: Database): number {
  return readNumber(first(db, "PRAGMA user_version") ?? {}, "user_version");
}

/**
 * Brings a database to the present version. Two processes may start at once: whoever comes second finds the work done.
 *
 * @throws {Error} An error of SQLite's; the version stays what it was.
 */
export function migrate(db: Database, steps: readonly string[] = migrations): void {
  if (versionOf(db) >= steps.length) return;
  transaction(db, () => {
    for (const [index, sql] of steps.entries()) {
      if (versionOf(db) > index) continue;
      db.exec(sql);
      db.exec(`PRAGMA user_version = ${index + 1}`);
    }
    writeSignature(db);
  });
}
