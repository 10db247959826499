/**
 * Lint rule `bzman/circles`: no circle of imports inside a folder of `src/`, types included. `tools/house.ts` watches the circles that
 * load, through all folders; this one sees files that only know each other's types, which cannot be read one after the other either.
 *
 * @module
 */

import { source } from "./rooms.ts";

/** Reads a file's text; `undefined` where there is none. */
export type ReadFile = (path: string) => string | undefined;

/** The files of the same folder that a file imports, by absolute path; what is loaded lazily does not count. */
export function neighboursOf(path: string, text: string): string[] {
  const folder = path.slice(0, path.lastIndexOf("/"));
  const statements = text.matchAll(/^(?:import|export)\b[^;]*?\bfrom\s+"(\.[^"]+)"/gm);
  return [...statements].map(([, from = ""]) => new URL(from, `file://${path}`).pathname)
    .filter((to) => to.slice(0, to.lastIndexOf("/")) === folder);
}

/**
 * The shortest way from an import of a file back to the file.
 *
 * @param start The file.
 * @param first What it imports, in the same folder.
 * @returns The files of the circle, the start first and last; `undefined` where none leads back.
 */
export function circleThrough(start: string, first: string, read: ReadFile): string[] | undefined {
  const cameFrom = new Map<string, string>([[first, start]]);
  const queue = [first];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if (at === start) break;
    for (const next of neighboursOf(at, read(at) ?? "")) {
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, at);
      queue.push(next);
    }
  }
  if (!cameFrom.has(start)) return undefined;
  const way = [start];
  for (let at = cameFrom.get(start); at !== undefined && at !== start; at = cameFrom.get(at)) way.unshift(at);
  return [start, ...way];
}

const read: ReadFile = (path) => {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
};

/** The rule. */
export const circles: Deno.lint.Rule = {
  create(context) {
    if (!context.filename.startsWith(source)) return {};
    const check = (node: Deno.lint.Node, specifier: string): void => {
      const [first] = neighboursOf(context.filename, `import "" from "${specifier}"`);
      const circle = first === undefined ? undefined : circleThrough(context.filename, first, read);
      if (circle === undefined) return;
      const names = circle.map((path) => path.slice(path.lastIndexOf("/") + 1));
      context.report({
        node,
        message: `a circle of imports: ${names.join(" → ")}`,
        hint: "put what both need, mostly a type, into a file of its own",
      });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source.value),
      ExportNamedDeclaration: (node) => {
        if (node.source) check(node, node.source.value);
      },
    };
  },
};
