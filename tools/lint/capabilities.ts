/**
 * Lint rule `bzman/capabilities`: the rooms of `src/core/`, each one capability, and what each may need. Files directly in `core/` are
 * for all. Types count too: a room that knows the types of another depends on it.
 *
 * @module
 */

import { source } from "./rooms.ts";

/** What each room of `core/` may import, besides itself and the files directly in `core/`. */
export const capabilities: Readonly<Record<string, readonly string[]>> = {
  inspect: [],
  plan: ["inspect"],
  preflight: ["inspect", "plan"],
  run: ["inspect", "plan"],
  protect: ["inspect", "plan", "run"],
  retention: ["inspect", "plan", "preflight", "run"],
  replicate: ["inspect", "plan", "preflight", "run", "protect", "retention", "health"],
  verify: ["inspect", "plan", "preflight"],
  health: ["inspect"],
  capacity: ["health"],
  alerts: [],
  status: ["alerts"],
  report: ["alerts", "capacity", "status"],
};

/** The room of a file of `core/`; `undefined` for a file elsewhere, or directly in `core/`. */
function capabilityOf(path: string): string | undefined {
  const core = `${source}core/`;
  if (!path.startsWith(core)) return undefined;
  const [folder, ...rest] = path.slice(core.length).split("/");
  return rest.length > 0 ? folder : undefined;
}

/** The rule. A room that the table does not know may be imported by nobody. */
export const capabilityRule: Deno.lint.Rule = {
  create(context) {
    const from = capabilityOf(context.filename);
    const check = (node: Deno.lint.Node, specifier: string): void => {
      if (!specifier.startsWith(".")) return;
      const to = capabilityOf(new URL(specifier, `file://${context.filename}`).pathname);
      if (to === undefined || to === from) return;
      if (from === undefined) {
        if (!context.filename.startsWith(`${source}core/`)) return;
        context.report({
          node,
          message: `core/ itself must not import from core/${to}/`,
          hint: "move what all need up",
        });
      } else if (!capabilities[from]?.includes(to)) {
        const allowed = capabilities[from]?.join(", ") || "nothing";
        context.report({
          node,
          message: `core/${from}/ must not import from core/${to}/; it may import ${allowed}`,
          hint:
            "move what both need into a room that both may import, or say in tools/lint/capabilities.ts why it must",
        });
      }
    };
    return {
      ImportDeclaration: (node) => check(node, node.source.value),
      ExportAllDeclaration: (node) => check(node, node.source.value),
      ExportNamedDeclaration: (node) => {
        if (node.source) check(node, node.source.value);
      },
    };
  },
};
