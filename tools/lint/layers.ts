/**
 * Lint rule `bzman/layers`: a room imports only what the house plan (`rooms.ts`) lets it.
 *
 * @module
 */

import { type Room, roomOf, rooms, source, typeFiles } from "./rooms.ts";

/** The rule. */
export const layers: Deno.lint.Rule = {
  create(context) {
    const from = roomOf(context.filename);
    if (from === undefined) return {};

    const check = (node: Deno.lint.Node, specifier: string, typeOnly: boolean): void => {
      const trouble = objection(context.filename, from, specifier, typeOnly);
      if (trouble) context.report({ node, ...trouble });
    };

    return {
      ImportDeclaration: (node) => check(node, node.source.value, node.importKind === "type"),
      ExportAllDeclaration: (node) => check(node, node.source.value, node.exportKind === "type"),
      ExportNamedDeclaration: (node) => {
        if (node.source) check(node, node.source.value, node.exportKind === "type");
      },
      ImportExpression: (node) => {
        if (node.source.type === "Literal") check(node, String(node.source.value), false);
      },
    };
  },
};

/** What is wrong with an import, and what to do instead; `undefined` when nothing is. */
function objection(
  filename: string,
  from: string,
  specifier: string,
  typeOnly: boolean,
): { message: string; hint: string } | undefined {
  const room = rooms[from];
  if (!room) {
    return {
      message: `src/${from}/ is no room of the house`,
      hint: "put the file into a room that exists, or add the room to tools/lint/rooms.ts",
    };
  }
  if (!specifier.startsWith(".")) return room.pure ? impurity(from, room, specifier, typeOnly) : undefined;

  const path = new URL(specifier, `file://${filename}`).pathname;
  const to = roomOf(path);
  if (to === undefined) {
    return {
      message: `src/${from}/ imports ${specifier}, which lies outside src/`,
      hint: "what the product needs belongs into src/; tools, tests and the lab import from src/, never the other way",
    };
  }
  if (to === from || to === "shared" || room.imports.includes(to)) return undefined;
  if (room.types.includes(to)) {
    if (typeOnly || typeFiles.includes(path.slice(source.length))) return undefined;
    return {
      message: `src/${from}/ may import only types from src/${to}/`,
      hint: "write `import type`; a value that both need belongs into src/zfs/ or a shared file directly in src/",
    };
  }
  return {
    message: `src/${from}/ (${room.holds}) must not import from src/${to}/; ${allowance(room)}`,
    hint: "move what both need down into src/zfs/ (vocabulary) or src/core/ (a decision, an interface), " +
      "or take it as an argument and let src/commands/ pass it in",
  };
}

function impurity(from: string, room: Room, specifier: string, typeOnly: boolean) {
  if (typeOnly) return undefined;
  return {
    message: `src/${from}/ (${room.holds}) is pure and must not import ${specifier}`,
    hint: "describe what is needed as an interface in src/core/ports.ts, and implement it in hosts, history or notify",
  };
}

function allowance(room: Room): string {
  const list = [...room.imports, ...room.types.map((name) => `${name} (types)`)];
  return list.length > 0 ? `it may import ${list.join(", ")}` : "it may import nothing but itself and shared files";
}
