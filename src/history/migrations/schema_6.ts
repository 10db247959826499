/**
 * Version 6 of the schema: the runs of a job in the order in which they began, which their times do not tell where a
 * clock was set back.
 *
 * @module
 */

/** The statement that makes it of version 5. Behind the job an index holds the number of the row. */
export const schema6 = "CREATE INDEX runs_of_job ON runs (job);";
