/**
 * The house plan as data: which room of `src/` may import from which. Data flows one way:
 * `list both sides → plan → steps → events → record → render`.
 *
 * @module
 */

/** What one room may import, besides itself and the shared files directly in `src/`. */
export interface Room {
  /** What belongs here, for messages. */
  readonly holds: string;
  /** The rooms it may import anything from. */
  readonly imports: readonly string[];
  /** The rooms of which it may import types alone, with `import type`. */
  readonly types: readonly string[];
  /** Whether it is pure: no Deno, no `node:`, no package, no clock, no randomness, no timers. */
  readonly pure: boolean;
  /** Whether it may write to the console. */
  readonly prints: boolean;
}

const outward = { imports: ["zfs"], types: ["core"], pure: false, prints: false } as const;

const everyConcern = ["zfs", "core", "config", "hosts", "guard", "history", "notify", "render"] as const;

/** Every room by its folder in `src/`; `shared` are the files directly in `src/`, except `main.ts`. */
export const rooms: Readonly<Record<string, Room>> = {
  shared: { holds: "constants and small types that every room needs", ...outward, imports: [], types: [] },
  zfs: { holds: "the field's vocabulary", imports: [], types: [], pure: true, prints: false },
  core: { holds: "decisions as pure functions", imports: ["zfs"], types: [], pure: true, prints: false },
  config: { holds: "the config file", ...outward },
  hosts: { holds: "where commands run", ...outward },
  history: { holds: "the record", ...outward },
  notify: { holds: "syslog, mail, outbox", ...outward },
  render: { holds: "text, terminal, HTML", ...outward, prints: true },
  guard: { holds: "the forced command", ...outward, imports: ["zfs", "hosts"] },
  recording: {
    holds: "what the record gets and gives",
    imports: everyConcern,
    types: ["session"],
    pure: false,
    prints: false,
  },
  alerting: {
    holds: "who is mailed, when, about what",
    imports: [...everyConcern, "recording"],
    types: ["session"],
    pure: false,
    prints: false,
  },
  session: {
    holds: "what commands share",
    imports: [...everyConcern, "recording", "alerting"],
    types: [],
    pure: false,
    prints: true,
  },
  commands: {
    holds: "one file a command",
    imports: [...everyConcern, "session", "recording", "alerting"],
    types: [],
    pure: false,
    prints: true,
  },
  cli: {
    holds: "argv to a typed command",
    imports: ["commands", "session", "config", "zfs"],
    types: ["core"],
    pure: false,
    prints: true,
  },
  main: {
    holds: "the wiring",
    imports: [...everyConcern, "session", "commands", "cli"],
    types: [],
    pure: false,
    prints: true,
  },
};

/**
 * Files of `src/` whose types come with a value that belongs to them, such as an error's class or a type guard: where
 * types may go, they may.
 */
export const typeFiles: readonly string[] = ["core/fault.ts", "core/plan/step.ts"];

/** The absolute path of `src/`, with a slash at its end. */
export const source: string = new URL("../../src/", import.meta.url).pathname;

/**
 * Finds the room of a file.
 *
 * @param path the file's absolute path.
 * @returns the room's name, `undefined` for a file outside `src/`.
 */
export function roomOf(path: string): string | undefined {
  if (!path.startsWith(source)) return undefined;
  const [folder, ...rest] = path.slice(source.length).split("/");
  if (rest.length > 0) return folder;
  return folder === "main.ts" ? "main" : "shared";
}
