/**
 * What help looks like.
 *
 * @module
 */

import type { DocSection } from "@optique/core/doc";
import { message } from "@optique/core/message";

/** What bzman is, in one line. */
export const brief = message`bzman keeps a near-instant copy of a ZFS pool on another host.`;

/** The part of the runner's options that is about looks. */
export const looks = {
  brief,
  usageLine: [
    { type: "command", name: "COMMAND" },
    { type: "optional", terms: [{ type: "argument", metavar: "ARGUMENTS" }] },
  ],
  showDefault: { prefix: " [default: ", suffix: "]" },
  showChoices: { label: "" },
  // Arguments first, as in the usage line; the parsers' own order else.
  sectionOrder: (a: DocSection, b: DocSection): number => rank(a) - rank(b),
} as const;

function rank(section: DocSection): number {
  return section.title === "Arguments" ? 0 : 1;
}
