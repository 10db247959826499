/**
 * The parser of the whole command line, made from the table of commands.
 *
 * @module
 */

import { or } from "@optique/core/constructs";
import type { Parser } from "@optique/core/parser";
import { command } from "@optique/core/primitives";
import { type AnyName, type AnyParsedCommand, commands, groups } from "./commands.ts";

/**
 * Makes the parser.
 *
 * @param only The one command to know, where the command line begins with it: the others would cost 10 ms.
 */
export function rootParser(only?: AnyName): Parser<"sync", AnyParsedCommand, unknown> {
  const known = only === undefined ? commands : commands.filter(({ name }) => name === only);
  const single: Parser<"sync", AnyParsedCommand, unknown>[] = [];
  const grouped = new Map<string, Parser<"sync", AnyParsedCommand, unknown>[]>();
  for (const { name, parser } of known) {
    const [first = "", second] = name.split(" ");
    if (second === undefined) single.push(parser);
    else grouped.set(first, [...grouped.get(first) ?? [], parser]);
  }
  for (const [name, parsers] of grouped) {
    const brief = groups[name];
    single.push(command(name, oneOf(parsers), brief === undefined ? {} : { brief }));
  }
  return oneOf(single);
}

/** `or`, for a list of which the length is not known to the type checker. */
function oneOf(parsers: Parser<"sync", AnyParsedCommand, unknown>[]): Parser<"sync", AnyParsedCommand, unknown> {
  return or(...parsers) as Parser<"sync", AnyParsedCommand, unknown>;
}
