/**
 * Lint rule `bzman/purity`: pure rooms take clock, randomness, timers and the system as arguments, so that a test can
 * pass its own; and only rooms that talk to people write to the console.
 *
 * @module
 */

import { roomOf, rooms } from "./rooms.ts";

const clock = "take the time as an argument: a number of milliseconds, or the clock of src/core/ports.ts";
const chance = "take the random value as an argument";
const system = "take what is needed as an interface of src/core/ports.ts, implemented in src/hosts/";

/** Globals that a pure room must not touch at all, and what to do instead. */
const forbiddenGlobals: Readonly<Record<string, string>> = {
  Deno: system,
  process: system,
  fetch: system,
  crypto: chance,
  performance: clock,
  setTimeout: clock,
  setInterval: clock,
};

/** Members of otherwise harmless globals that a pure room must not touch. */
const forbiddenMembers: Readonly<Record<string, string>> = {
  "Date.now": clock,
  "Temporal.Now": clock,
  "AbortSignal.timeout": clock,
  "Math.random": chance,
};

/** The rule. */
export const purity: Deno.lint.Rule = {
  create(context) {
    const name = roomOf(context.filename);
    const room = name === undefined ? undefined : rooms[name];
    if (!room) return {};

    const report = (node: Deno.lint.Node, what: string, hint: string): void =>
      context.report({ node, message: `src/${name}/ (${room.holds}) must not use ${what}`, hint });

    return {
      MemberExpression(node) {
        if (node.object.type !== "Identifier") return;
        const object = node.object.name;
        if (object === "console" && !room.prints) {
          report(node, "the console", "return the text, or log through the logger; src/commands/ prints");
        }
        if (!room.pure) return;
        const property = node.property.type === "Identifier" && !node.computed ? node.property.name : "";
        const hint = forbiddenGlobals[object] ?? forbiddenMembers[`${object}.${property}`];
        if (hint) report(node, forbiddenGlobals[object] ? object : `${object}.${property}`, hint);
      },
      CallExpression(node) {
        if (!room.pure || node.callee.type !== "Identifier") return;
        const callee = node.callee.name;
        const hint = callee === "Date" ? clock : forbiddenGlobals[callee];
        if (hint) report(node, `${callee}()`, hint);
      },
      NewExpression(node) {
        if (!room.pure || node.callee.type !== "Identifier") return;
        if (node.callee.name === "Date" && node.arguments.length === 0) report(node, "new Date()", clock);
      },
    };
  },
};
