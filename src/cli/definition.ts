/**
 * What the command line knows of a command: its name, its parser, how its flags become settings, and where its code is.
 *
 * @module
 */

import type { Message } from "@optique/core/message";
import { map } from "@optique/core/modifiers";
import type { Parser } from "@optique/core/parser";
import { command } from "@optique/core/primitives";
import type { UsageTerm } from "@optique/core/usage";
import type { Handler } from "../session/context.ts";
import { type Layer, mergeLayers } from "../config/layer.ts";
import type { CommonSettings } from "../config/settings.ts";
import { commonSettings } from "../config/resolve.ts";
import { orUsageError } from "../config/usage_error.ts";

/** A command as typed, checked and complete. */
export interface InvocationOf<Name extends string, Settings> {
  readonly command: Name;
  readonly settings: Settings;
  readonly common: CommonSettings;
}

/** A command as typed, waiting for the environment and the config file. */
export interface ParsedCommand<Name extends string, Settings> {
  readonly command: Name;
  /** The flags that set what other layers may set too. */
  readonly flags: Layer;
  /**
   * Completes it.
   *
   * @param below What the environment and the config file say, merged.
   * @throws {UsageError} When what was typed does not fit together.
   */
  resolve(below: Layer): InvocationOf<Name, Settings>;
}

/** A line of a command's examples. */
export interface Example {
  readonly line: string;
  readonly says: string;
}

/** What one file `*_parser.ts` tells of its command. */
export interface CommandParts<Name extends string, Flags extends object, Settings> {
  /** One word, or two for a command of a group: `mail test`. */
  readonly name: Name;
  readonly aliases?: readonly [string, ...string[]];
  /** One line, for the list of commands. */
  readonly brief: Message;
  /** More, for its own help. */
  readonly description?: Message;
  readonly examples: readonly Example[];
  readonly options: Parser<"sync", Flags, unknown>;
  /** Makes the settings. May throw SyntaxError or RangeError for flags that do not fit together. */
  readonly resolve: (flags: Flags, layer: Layer) => Settings;
  /** Loads the command's code, which nothing else needs. */
  readonly load: () => Promise<Handler<Settings>>;
}

/** A command that the table knows. */
export interface Definition<Name extends string, Settings> {
  readonly name: Name;
  readonly aliases: readonly string[];
  readonly brief: Message;
  readonly examples: readonly Example[];
  readonly parser: Parser<"sync", ParsedCommand<Name, Settings>, unknown>;
  readonly load: () => Promise<Handler<Settings>>;
}

/** Makes a command of its parts. */
export function defineCommand<const Name extends string, Flags extends object, Settings>(
  parts: CommandParts<Name, Flags, Settings>,
): Definition<Name, Settings> {
  const { name, aliases, brief, description, examples, options, resolve } = parts;
  const parsed = (flags: Flags): ParsedCommand<Name, Settings> => ({
    command: name,
    flags,
    resolve(below) {
      const layer = mergeLayers(flags, below);
      const settings = orUsageError(() => resolve(flags, layer), undefined, `See: bzman help ${name}`);
      return { command: name, settings, common: commonSettings(layer) };
    },
  });
  return {
    name,
    aliases: aliases ?? [],
    brief,
    examples,
    parser: command(lastWord(name), map(options, parsed), {
      brief,
      ...(description === undefined ? {} : { description }),
      ...(aliases === undefined ? {} : { aliases }),
      usageLine: (usage) => [
        ...(usage.some(isOption) ? [optionsTerm] : []),
        ...usage.filter((term) => !isOption(term)),
      ],
    }),
    load: parts.load,
  };
}

/** Stands for all options in a usage line, which the sections below it list anyway. */
const optionsTerm: UsageTerm = { type: "literal", value: "[OPTIONS]" };

function isOption(term: UsageTerm): boolean {
  switch (term.type) {
    case "option":
      return true;
    case "optional":
    case "multiple":
      return term.terms.every(isOption);
    default:
      return false;
  }
}

function lastWord(name: string): string {
  return name.slice(name.lastIndexOf(" ") + 1);
}
