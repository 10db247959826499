/**
 * Turns a reader of values into what optique wants: the readers in `src/config/values/` serve flags, environment and
 * config file alike, and know nothing of the command line.
 *
 * @module
 */

import { message, text } from "@optique/core/message";
import type { NonEmptyString } from "@optique/core/nonempty";
import { choice, type ValueParser } from "@optique/core/valueparser";
import { parseFilePath } from "../../config/values/file_path.ts";

/**
 * A value of an option or argument.
 *
 * @param metavar Its name in help, such as `SIZE`.
 * @param read Reads it; throws SyntaxError or RangeError for a wrong word.
 * @param example A text that `read` takes.
 */
export function value<T>(metavar: NonEmptyString, read: (text: string) => T, example: string): ValueParser<"sync", T> {
  return {
    mode: "sync",
    metavar,
    placeholder: read(example),
    parse(input) {
      try {
        return { success: true, value: read(input) };
      } catch (error) {
        if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
        return { success: false, error: message`${text(error.message)}` };
      }
    },
    // Defaults show in their own words (`defaults.ts`), so nothing is ever formatted from a value.
    format: String,
  };
}

/** A path, for which the shell completes files. */
export function path(metavar: NonEmptyString, example: string): ValueParser<"sync", string> {
  return {
    ...value(metavar, parseFilePath, example),
    suggest: (prefix) => [{ kind: "file", type: "any", pattern: prefix }],
  };
}

/** One word of a few. */
export function oneOf<const T extends string>(metavar: NonEmptyString, words: readonly T[]): ValueParser<"sync", T> {
  return choice(words, {
    metavar,
    errors: {
      invalidChoice: (input) => message`${input} is none of ${text(words.join(", "))}`,
    },
  });
}
