/**
 * Checks what no lint rule can see, because it takes more than one file or none: no circle of imports in `src/` and
 * `lab/`, no folder of too many files there, and no file of too many lines. What counts is what loads together: an `import type` is gone at run
 * time, an `import()` comes later; the lint rule on rooms watches where both may point.
 *
 * @module
 */

import { relative } from "node:path";
import { sizeProblems } from "./house_sizes.ts";

const root = new URL("../", import.meta.url).pathname;

/** Every file below a folder, as paths from the root of the house. */
export function* filesBelow(folder: string): Generator<string> {
  for (const entry of Deno.readDirSync(root + folder)) {
    if (entry.isDirectory) yield* filesBelow(`${folder}/${entry.name}`);
    else if (entry.isFile) yield `${folder}/${entry.name}`;
  }
}

/** The files of the house that one of its TypeScript files imports. */
function importsOf(path: string, text: string): string[] {
  const statements = text.matchAll(/^(?:import|export)\b(?! type\b)[^;]*?\bfrom\s+"(\.[^"]+)"/gm);
  return [...statements].map(([, from]) => relative(root, new URL(from ?? "", `file://${root}${path}`).pathname));
}

/** The first circle in a graph of imports, or `undefined`. */
export function circleIn(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): string[] | undefined => {
    const seen = trail.indexOf(path);
    if (seen >= 0) return [...trail.slice(seen), path];
    if (done.has(path)) return undefined;
    for (const next of graph.get(path) ?? []) {
      const circle = visit(next, [...trail, path]);
      if (circle) return circle;
    }
    done.add(path);
    return undefined;
  };
  for (const path of graph.keys()) {
    const circle = visit(path, []);
    if (circle) return circle;
  }
  return undefined;
}

if (import.meta.main) {
  const graph = new Map<string, string[]>();
  const lines = new Map<string, number>();
  for (const path of ["src", "lab"].flatMap((folder) => [...filesBelow(folder)])) {
    const text = Deno.readTextFileSync(root + path);
    lines.set(path, text.split("\n").length - 1);
    if (path.endsWith(".ts")) graph.set(path, importsOf(path, text));
  }
  const circle = circleIn(graph);
  const problems = [...sizeProblems(lines), ...(circle ? [`a circle of imports: ${circle.join(" → ")}`] : [])];
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) Deno.exitCode = 1;
}
