/**
 * Lint rule `bzman/words`: names and texts of `src/` use the terms of `docs/terms.md`. Words that were replaced by a term of the field
 * are not to come back.
 *
 * @module
 */

import { roomOf } from "./rooms.ts";

/** Words in names, one a key, in lower case, and the term to use. `arrived` also stands for `arrivedAt`. */
export const wordsInNames: Readonly<Record<string, string>> = {
  strangers: "displaced datasets",
  namesake: "sameNamed",
  disturbances: "receive side effects",
  tally: "run state",
  keeper: "orphan reaper",
  tether: "stdin watchdog",
  tethered: "stdin watchdog",
  untold: "unnotified",
  teller: "progress reporter",
  harmless: "ignorable",
  trouble: "problem, or error",
  troubles: "problems, or errors",
  uncovered: "unreplicated",
  unmarked: "untagged",
  misplaced: "rename pending",
  remembered: "cached",
  unclaimed: "would auto-mount",
  lanes: "concurrency",
  joints: "unit breaks",
  surprises: "quota findings",
  mend: "fix, or repair",
  leftovers: "orphaned foreign snapshots",
};

/** Beginnings of a text that was replaced, and what to say. */
export const wordsInTexts: Readonly<Record<string, string>> = {
  "went its own way": "has diverged",
  "go its own way": "diverge",
  "of others": "foreign",
  "for want of": "name what is missing",
  "without a word": "say what happened: the process disappeared",
  "is well": "is healthy, or is OK",
  "at most so": "name the limit",
  "tried again": "retried",
  "passing fault": "transient error",
  "trouble": "problem, or error",
  "mend": "fix",
  "begun anew": "starts over",
};

const inTexts = new RegExp(`\\b(?:${Object.keys(wordsInTexts).join("|")})\\b`);

/** The words of a name in camel or snake case, in lower case. */
export function wordsOf(name: string): string[] {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== "");
}

/** The rule; it looks at declarations alone, so that a name of a package or of ZFS is nobody's fault. */
export const words: Deno.lint.Rule = {
  create(context) {
    if (roomOf(context.filename) === undefined) return {};
    const name = (node: Deno.lint.Node, text: string): void => {
      for (const word of wordsOf(text)) {
        const term = Object.hasOwn(wordsInNames, word) ? wordsInNames[word] : undefined;
        if (term === undefined) continue;
        context.report({ node, message: `${text}: ${word} is no term here`, hint: `docs/terms.md calls it: ${term}` });
      }
    };
    const text = (node: Deno.lint.Node, value: string): void => {
      const [word] = inTexts.exec(value) ?? [];
      if (word === undefined) return;
      context.report({ node, message: `a text says "${word}"`, hint: `say: ${wordsInTexts[word]}` });
    };
    const id = (node: { readonly id: Deno.lint.Node | null }): void => {
      if (node.id?.type === "Identifier") name(node.id, node.id.name);
    };
    return {
      FunctionDeclaration: id,
      ClassDeclaration: id,
      TSInterfaceDeclaration: id,
      TSTypeAliasDeclaration: id,
      VariableDeclarator: id,
      TSPropertySignature(node) {
        if (node.key.type === "Identifier" && !node.computed) name(node, node.key.name);
      },
      MethodDefinition(node) {
        if (node.key.type === "Identifier") name(node, node.key.name);
      },
      Literal(node) {
        if (typeof node.value === "string") text(node, node.value);
      },
      TemplateElement(node) {
        text(node, node.raw);
      },
    };
  },
};
