/**
 * Lint rule `bzman/documented`: whatever a file of `src/` exports says in JSDoc what it is for. `deno doc --lint` would
 * ask for a sentence on every property, also where its name says it all.
 *
 * @module
 */

import { roomOf } from "./rooms.ts";

/** The rule. */
export const documented: Deno.lint.Rule = {
  create(context) {
    if (roomOf(context.filename) === undefined) return {};
    const check = (node: Deno.lint.ExportNamedDeclaration | Deno.lint.ExportDefaultDeclaration): void => {
      if (!node.declaration) return;
      const before = context.sourceCode.text.slice(0, node.range[0]);
      const [comment = ""] = before.match(/\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/) ?? [];
      if (comment !== "" && !comment.includes("@module")) return;
      context.report({
        node,
        message: "an exported name has no JSDoc",
        hint: "say in one line what it is for; parameters, errors and units where their names do not",
      });
    };
    return { ExportNamedDeclaration: check, ExportDefaultDeclaration: check };
  },
};
