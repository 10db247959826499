/**
 * Lint rule `bzman/documented`: a comment on what a file of `src/` exports says what its name and type do not: shape, unit,
 * errors, source. One that only restates the name is reported, and so is a function that throws and does not say when.
 * Where the type says all, silence is allowed.
 *
 * @module
 */

import { restates } from "./restates.ts";
import { roomOf } from "./rooms.ts";

/** The rule. It asks for content, not for a comment. */
export const documented: Deno.lint.Rule = {
  create(context) {
    if (roomOf(context.filename) === undefined) return {};
    const check = (node: Deno.lint.ExportNamedDeclaration | Deno.lint.ExportDefaultDeclaration): void => {
      const { declaration } = node;
      if (!declaration) return;
      const before = context.sourceCode.text.slice(0, node.range[0]);
      const [comment = ""] = before.match(/\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/) ?? [];
      const own = comment.includes("@module") ? "" : comment.trim();
      const name = nameOf(declaration);
      if (own !== "" && restates(own, name)) {
        context.report({
          node,
          message: `the comment on ${name} only restates its name`,
          hint: "say what the name and the type do not (shape, unit, errors, source of a fact), or leave it out",
        });
      }
      if (
        declaration.type === "FunctionDeclaration" && throwsItself(context.sourceCode.getText(declaration)) &&
        !/@throws|hrows|efuses/.test(own)
      ) {
        context.report({ node, message: `${name} throws and does not say when`, hint: "add @throws {Error} When …" });
      }
    };
    return { ExportNamedDeclaration: check, ExportDefaultDeclaration: check };
  },
};

function nameOf(declaration: Deno.lint.Node): string {
  if (declaration.type === "VariableDeclaration") {
    const id = declaration.declarations[0]?.id;
    return id?.type === "Identifier" ? id.name : "";
  }
  return "id" in declaration && declaration.id && "name" in declaration.id ? String(declaration.id.name) : "";
}

/** By its own first level of indentation: what throws inside of a callback or a catch is not told apart, and need not be. */
function throwsItself(text: string): boolean {
  return /^ {2}(?:if \(.*\) )?throw new (?:Syntax|Range|Type|Usage)?(?:Error|Fault)\b/m.test(text);
}
