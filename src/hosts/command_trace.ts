/**
 * What a call to a host looked like, in words, for whoever debugs.
 *
 * @module
 */

import type { Outcome } from "../core/ports.ts";
import { displayCommand } from "./remote/quote.ts";

/** Takes the words of {@linkcode describeCall}. */
export type CommandTrace = (text: string) => void;

/** So much of a command is shown: a batch of names has thousands. */
const maxCharacters = 400;

/**
 * One call: where, how long it took in all, and each command with its status where that is not 0.
 *
 * @param outcomes One for each command, in their order.
 */
export function describeCall(
  label: string,
  commands: readonly (readonly string[])[],
  outcomes: readonly Pick<Outcome, "status" | "stopped">[],
  elapsedMs: number,
): string {
  const lines = commands.map((argv, i) => {
    const text = displayCommand(argv);
    const shown = text.length > maxCharacters ? `${text.slice(0, maxCharacters)} …` : text;
    const { status, stopped } = outcomes[i] ?? {};
    return `${shown}${stopped ? ` → ${stopped}` : status ? ` → status ${status}` : ""}`;
  });
  return [`${label}, ${Math.round(elapsedMs)} ms:`, ...lines].join("\n");
}
