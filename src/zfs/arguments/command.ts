/**
 * A command is its argument vector together with the parser of what it prints, so that a caller can never read one
 * command's output with another's columns.
 *
 * @module
 */

/** A program with its arguments, and how to read its standard output. */
export interface Command<T> {
  /** Program first; no element is ever interpreted by a shell. */
  readonly argv: readonly string[];
  /**
   * Reads the standard output of a run that exited with 0.
   *
   * @throws {SyntaxError} When the output does not have the expected form.
   */
  parse(stdout: string): T;
}

/**
 * Splits the output of `zfs list -H` and its like into rows of exactly `columns` fields.
 *
 * @throws {SyntaxError} When a row has another number of fields.
 */
export function parseRows(stdout: string, columns: number): string[][] {
  return [...eachRow(stdout, columns)];
}

/** The same one by one, for long listings. */
export function* eachRow(stdout: string, columns: number): Generator<string[]> {
  let next = 0;
  while (next < stdout.length) {
    const found = stdout.indexOf("\n", next);
    const line = stdout.slice(next, found < 0 ? stdout.length : found);
    next += line.length + 1;
    if (line === "") continue;
    const fields = line.split("\t");
    if (fields.length !== columns) {
      throw new SyntaxError(
        `expected ${columns} fields separated by tabs, got ${fields.length}: ${line.slice(0, 200)}`,
      );
    }
    yield fields;
  }
}

/** `-` is how ZFS prints "does not apply" or "none". */
export function dashAsUndefined(text: string): string | undefined {
  return text === "-" || text === "" ? undefined : text;
}

/**
 * Reads an unsigned whole number, `-` as 0.
 *
 * @throws {SyntaxError} When it is neither.
 */
export function parseCount(text: string): bigint {
  if (text === "-") return 0n;
  if (!/^[0-9]+$/.test(text)) throw new SyntaxError(`${JSON.stringify(text)} is not a whole number`);
  return BigInt(text);
}
