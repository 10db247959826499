/**
 * Reads the outcome of a test run from what `deno test` prints.
 *
 * @module
 */

/** How many tests passed, failed and were skipped. */
export interface Count {
  /** Tests that passed. */
  readonly passed: number;
  /** Tests that failed. */
  readonly failed: number;
  /** Tests that were ignored. */
  readonly skipped: number;
}

/** No test at all. */
export const none: Count = { passed: 0, failed: 0, skipped: 0 };

/** Adds two counts up. */
export function add(a: Count, b: Count): Count {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/**
 * Finds the summary that `deno test` ends with, such as `ok | 5 passed (2 steps) | 0 failed | 1 ignored (3s)`.
 *
 * @param output everything it printed.
 * @returns the counts of the last summary, `undefined` where there is none: it broke before it ran a test.
 */
export function readCount(output: string): Count | undefined {
  const summary =
    /^(?:ok|FAILED) \| (\d+) passed(?: \([^)]*\))? \| (\d+) failed(?: \([^)]*\))?(?: \| (\d+) ignored)?/gm;
  const [, passed, failed, ignored] = [...withoutColours(output).matchAll(summary)].at(-1) ?? [];
  if (passed === undefined) return undefined;
  return { passed: Number(passed), failed: Number(failed), skipped: Number(ignored ?? 0) };
}

function withoutColours(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replaceAll(/\x1b\[[0-9;]*m/g, "");
}
